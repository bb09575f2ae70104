import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The secret with which the stack's own telemetry passes its own doors. Whichever process comes first makes it, under
 * `<dataDir>/run`, whole in one step; only the owner of the directory may read it.
 */
export async function ownKey(dataDir: string): Promise<string> {
  const path = join(dataDir, 'run', 'own.key');
  await mkdir(join(dataDir, 'run'), { recursive: true, mode: 0o700 });
  const made = `${path}.${process.pid}`;
  await writeFile(made, randomBytes(32).toString('base64url'), { mode: 0o600 });
  await link(made, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await unlink(made);
  return readFile(path, 'utf8');
}
