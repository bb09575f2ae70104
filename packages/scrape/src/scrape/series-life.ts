import { staleBits, type WrittenHistogram, type WrittenSeries } from '@maru/receive/prometheus';
import type { ExposedSample, Pairs } from '../exposition/exposition.ts';
import { unknownTime } from '../exposition/openmetrics.ts';
import type { KnownSeries } from './known-series.ts';

/** A series that a target showed and that has not ended yet. */
interface LivingSeries extends KnownSeries {
  readonly isHistogram: boolean;
}

/** What is to be written of one scrape. */
export interface ScrapeResult {
  readonly series: readonly WrittenSeries[];
  /** Samples that the target showed. */
  readonly scraped: number;
  /** Samples after `metric_relabel_configs`. */
  readonly afterRelabelling: number;
  /** Series that the scrape before did not have. */
  readonly added: number;
  /** What lives after it; to be handed back when the result was written. */
  readonly living: ReadonlyMap<string, LivingSeries>;
}

export interface ScrapeRules {
  readonly timeMs: number;
  readonly honorTimestamps: boolean;
  /** Whether a series whose samples bring their own times ends when it is not shown any more. */
  readonly trackTimestamps: boolean;
  readonly sampleLimit: number;
}

/**
 * The samples of a scrape as series to be written, and an end for every series that lived and is not among them. A series
 * that is shown twice counts once. Throws one sentence when there are more samples than the limit.
 */
export function resultOf(
  samples: readonly ExposedSample[],
  names: readonly (KnownSeries | undefined)[],
  before: ReadonlyMap<string, LivingSeries>,
  rules: ScrapeRules,
): ScrapeResult {
  const kept = samples.flatMap((sample, index) => {
    const known = names[index];
    return known === undefined ? [] : [{ sample, known }];
  });
  if (rules.sampleLimit > 0 && kept.length > rules.sampleLimit)
    throw new Error(`${kept.length} samples where sample_limit allows ${rules.sampleLimit}`);
  const unique = new Map(kept.toReversed().map((one) => [one.known.key, one]));
  const living = new Map(
    [...unique]
      .filter(
        ([, { sample }]) => sample.timeMs === undefined || !rules.honorTimestamps || rules.trackTimestamps,
      )
      .map(([key, { sample, known }]) => [key, { ...known, isHistogram: sample.histogram !== undefined }]),
  );
  const ended = [...before].filter(([key]) => !unique.has(key)).map(([, series]) => series);
  return {
    series: [...unique.values()]
      .map(({ sample, known }) => written(sample, known, rules))
      .concat(endOf(ended, rules.timeMs)),
    scraped: samples.length,
    afterRelabelling: kept.length,
    added: [...living.keys()].filter((key) => !before.has(key)).length,
    living,
  };
}

/** Stale markers: queries do not look behind them. */
export function endOf(series: Iterable<LivingSeries>, timeMs: number): readonly WrittenSeries[] {
  return [...series].map(({ labels, help, isCounter, isHistogram }) => ({
    labels,
    help,
    isCounter,
    samples: isHistogram ? [] : [{ bits: staleBits, timeMs: BigInt(timeMs), startMs: 0n }],
    histograms: isHistogram ? [{ ...staleHistogram, timeMs: BigInt(timeMs) }] : [],
    exemplars: [],
  }));
}

const noBuckets = { spans: [], counts: [] };
const staleHistogram: WrittenHistogram = {
  isFloat: false,
  resetHint: 0,
  count: 0,
  sum: 0,
  sumBits: staleBits,
  schema: 0,
  zeroThreshold: 0,
  zeroCount: 0,
  negative: noBuckets,
  positive: noBuckets,
  timeMs: 0n,
  startMs: 0n,
  bounds: [],
};

/** A gauge of the target itself, such as `up`. */
export function gauge(
  name: string,
  labels: Iterable<readonly [string, string]>,
  value: number,
  timeMs: number,
): WrittenSeries {
  const pairs: Pairs = [['__name__', name], ...labels];
  return {
    labels: pairs,
    help: '',
    isCounter: false,
    samples: [{ bits: bitsOf(value), timeMs: BigInt(timeMs), startMs: 0n }],
    histograms: [],
    exemplars: [],
  };
}

function written(
  sample: ExposedSample,
  { labels, help, isCounter }: KnownSeries,
  rules: ScrapeRules,
): WrittenSeries {
  const timeMs = BigInt((rules.honorTimestamps ? sample.timeMs : undefined) ?? rules.timeMs);
  const { histogram } = sample;
  const value = { bits: bitsOf(sample.value), timeMs, startMs: BigInt(sample.startMs) };
  return {
    labels,
    help,
    isCounter,
    samples: histogram === undefined ? [value] : [],
    histograms: histogram === undefined ? [] : [{ ...histogram, timeMs }],
    exemplars: sample.exemplars.map((one) => (one.timeMs === unknownTime ? { ...one, timeMs } : one)),
  };
}

const scratch = new DataView(new ArrayBuffer(8));

/** A target's NaN is a value like any other: only this process says that a series ended. */
function bitsOf(value: number): bigint {
  scratch.setFloat64(0, value);
  return scratch.getBigUint64(0);
}
