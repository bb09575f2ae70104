import { type Budget, type LabelMatcher, labelsKey } from '@maru/query-core';
import type { Reader } from '@maru/store';
import { choosePartsBy, type PartChooser } from './named-parts.ts';
import { exponentialSamples, nativeSamples } from './native-samples.ts';
import { expectedSamples } from './number-slices.ts';
import { nameNumbers, readNumbers } from './numbers.ts';
import { copied, merged, ordered, type UnorderedSamples } from './order.ts';
import { histogramSamples, quantilesOf, type SamplesOfPart, summarySamples } from './part-samples.ts';
import { pointSelection } from './point-selection.ts';
import {
  exponentialPoints,
  histogramPoints,
  nativePoints,
  type PointSource,
  type ReadPoints,
  readPoints,
  type StoredPoints,
  summaryPoints,
  type TimeSpan,
} from './points.ts';
import type { RawSeries } from './raw-series.ts';
import type { PointKind } from './series-kinds.ts';
import { readStoredSeries, type SeriesById } from './stored-series.ts';

/** The Prometheus series that matchers select, with their samples of a time span. */
export interface SelectedSeries {
  /** How many there are, about: a stored histogram is as many as it has buckets. */
  readonly expected: { readonly series: number; readonly samples: number };
  /**
   * Reads them, a batch at a time, each series once and whole; those without a sample are not among them. A batch's
   * samples are valid until the next one is asked for, and may not be kept.
   *
   * @throws QueryError when the query's limits are passed, or for a histogram that PromQL cannot express
   */
  batches(): AsyncIterable<readonly RawSeries[]>;
}

/** Finds the series; their samples are read when they are asked for. Throws as `batches` does. */
export async function selectSeries(
  reader: Reader,
  matchers: readonly LabelMatcher[],
  span: TimeSpan,
  budget: Budget,
  { others = [], withStarts = false }: ReadSettings = {},
): Promise<SelectedSeries> {
  const stored = await readStoredSeries(reader, matchers, budget);
  const chooser = choosePartsBy(matchers);
  const series = partCount(stored);
  return {
    expected: { series, samples: expectedSamples(series, span) },
    batches: () => readBatches({ reader, matchers, span, budget, stored, chooser, others, withStarts }),
  };
}

function partCount(stored: SeriesById): number {
  let count = 0;
  for (const { bounds } of stored.values()) count += bounds.length + 1;
  return count;
}

/** What is read besides the store's values. */
export interface ReadSettings {
  readonly others?: readonly SeriesSource[];
  /** Whether the samples' start times are wanted. */
  readonly withStarts?: boolean;
}

/** Samples that are not in the store (yet); series with the labels of stored ones are merged with them by time. */
export type SeriesSource = (
  matchers: readonly LabelMatcher[],
  span: TimeSpan,
) => Promise<readonly UnorderedSamples[]>;

/**
 * Numbers, which are most of what is queried, come in slices that are let go once they are used; whatever is made of other
 * points, or has the labels of another series (they differ in scope only, say), comes last and at once.
 */
async function* readBatches(read: KindRead): AsyncGenerator<readonly RawSeries[]> {
  const whole = await readWhole(read);
  const numbers = nameNumbers(
    read,
    whole.map(({ labels }) => labels),
  );
  for await (const slice of readNumbers(read)) {
    const batch: RawSeries[] = [];
    for (const samples of slice) {
      const series = numbers.get(samples.seriesId);
      if (series === undefined) continue;
      const { labels, nameless, isDelta } = series;
      const named = { ...samples, labels, nameless, isDelta };
      if (!series.isShared) batch.push(ordered(named));
      else {
        read.budget.addSamples(named.times.length);
        whole.push(copied(named));
      }
    }
    if (batch.length > 0) yield batch;
  }
  const last = mergeByLabels(whole).flatMap((series) => afterwards(series, read.span.afterMs));
  if (last.length > 0) yield last;
}

async function readWhole(read: KindRead): Promise<UnorderedSamples[]> {
  const kinds = new Set([...read.stored.values()].map((series) => series.kind));
  const found: UnorderedSamples[] = [];
  for (const kind of kinds) if (kind !== 'number') found.push(...(await readKind(kind, read)));
  for (const source of read.others) found.push(...(await source(read.matchers, read.span)));
  return found;
}

/** One read of a selector. */
export interface KindRead {
  readonly reader: Reader;
  readonly matchers: readonly LabelMatcher[];
  readonly span: TimeSpan;
  readonly budget: Budget;
  readonly stored: SeriesById;
  readonly chooser: PartChooser;
  readonly others: readonly SeriesSource[];
  readonly withStarts: boolean;
}

/** How each kind of points is read and cut into Prometheus series. */
const kindReaders: Readonly<Record<WholeKind, KindReader>> = {
  histogram: { source: histogramPoints, samples: histogramSamples, quantiles: () => [] },
  exponentialHistogram: { source: exponentialPoints, samples: exponentialSamples, quantiles: () => [] },
  nativeHistogram: { source: nativePoints, samples: nativeSamples, quantiles: () => [] },
  summary: { source: summaryPoints, samples: summarySamples, quantiles: quantilesOf },
};

/** Kinds whose samples are made of a point's parts. */
type WholeKind = Exclude<PointKind, 'number'>;

interface KindReader {
  readonly source: PointSource;
  readonly samples: (points: ReadPoints) => SamplesOfPart;
  readonly quantiles: (points: ReadPoints, series: StoredPoints) => readonly number[];
}

/**
 * Whether a native histogram is known to go on from the one before it is seen by comparing the two, so the one before the
 * span is read too, if it is no older than Prometheus's lookback.
 */
const hintLookbackMs = 300_000;

const areNative: Readonly<Record<WholeKind, boolean>> = {
  histogram: false,
  exponentialHistogram: true,
  nativeHistogram: true,
  summary: false,
};

/** How many numbers a point's part weighs: a native histogram as Prometheus counts it, with some ten buckets. */
const samplesOfPoint: Readonly<Record<PointKind, number>> = {
  number: 1,
  histogram: 1,
  exponentialHistogram: 16,
  nativeHistogram: 16,
  summary: 1,
};

/** The series without what was read for the hints alone; nothing when nothing else was. */
function afterwards(series: RawSeries, afterMs: number): readonly RawSeries[] {
  const first = series.times.findIndex((time) => time > afterMs);
  if (first === 0) return [series];
  if (first === -1) return [];
  return [
    {
      ...series,
      times: series.times.subarray(first),
      values: series.values.subarray(first),
      stale: series.stale?.subarray(first),
      starts: series.starts?.subarray(first),
      histograms: series.histograms?.slice(first),
    },
  ];
}

async function readKind(kind: WholeKind, read: KindRead): Promise<readonly UnorderedSamples[]> {
  const { source, samples, quantiles } = kindReaders[kind];
  const selection = pointSelection(kind, read.stored, read.matchers);
  const { untilMs } = read.span;
  const afterMs = read.span.afterMs - (areNative[kind] ? hintLookbackMs : 0);
  const span = { afterMs, untilMs };
  const points = await readPoints(read.reader, source, selection, span, read.budget, read.withStarts);
  if (points.series.length === 0) return [];
  return samplesOfParts(read, points, samples(points), (series) => quantiles(points, series));
}

function samplesOfParts(
  { stored, chooser, budget }: KindRead,
  points: ReadPoints,
  samplesOf: SamplesOfPart,
  quantiles: (series: StoredPoints) => readonly number[],
): readonly UnorderedSamples[] {
  return points.series.flatMap((series) => {
    // A series that came into being between the two reads is not known yet; the next query has it.
    const known = stored.get(series.seriesId);
    if (known === undefined) return [];
    const parts = chooser.parts(known, quantiles(series));
    budget.addSamples(series.times.length * Math.max(0, parts.length - 1) * samplesOfPoint[known.kind]);
    return parts.map((part) => samplesOf(series, part, known.isDelta));
  });
}

function mergeByLabels(found: readonly UnorderedSamples[]): readonly RawSeries[] {
  const byKey = new Map<string, UnorderedSamples[]>();
  for (const one of found) {
    if (one.times.length === 0) continue;
    const key = labelsKey(one.labels);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [one]);
    else same.push(one);
  }
  return [...byKey.values()].map(merged);
}
