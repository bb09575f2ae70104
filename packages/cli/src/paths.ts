import { fileURLToPath } from 'node:url';

/** The repository's root, wherever the command was called from. */
export const repository: string = fileURLToPath(new URL('../../../', import.meta.url)).replace(/\/$/, '');

/** What Maru installs, builds and keeps for itself; not in git. */
export const maruDir: string = `${repository}/.maru`;
