import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { WrittenSeries } from '@maru/receive/prometheus';
import type { ScrapeJob } from '../config/job.ts';
import { type FetchContext, fetchMetrics } from './fetch-metrics.ts';
import { SeriesNames } from './known-series.ts';
import { endOf, gauge, resultOf, type ScrapeResult } from './series-life.ts';
import type { Target } from './target.ts';

/** How a target does, as `/api/v1/targets` tells it. */
export interface TargetHealth {
  readonly health: 'unknown' | 'up' | 'down';
  /** One sentence; empty when the last scrape went well. */
  readonly lastError: string;
  /** Undefined before the first scrape. */
  readonly lastScrapeUnixMs: number | undefined;
  readonly lastDurationSeconds: number;
}

/** What a loop hands over, and what it says. */
export interface ScrapeSink {
  /** Resolves when the series are durable. Rejects when they were not written. */
  readonly write: (series: readonly WrittenSeries[]) => Promise<void>;
  /** Told in one sentence when series could not be written. */
  readonly say: (sentence: string) => void;
}

/** Scrapes one target in its interval, until it is closed. */
export class TargetLoop {
  readonly target: Target;
  readonly #job: ScrapeJob;
  readonly #context: FetchContext;
  readonly #sink: ScrapeSink;
  readonly #names: SeriesNames;
  readonly #stop: AbortController = new AbortController();
  readonly #done: Promise<void>;
  #living: ScrapeResult['living'] = new Map();
  #health: TargetHealth = {
    health: 'unknown',
    lastError: '',
    lastScrapeUnixMs: undefined,
    lastDurationSeconds: 0,
  };

  constructor(job: ScrapeJob, target: Target, context: FetchContext, sink: ScrapeSink) {
    this.#job = job;
    this.target = target;
    this.#context = context;
    this.#sink = sink;
    this.#names = new SeriesNames(job, target.labels);
    this.#done = this.#run();
  }

  get health(): TargetHealth {
    return this.#health;
  }

  /** Ends after what is under way, without a word: the same target is scraped on after a restart. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  /** Ends because the target is gone: all its series end with it. */
  async retire(): Promise<void> {
    await this.close();
    if (this.#health.health === 'unknown') return;
    const timeMs = Date.now();
    const own = reportNames.map((name) => ({
      key: name,
      labels: [['__name__', name] as const, ...this.target.labels],
      isCounter: false,
      help: '',
      isHistogram: false,
    }));
    await this.#write([...endOf(this.#living.values(), timeMs), ...endOf(own, timeMs)]);
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    const offset = offsetOf(this.target);
    while (!signal.aborted) {
      const due = nextAfter(Date.now(), this.target.intervalMs, offset);
      await delay(due - Date.now(), undefined, { signal }).catch(() => undefined);
      if (!signal.aborted) await this.#scrape(aligned(Date.now(), due, this.target.intervalMs));
    }
  }

  async #scrape(timeMs: number): Promise<void> {
    const started = performance.now();
    let [result, lastError] = [this.#nothing(timeMs), ''];
    try {
      const exposition = await fetchMetrics(this.#job, this.target, this.#context, this.#stop.signal);
      result = resultOf(exposition.samples, this.#names.name(exposition), this.#living, this.#rules(timeMs));
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      lastError = messageOf(error);
    }
    const lastDurationSeconds = (performance.now() - started) / 1000;
    const health = lastError === '' ? 'up' : 'down';
    if (await this.#write([...result.series, ...this.#report(result, health, lastDurationSeconds, timeMs)]))
      this.#living = result.living;
    this.#health = { health, lastError, lastScrapeUnixMs: timeMs, lastDurationSeconds };
  }

  #rules(timeMs: number): Parameters<typeof resultOf>[3] {
    const { honorTimestamps, trackTimestampsStaleness, limits } = this.#job;
    return {
      timeMs,
      honorTimestamps,
      trackTimestamps: trackTimestampsStaleness,
      sampleLimit: limits.samples,
    };
  }

  /** What a failed scrape shows: nothing, so that all that lived ends. */
  #nothing(timeMs: number): ScrapeResult {
    return resultOf([], [], this.#living, this.#rules(timeMs));
  }

  #report(
    result: ScrapeResult,
    health: 'up' | 'down',
    seconds: number,
    timeMs: number,
  ): readonly WrittenSeries[] {
    const values = [health === 'up' ? 1 : 0, seconds, result.scraped, result.afterRelabelling, result.added];
    return reportNames.map((name, index) => gauge(name, this.target.labels, values[index] ?? 0, timeMs));
  }

  async #write(series: readonly WrittenSeries[]): Promise<boolean> {
    try {
      await this.#sink.write(series);
      return true;
    } catch (error) {
      this.#sink.say(`what ${this.target.url} showed was not written: ${messageOf(error)}`);
      return false;
    }
  }
}

/** Series that Prometheus makes of each scrape, in the order of `#report`. */
const reportNames = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
];

/** Targets are spread over their interval, each always at the same place in it. */
function offsetOf({ key, intervalMs }: Target): number {
  return createHash('md5').update(key).digest().readUIntBE(0, 6) % intervalMs;
}

/** The first time after now that is `offset` behind a multiple of the interval. */
export function nextAfter(nowMs: number, intervalMs: number, offsetMs: number): number {
  const next = nowMs - (nowMs % intervalMs) + offsetMs;
  return next > nowMs ? next : next + intervalMs;
}

const toleranceMs = 10;

/** A timer comes some milliseconds late: equal distances compress better and rates are steadier (Prometheus does so too). */
export function aligned(nowMs: number, dueMs: number, intervalMs: number): number {
  return Math.abs(nowMs - dueMs) <= Math.min(toleranceMs, intervalMs / 100) ? dueMs : nowMs;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
