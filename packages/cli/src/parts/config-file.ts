import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { configFileName, loadConfig } from '@maru/server/config';
import { defaultSettings, type Settings } from '@maru/server/settings';
import { messageOf, UserError } from '../user-error.ts';

/** What a configuration file can say. */
export type FileSettings = Omit<Settings, 'dataDir'>;

/**
 * The settings of a configuration file: the named one, else `maru.yaml` of the data directory, else the defaults. Throws a
 * `UserError` when it cannot be used.
 */
export async function configFile(chosen: string | undefined, dataDir: string): Promise<FileSettings> {
  const usual = join(dataDir, configFileName);
  const path = chosen === undefined ? usual : resolve(chosen);
  if (chosen === undefined && !existsSync(usual)) return defaultSettings;
  try {
    return await loadConfig(path);
  } catch (thrown) {
    throw new UserError(messageOf(thrown));
  }
}
