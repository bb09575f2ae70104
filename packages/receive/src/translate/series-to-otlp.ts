import {
  concat,
  double,
  doubleField,
  fixed64,
  fixed64Field,
  lengthDelimited,
  Malformed,
  stringField,
  tag,
  varint,
  varintField,
  wireType,
  zigzagField,
} from '@maru/otlp';
import { joined } from './message.ts';
import type { Buckets, Sample, WrittenExemplar, WrittenHistogram, WrittenSeries } from './series.ts';

/** What remote write's answer counts. */
export interface WrittenCounts {
  readonly samples: number;
  readonly histograms: number;
  readonly exemplars: number;
}

export interface TranslatedSeries extends WrittenCounts {
  /** An ExportMetricsServiceRequest. */
  readonly request: Uint8Array;
}

const noBytes = new Uint8Array(0);
/** The bits of Prometheus's stale marker. */
const staleBits = 0x7ff0000000000002n;
const noRecordedValue = 1;
const cumulative = 2;
/** Prometheus's schema of histograms with bounds of their own. */
const customBoundsSchema = -53;
/** Buckets of one histogram, gaps among them; Prometheus itself keeps to some hundreds. */
const mostBuckets = 10_000;

/**
 * Prometheus series as OTLP metrics, so that the query side shows the same names and labels: every label is an attribute of
 * the point (`job` and `instance` too) and the resource has none, for its attributes would become labels that were not
 * sent. A series whose metadata says counter and whose name ends in `_total` becomes a sum, every other a gauge.
 * Exemplars go with the last sample of the same series in the request; one without is not written.
 */
export function seriesToOtlp(series: readonly WrittenSeries[]): TranslatedSeries {
  const merged = mergeBySeries(series);
  const metrics = merged.flatMap(metricsOf);
  const counted = (of: (one: WrittenSeries) => number): number =>
    merged.reduce((sum, one) => sum + of(one), 0);
  return {
    request:
      metrics.length === 0 ? new Uint8Array(0) : lengthDelimited(1, lengthDelimited(2, joined(metrics))),
    samples: counted(({ samples }) => samples.length),
    histograms: counted(({ histograms }) => histograms.length),
    exemplars: counted(({ samples, exemplars }) => (samples.length > 0 ? exemplars.length : 0)),
  };
}

/** Senders write one entry for each sample or exemplar: those of one series belong together. */
function mergeBySeries(series: readonly WrittenSeries[]): readonly WrittenSeries[] {
  const byLabels = Map.groupBy(series, ({ labels }) => JSON.stringify(labels));
  return [...byLabels.values()].map((same) => ({
    labels: same[0]?.labels ?? [],
    help: same.find(({ help }) => help !== '')?.help ?? '',
    isCounter: same.some(({ isCounter }) => isCounter),
    samples: same.flatMap(({ samples }) => samples),
    histograms: same.flatMap(({ histograms }) => histograms),
    exemplars: same.flatMap(({ exemplars }) => exemplars),
  }));
}

function metricsOf(series: WrittenSeries): readonly Uint8Array[] {
  const name = series.labels.find(([label]) => label === '__name__')?.[1] ?? '';
  const attributes = (field: number): Uint8Array =>
    joined(
      series.labels
        .filter(([label]) => label !== '__name__')
        .map(([label, value]) => textAttribute(field, label, value)),
    );
  const metric = (data: Uint8Array): Uint8Array =>
    lengthDelimited(2, stringField(1, name), stringField(2, series.help), data);
  const { samples, histograms } = series;
  const custom = histograms.filter(({ schema }) => schema === customBoundsSchema);
  const exponential = histograms.filter(({ schema }) => schema !== customBoundsSchema);
  return [
    ...(samples.length === 0 ? [] : [metric(numbers(series, name, attributes(7)))]),
    ...(custom.length === 0
      ? []
      : [metric(histogramData(9, custom, (one) => customPoint(one, attributes(9))))]),
    ...(exponential.length === 0
      ? []
      : [metric(histogramData(10, exponential, (one) => exponentialPoint(one, attributes(1))))]),
  ];
}

function numbers(series: WrittenSeries, name: string, attributes: Uint8Array): Uint8Array {
  const last = series.samples.length - 1;
  const points = series.samples.map((sample, index) =>
    lengthDelimited(
      1,
      numberPoint(sample),
      attributes,
      index === last ? joined(series.exemplars.map(exemplar)) : noBytes,
    ),
  );
  return series.isCounter && name.endsWith('_total')
    ? lengthDelimited(7, joined(points), varintField(2, cumulative), varintField(3, 1))
    : lengthDelimited(5, joined(points));
}

function numberPoint({ bits, timeMs, startMs }: Sample): Uint8Array {
  const value =
    bits === staleBits ? varintField(8, noRecordedValue) : concat(tag(4, wireType.fixed64), fixed64(bits));
  return concat(fixed64Field(2, nanos(startMs)), fixed64Field(3, nanos(timeMs)), value);
}

const latestMs = 2n ** 63n / 1_000_000n;

/** A time that cannot be becomes one that the check rejects, with its reason. */
function nanos(milliseconds: bigint): bigint {
  return milliseconds < 0n || milliseconds > latestMs ? 2n ** 63n : milliseconds * 1_000_000n;
}

function exemplar({ labels, value, timeMs }: WrittenExemplar): Uint8Array {
  const id = (name: string, digits: number): string | undefined =>
    labels.find(
      ([label, text]) => label === name && text.length === digits && /^[0-9a-fA-F]+$/.test(text),
    )?.[1];
  const [traceId, spanId] = [id('trace_id', 32), id('span_id', 16)];
  const others = labels.filter(
    ([label]) =>
      !(label === 'trace_id' && traceId !== undefined) && !(label === 'span_id' && spanId !== undefined),
  );
  return lengthDelimited(
    5,
    fixed64Field(2, nanos(timeMs)),
    doubleField(3, value),
    ...(spanId === undefined ? [] : [lengthDelimited(4, Buffer.from(spanId, 'hex'))]),
    ...(traceId === undefined ? [] : [lengthDelimited(5, Buffer.from(traceId, 'hex'))]),
    joined(others.map(([label, text]) => textAttribute(7, label, text))),
  );
}

function histogramData(
  field: number,
  histograms: readonly WrittenHistogram[],
  point: (histogram: WrittenHistogram) => Uint8Array,
): Uint8Array {
  const points = histograms.map((one) => lengthDelimited(1, point(one)));
  return lengthDelimited(field, joined(points), varintField(2, cumulative));
}

/** Fields 2 to 5 of both kinds of histogram points. */
function moments({ startMs, timeMs, count, sum }: WrittenHistogram): Uint8Array {
  return concat(
    fixed64Field(2, nanos(startMs)),
    fixed64Field(3, nanos(timeMs)),
    fixed64Field(4, whole(count)),
    doubleField(5, sum),
  );
}

function customPoint(histogram: WrittenHistogram, attributes: Uint8Array): Uint8Array {
  if (histogram.sumBits === staleBits)
    return concat(fixed64Field(3, nanos(histogram.timeMs)), attributes, varintField(10, noRecordedValue));
  const { counts } = dense(histogram.positive);
  const first = histogram.positive.spans[0]?.offset ?? 0;
  const all = Array.from({ length: histogram.bounds.length + 1 }, (_, bucket) => counts[bucket - first] ?? 0);
  return concat(
    moments(histogram),
    lengthDelimited(6, joined(all.map((count) => fixed64(whole(count))))),
    lengthDelimited(7, joined(histogram.bounds.map(double))),
    attributes,
  );
}

function exponentialPoint(histogram: WrittenHistogram, attributes: Uint8Array): Uint8Array {
  if (histogram.sumBits === staleBits)
    return concat(fixed64Field(3, nanos(histogram.timeMs)), attributes, varintField(10, noRecordedValue));
  return concat(
    moments(histogram),
    attributes,
    zigzagField(6, histogram.schema),
    fixed64Field(7, whole(histogram.zeroCount)),
    exponentialBuckets(8, histogram.positive),
    exponentialBuckets(9, histogram.negative),
    doubleField(14, histogram.zeroThreshold),
  );
}

/** Prometheus's bucket i ends where OTLP's bucket i begins: OTLP counts from one less. */
function exponentialBuckets(field: number, buckets: Buckets): Uint8Array {
  const { offset, counts } = dense(buckets);
  if (counts.length === 0) return new Uint8Array(0);
  const packed = lengthDelimited(2, ...counts.map((count) => varint(whole(count))));
  return lengthDelimited(field, zigzagField(1, offset - 1), packed);
}

/** The buckets from the first span to the last, with zeros in the gaps. */
function dense({ spans, counts }: Buckets): { readonly offset: number; readonly counts: readonly number[] } {
  const size = spans.reduce((sum, { offset, length }, index) => sum + length + (index === 0 ? 0 : offset), 0);
  if (size > mostBuckets || spans.some(({ offset }, index) => index > 0 && offset < 0))
    throw new Malformed(0, `a histogram of ${size} buckets where ${mostBuckets} are allowed`);
  const all = new Array<number>(Math.max(0, size)).fill(0);
  let [at, read] = [0, 0];
  for (const [index, { offset, length }] of spans.entries()) {
    at += index === 0 ? 0 : offset;
    for (let left = length; left > 0; left -= 1) all[at++] = counts[read++] ?? 0;
  }
  return { offset: spans[0]?.offset ?? 0, counts: all };
}

/** OTLP counts in whole numbers; a count of parts is refused rather than rounded in silence. */
function whole(count: number): bigint {
  if (!Number.isInteger(count) || count < 0)
    throw new Malformed(0, `a histogram with a count of ${count}: only whole counts can be stored`);
  return BigInt(count);
}

function textAttribute(field: number, key: string, value: string): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));
}
