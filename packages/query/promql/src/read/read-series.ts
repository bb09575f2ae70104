import { type Budget, type LabelMatcher, labelsKey } from '@maru/query-core';
import type { Reader } from '@maru/store';
import { choosePartsBy, type PartChooser } from './named-parts.ts';
import { exponentialSamples, nativeSamples } from './native-samples.ts';
import { merged, type UnorderedSamples } from './order.ts';
import {
  histogramSamples,
  numberSamples,
  quantilesOf,
  type SamplesOfPart,
  summarySamples,
} from './part-samples.ts';
import { pointSelection } from './point-selection.ts';
import {
  exponentialPoints,
  histogramPoints,
  nativePoints,
  numberPoints,
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

/**
 * The Prometheus series that matchers select, with their samples of a time span. Series without a sample there are not
 * among them.
 *
 * @throws QueryError when the query's limits are passed, or for a histogram that PromQL cannot express
 */
export async function readSeries(
  reader: Reader,
  matchers: readonly LabelMatcher[],
  span: TimeSpan,
  budget: Budget,
  { others = [], withStarts = false }: ReadSettings = {},
): Promise<readonly RawSeries[]> {
  const stored = await readStoredSeries(reader, matchers, budget);
  const chooser = choosePartsBy(matchers);
  const kinds = new Set([...stored.values()].map((series) => series.kind));
  const found: UnorderedSamples[] = [];
  for (const kind of kinds)
    found.push(...(await readKind(kind, { reader, matchers, span, budget, stored, chooser, withStarts })));
  for (const source of others) found.push(...(await source(matchers, span)));
  return mergeByLabels(found).flatMap((series) => afterwards(series, span.afterMs));
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

interface KindRead {
  readonly reader: Reader;
  readonly matchers: readonly LabelMatcher[];
  readonly span: TimeSpan;
  readonly budget: Budget;
  readonly stored: SeriesById;
  readonly chooser: PartChooser;
  readonly withStarts: boolean;
}

/** How each kind of points is read and cut into Prometheus series. */
const kindReaders: Readonly<Record<PointKind, KindReader>> = {
  number: { source: numberPoints, samples: numberSamples, quantiles: () => [] },
  histogram: { source: histogramPoints, samples: histogramSamples, quantiles: () => [] },
  exponentialHistogram: { source: exponentialPoints, samples: exponentialSamples, quantiles: () => [] },
  nativeHistogram: { source: nativePoints, samples: nativeSamples, quantiles: () => [] },
  summary: { source: summaryPoints, samples: summarySamples, quantiles: quantilesOf },
};

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

const areNative: Readonly<Record<PointKind, boolean>> = {
  number: false,
  histogram: false,
  exponentialHistogram: true,
  nativeHistogram: true,
  summary: false,
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

async function readKind(kind: PointKind, read: KindRead): Promise<readonly UnorderedSamples[]> {
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
    budget.addSamples(series.times.length * Math.max(0, parts.length - 1));
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
