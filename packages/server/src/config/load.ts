import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type ConfigNode, Problems, readYaml } from '@maru/config';
import { readPrometheusFile } from '@maru/scrape';
import type { Settings } from '../settings.ts';
import { tenantOfJob } from '../tenants/configured.ts';
import { isCollectorConfig, translateCollector } from './collector/collector.ts';
import { configKind } from './config.ts';
import { settingsOf, withResolvedPaths } from './settings.ts';
import { checkTenantNames } from './tenant-names.ts';

/** The file that is read from the data directory when no other is named. */
export const configFileName = 'maru.yaml';

/**
 * Reads a configuration file. Throws a `ConfigError` that names every problem, and then nothing of the file counts; an
 * error of one sentence when it cannot be read.
 */
export async function loadConfig(path: string): Promise<Omit<Settings, 'dataDir'>> {
  return (await checkConfig(path)).settings;
}

/** What a file becomes, and sentences on what is done otherwise than a Collector's file says. */
export interface CheckedConfig {
  readonly settings: Omit<Settings, 'dataDir'>;
  readonly notes: readonly string[];
}

/** Reads a configuration file as `loadConfig` does, and tells what it noticed. */
export async function checkConfig(path: string): Promise<CheckedConfig> {
  const checked = parseChecked(await readConfigFile(path), path);
  const { prometheusFile } = checked.settings;
  // Read here only to be checked: nothing starts half-configured.
  if (prometheusFile !== undefined)
    for (const job of (await readPrometheusFile(prometheusFile)).jobs) tenantOfJob(job, checked.settings);
  return checked;
}

/** @param file its name, for messages and for what is relative to it */
export function parseConfig(text: string, file: string): Omit<Settings, 'dataDir'> {
  return parseChecked(text, file).settings;
}

function parseChecked(text: string, file: string): CheckedConfig {
  const problems = new Problems();
  const root = readYaml(text, file);
  const checked = isCollectorConfig(root) ? translateCollector(root, problems) : ownConfig(root, problems);
  problems.throwIfAny();
  if (checked === undefined) throw new Error(`${file} cannot be used`);
  return { ...checked, settings: withResolvedPaths(checked.settings, dirname(resolve(file))) };
}

function ownConfig(root: ConfigNode, problems: Problems): CheckedConfig | undefined {
  const config = configKind.read(root, '', problems);
  if (config !== undefined) checkTenantNames(root, config, problems);
  return config && { settings: settingsOf(config), notes: [] };
}

async function readConfigFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot read the configuration ${path}: ${why}`);
  }
}
