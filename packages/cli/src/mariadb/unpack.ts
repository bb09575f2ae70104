import { chmodSync, existsSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, run } from '../process/run.ts';
import type { Tell } from '../terminal/progress.ts';
import { type AptPlace, downloadServer, unpackAll } from './apt.ts';
import { firstInstallation, type Installation } from './installation.ts';

/** Under the directory that is ours: the finished tree. Whatever else is there is a download that was interrupted. */
const finished = 'unpacked';

/** The server that was unpacked earlier under `dir`; undefined when there is none. */
export function findUnpacked(dir: string): Installation | undefined {
  return firstInstallation([join(dir, finished, 'usr/sbin/mariadbd')]);
}

/**
 * Downloads Debian's or Ubuntu's package with apt and unpacks it under `dir`, which needs no root and leaves the
 * system as it is. Throws one sentence when that cannot be done here.
 */
export async function unpackServer(dir: string, place: AptPlace, tell: Tell): Promise<Installation> {
  const partial = join(dir, `partial-${process.pid}`);
  rmSync(partial, { recursive: true, force: true });
  try {
    await downloadServer(place, join(partial, 'packages'), tell);
    tell('unpacking it');
    await unpackAll(join(partial, 'packages'), join(partial, 'root'));
    await makeRunnable(join(partial, 'root'), join(dir, finished));
    adopt(join(partial, 'root'), join(dir, finished));
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  const installation = findUnpacked(dir);
  if (installation === undefined)
    throw new Error(`the unpacked MariaDB under ${dir} is not complete; delete that directory`);
  return installation;
}

/** Puts the finished tree in its place; another process that was as quick has put the same there. */
function adopt(root: string, place: string): void {
  if (!existsSync(place)) renameSync(root, place);
}

/**
 * Puts a script in the server's place that lets it find the libraries which were unpacked with it, so that whoever
 * runs `mariadbd` need not know. Throws when the server does not run even so.
 *
 * @param root where the tree stands now
 * @param place where it is going to stand
 */
async function makeRunnable(root: string, place: string): Promise<void> {
  const program = join(root, 'usr/sbin/mariadbd');
  const libraries = ['usr/lib', 'lib'].flatMap((dir) => libraryDirs(root, dir));
  const script = (base: string): string =>
    `#!/bin/sh\nLD_LIBRARY_PATH='${libraries.map((dir) => join(base, dir)).join(':')}'"\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"\n` +
    `export LD_LIBRARY_PATH\nexec '${join(base, 'usr/sbin/mariadbd.real')}' "$@"\n`;
  renameSync(program, `${program}.real`);
  writeProgram(program, script(root));
  const { code, output } = await run(program, ['--no-defaults', '--version']);
  if (code !== 0) throw new Error(`the unpacked MariaDB does not run here: ${lastLines(output, 1)}`);
  writeProgram(program, script(place));
}

function writeProgram(path: string, text: string): void {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
}

/** `usr/lib` and its folder of this machine's kind, such as `usr/lib/x86_64-linux-gnu`. */
function libraryDirs(root: string, dir: string): readonly string[] {
  const path = join(root, dir);
  if (!existsSync(path)) return [];
  const kinds = readdirSync(path).filter((name) => name.endsWith('-linux-gnu'));
  return [dir, ...kinds.map((kind) => join(dir, kind))];
}
