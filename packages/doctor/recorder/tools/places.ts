import { existsSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../../../.maru/recorder');

/** Where `prepare.sh` put the tools. */
export const places: Readonly<Record<'bin' | 'debian' | 'npm', string>> = {
  bin: join(root, 'bin'),
  debian: join(root, 'debian'),
  npm: join(root, 'npm'),
};

/** The path of a program: built by `prepare.sh`, of an unpacked Debian package, or of this machine. Throws where it is nowhere. */
export function programAt(name: string): string {
  const folders = [
    places.bin,
    ...['usr/sbin', 'usr/bin', 'sbin', 'bin'].map((folder) => join(places.debian, folder)),
    '/usr/sbin',
    '/usr/bin',
  ];
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`no ${name} is here: run packages/doctor/recorder/prepare.sh`);
  return found;
}

/** Node as an image would hold it: its stack traces name no path of this machine. */
export const nodeProgram = '/srv/bin/node';
