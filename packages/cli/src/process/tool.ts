import { delimiter, dirname, join } from 'node:path';
import { repository } from '../paths.ts';

/** The path of a program that an installed package brings. */
export function toolPath(name: string): string {
  return join(repository, 'node_modules/.bin', name);
}

/** PATH with the Node that runs us in front: the packages' programs start `node` by its name. */
export function toolEnvironment(): Record<string, string> {
  return { PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}` };
}
