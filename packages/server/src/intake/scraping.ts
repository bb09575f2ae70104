import { stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Accept, anyone, type ByteBudget, type Gate } from '@maru/receive';
import { readPrometheusFile, type ScrapeJob, Scraper, type TargetsReport } from '@maru/scrape';
import type { Settings } from '../settings.ts';
import { tenantOfJob } from '../tenants/configured.ts';
import { maruVersion } from '../version.ts';

/** What scraping shares with the doors. */
export interface ScrapingParts {
  readonly accept: Accept;
  readonly budget: ByteBudget;
  readonly gate: Gate;
  readonly say: (sentence: string) => void;
}

/** Scraping as it runs. */
export interface Scraping {
  /** Of one tenant's jobs. */
  readonly targets: (tenant: string) => TargetsReport;
  readonly close: () => Promise<void>;
}

/** How the ledger names what was scraped and then rejected. */
const source = 'scrape';

/** Scrapes what the settings name. Throws one sentence when the file of Prometheus cannot be used. */
export async function startScraping(settings: Settings, parts: ScrapingParts): Promise<Scraping> {
  const { accept, ...shared } = parts;
  const jobs = await jobsOf(settings, parts.say);
  const scraper = new Scraper(jobs, {
    ...shared,
    accept: (request, job) =>
      accept('metrics', request, { source, sender: { ...anyone, tenant: tenantOfJob(job, settings) } }),
    userAgent: `Maru/${maruVersion()}`,
  });
  const stop = new AbortController();
  const following = follow(settings, scraper, parts.say, stop.signal);
  return {
    targets: (tenant) => scraper.targets((job) => tenantOfJob(job, settings) === tenant),
    close: async () => {
      stop.abort();
      await following;
      await scraper.close();
    },
  };
}

async function jobsOf(settings: Settings, say: (sentence: string) => void): Promise<readonly ScrapeJob[]> {
  const jobs = await configuredJobs(settings, say);
  for (const job of jobs) tenantOfJob(job, settings);
  return jobs;
}

async function configuredJobs(
  { scrapeJobs, prometheusFile }: Settings,
  say: (sentence: string) => void,
): Promise<readonly ScrapeJob[]> {
  if (prometheusFile === undefined) return scrapeJobs;
  const { jobs, ignored } = await readPrometheusFile(prometheusFile);
  if (ignored.length > 0) say(`${prometheusFile}: of no effect here: ${ignored.join(', ')}`);
  return [...scrapeJobs, ...jobs];
}

const lookIntervalMs = 2_000;

/** Takes the jobs of the file anew when it changes; a file that cannot be used leaves them as they are. */
async function follow(
  settings: Settings,
  scraper: Scraper,
  say: (sentence: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const path = settings.prometheusFile;
  if (path === undefined) return;
  let seen = await markOf(path);
  while (!signal.aborted) {
    await delay(lookIntervalMs, undefined, { signal }).catch(() => undefined);
    const mark = await markOf(path);
    if (mark === seen || signal.aborted) continue;
    seen = mark;
    await jobsOf(settings, say).then(
      (jobs) => scraper.replace(jobs),
      (error: unknown) =>
        say(
          `the former scrape configuration stays: ${error instanceof Error ? error.message : String(error)}`,
        ),
    );
  }
}

/** What tells a file from how it was before. */
async function markOf(path: string): Promise<string> {
  const { mtimeMs, size, ino } = await stat(path).catch(() => ({ mtimeMs: 0, size: 0, ino: 0 }));
  return `${mtimeMs} ${size} ${ino}`;
}
