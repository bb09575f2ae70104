import { readFile } from 'node:fs/promises';
import {
  type ConfigNode,
  defaulted,
  entryOf,
  fields,
  type Kind,
  type MapNode,
  Problems,
  readYaml,
} from '@maru/config';
import type { ScrapeJob } from './job.ts';
import { type ScrapeDefaults, scrapeDefaults, scrapeGlobal, scrapeJobs } from './jobs.ts';

/** What a configuration of Prometheus says of scraping. */
export interface PrometheusFile {
  readonly jobs: readonly ScrapeJob[];
  /** Sections that mean something to Prometheus and nothing here, such as `rule_files`. */
  readonly ignored: readonly string[];
}

const file: Kind<{
  readonly global: ScrapeDefaults;
  readonly scrape_configs: (of: ScrapeDefaults) => readonly ScrapeJob[];
}> = fields({
  global: defaulted(scrapeGlobal, scrapeDefaults, '', 'Defaults of all jobs.'),
  scrape_configs: defaulted(scrapeJobs, () => [], 'none', 'The jobs.'),
});

const sections: readonly string[] = ['global', 'scrape_configs'];

/**
 * Reads a file as Prometheus has it. Throws a `ConfigError` with every problem and its place, or one sentence when it
 * cannot be read.
 */
export async function readPrometheusFile(path: string): Promise<PrometheusFile> {
  return parsePrometheusFile(await readFile(path, 'utf8').catch(unreadable(path)), path);
}

/** The same for a text that stands in a file of that path. */
export function parsePrometheusFile(text: string, path: string): PrometheusFile {
  const root = asMap(readYaml(text, path), path);
  const problems = new Problems();
  const known: MapNode = { ...root, entries: root.entries.filter(({ key }) => sections.includes(key)) };
  const read = file.read(known, '', problems);
  problems.throwIfAny();
  const ignored = root.entries.map(({ key }) => key).filter((key) => !sections.includes(key));
  return { jobs: read?.scrape_configs(read.global) ?? [], ignored };
}

function asMap(node: ConfigNode, path: string): MapNode {
  if (node.kind === 'map' && entryOf(node, 'scrape_configs') !== undefined) return node;
  throw new Error(`${path}: a configuration of Prometheus is a map with scrape_configs in it`);
}

function unreadable(path: string): (error: Error) => never {
  return (error) => {
    throw new Error(`cannot read the scrape configuration ${path}: ${error.message}`, { cause: error });
  };
}
