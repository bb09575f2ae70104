import { join } from 'node:path';
import type { ChildSpec } from '@maru/server/supervise';
import { repository } from '../paths.ts';

/** What differs between our Node children. */
export type NodeChild = Pick<ChildSpec, 'name' | 'readiness' | 'terminal'> & {
  /** The program, relative to the repository. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env: NonNullable<ChildSpec['env']>;
};

/**
 * A young generation of 2 MiB and one heap of the C library, in place of 16 MiB and one heap a thread. Our children keep
 * few objects long and work from two or three threads: engine and intake rest at 388 instead of 413 MiB, the Board's
 * API at 114 instead of 197, and ingest is as fast (`./maru bench idle`, `./maru bench ingest`).
 */
const nodeFlags = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=2'];
const smallHeap = { MALLOC_ARENA_MAX: '1' };

/** A child that runs one of the repository's programs on the Node that runs us. */
export function nodeChild({ program, args = [], env, ...rest }: NodeChild): ChildSpec {
  return {
    ...rest,
    command: process.execPath,
    args: [...nodeFlags, join(repository, program), ...args],
    env: { ...smallHeap, ...env },
    cwd: repository,
  };
}
