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

/** A child that runs one of the repository's programs on the Node that runs us. */
export function nodeChild({ program, args = [], ...rest }: NodeChild): ChildSpec {
  const nodeFlags = ['--disable-warning=ExperimentalWarning'];
  return {
    ...rest,
    command: process.execPath,
    args: [...nodeFlags, join(repository, program), ...args],
    cwd: repository,
  };
}
