import { accessSync, constants, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { maruDir } from '../paths.ts';
import { messageOf, UserError } from '../user-error.ts';

/** Where a run keeps things: one directory, so that deleting it is a fresh start. */
export interface Places {
  /** The stack's own; absolute. */
  readonly dataDir: string;
  /** One log file for each child. */
  readonly logDir: string;
  /** The Board's database. */
  readonly databaseDir: string;
}

/**
 * The places under a data directory, which is made when it is not there. Throws a `UserError` when it cannot be
 * written to.
 *
 * @param chosen what `--data` says, relative to where the command was called; undefined for `.maru/data`
 */
export function openPlaces(chosen: string | undefined): Places {
  const dataDir = chosen === undefined ? join(maruDir, 'data') : resolve(chosen);
  try {
    // Telemetry tells much about a team: nobody else on the machine needs to read it.
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    accessSync(dataDir, constants.W_OK);
  } catch (thrown) {
    throw new UserError(
      `the data directory ${dataDir} cannot be written to (${messageOf(thrown)}); choose another with --data DIR`,
    );
  }
  return { dataDir, logDir: join(dataDir, 'logs'), databaseDir: join(dataDir, 'board-mariadb') };
}
