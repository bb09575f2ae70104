import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type ArchivedFile, tarOf } from '@maru/cluster';
import { bundleOf, lookAtLive } from '@maru/doctor';
import type { Arguments, Flags } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { messageOf, UserError } from '../user-error.ts';
import { livePlaces, questionOf } from './live.ts';

export const bundleFlags: Flags = {
  out: { type: 'string', value: 'PATH', help: 'with bundle: a directory to make, or a .tar.gz file' },
};

/** `maru doctor bundle --out PATH`: what the doctor would look at, without secrets, to be looked at elsewhere. */
export async function writeBundle(args: Arguments): Promise<number> {
  const path = textFlag(args, 'out');
  if (path === undefined)
    throw new UserError('maru doctor bundle needs a place: ./maru doctor bundle --out cluster.tar.gz', 2);
  const places = await livePlaces(args);
  try {
    const seen = await lookAtLive(places, questionOf(args));
    const made = new Date();
    const files = bundleOf(seen, { cluster: places.reader?.name ?? '', made });
    await written(path, files, made);
    for (const { text } of seen.gaps) console.log(`not seen: ${text.en}`);
    console.log(
      `${path} holds ${seen.objects.length} objects and ${seen.lines.length} lines of logs, without secrets`,
    );
    console.log(`look at it with: ./maru doctor --bundle ${path}`);
    return seen.gaps.some(({ isBlinding }) => isBlinding === true) ? 2 : 0;
  } finally {
    places.reader?.close();
  }
}

async function written(path: string, files: readonly ArchivedFile[], made: Date): Promise<void> {
  try {
    if (/\.(?:tar\.gz|tgz)$/.test(path)) {
      await writeFile(path, await promisify(gzip)(tarOf(files, made)), { mode: 0o600 });
      return;
    }
    await mkdir(path, { mode: 0o700 });
    for (const { path: name, bytes } of files) {
      await mkdir(dirname(join(path, name)), { recursive: true });
      await writeFile(join(path, name), bytes, { mode: 0o600 });
    }
  } catch (thrown) {
    throw new UserError(`cannot write the bundle to ${path}: ${messageOf(thrown)}; give another --out`, 2);
  }
}
