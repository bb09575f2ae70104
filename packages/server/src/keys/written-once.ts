import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The text of a file that is written once and then stays: whichever process comes first makes it, whole in one step. Only
 * the owner may read it.
 *
 * @param make its content, when it is not there
 */
export async function writtenOnce(path: string, make: () => string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const made = `${path}.${process.pid}`;
  await writeFile(made, make(), { mode: 0o600 });
  await link(made, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(made);
  return readFile(path, 'utf8');
}
