import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root, or that of the npm package, wherever the command was called from. */
export const repository: string = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** Whether this is a checkout, with the Board, the tests and the sources, and not the npm package. */
export const isCheckout: boolean = existsSync(`${repository}/packages/testkit`);

/**
 * What Maru installs, builds and keeps for itself; not in git. The npm package keeps nothing in itself, for it goes with the next
 * version: there it is a folder where the command was called.
 */
export const maruDir: string = isCheckout ? `${repository}/.maru` : resolve('.maru');
