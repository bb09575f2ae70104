import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { repository } from '../paths.ts';

/** One question about the sources, answered by a program's exit code. */
export interface Check {
  readonly title: string;
  /** The program, one of the installed packages'. */
  readonly program: string;
  readonly args: readonly string[];
}

/** TypeScript projects: the front ends have their own, since browsers know other globals than Node. */
const typeProjects = ['.', 'packages/console', 'board/web', 'board/load'];

/** Every check of `./maru check`, in the order they are reported. */
export function allChecks(): readonly Check[] {
  return [
    ...typeProjects.filter(hasTypeProject).map(typeCheck),
    { title: 'lint and format', program: 'biome', args: ['check', '--error-on-warnings'] },
    {
      title: 'layers',
      program: 'vitest',
      args: ['run', '--project', 'unit', 'packages/testkit/src/layers.test.ts'],
    },
    { title: 'unused code', program: 'knip', args: [] },
  ];
}

function hasTypeProject(dir: string): boolean {
  return existsSync(join(repository, dir, 'tsconfig.json'));
}

function typeCheck(dir: string): Check {
  const title = dir === '.' ? 'types' : `types of ${dir}`;
  return { title, program: 'tsc', args: ['--noEmit', '-p', join(dir, 'tsconfig.json')] };
}
