import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Problems, readYaml } from '@maru/config';
import { readPrometheusFile } from '@maru/scrape';
import type { Settings } from '../settings.ts';
import { configKind } from './config.ts';
import { settingsOf } from './settings.ts';

/** The file that is read from the data directory when no other is named. */
export const configFileName = 'maru.yaml';

/**
 * Reads a configuration file. Throws a `ConfigError` that names every problem, and then nothing of the file counts; an
 * error of one sentence when it cannot be read.
 */
export async function loadConfig(path: string): Promise<Omit<Settings, 'dataDir'>> {
  const settings = parseConfig(await readConfigFile(path), path);
  // Read here only to be checked: nothing starts half-configured.
  if (settings.prometheusFile !== undefined) await readPrometheusFile(settings.prometheusFile);
  return settings;
}

/** @param file its name, for messages and for what is relative to it */
export function parseConfig(text: string, file: string): Omit<Settings, 'dataDir'> {
  const problems = new Problems();
  const config = configKind.read(readYaml(text, file), '', problems);
  problems.throwIfAny();
  if (config === undefined) throw new Error(`${file} cannot be used`);
  return settingsOf(config, resolve(file));
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot read the configuration ${path}: ${why}`);
  }
}
