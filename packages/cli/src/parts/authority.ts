import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Arguments } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { messageOf, UserError } from '../user-error.ts';

/** The PEM text of `--ca`. */
export async function authorityFlag(args: Arguments): Promise<string | undefined> {
  const path = textFlag(args, 'ca');
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw new UserError(`cannot read ${path}: ${messageOf(thrown)}; give a PEM file`, 2);
  }
}

/** Has every request of this process trust the authority of `--ca` beside the usual ones: `fetch` takes none for itself. */
export async function trustAuthority(args: Arguments): Promise<void> {
  const pem = await authorityFlag(args);
  if (pem === undefined) return;
  try {
    setDefaultCACertificates([...getCACertificates('default'), pem]);
  } catch (thrown) {
    throw new UserError(`--ca ${textFlag(args, 'ca')} holds no certificate in PEM: ${messageOf(thrown)}`, 2);
  }
}
