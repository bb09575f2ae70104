import { Cursor, Malformed } from '@maru/otlp';
import {
  doubleOf,
  type Field,
  fieldsOf,
  readBuckets,
  signedOf,
  textOf,
  textPair,
  type WrittenExemplar,
  type WrittenHistogram,
  zigzagOf,
} from '@maru/receive/prometheus';
import {
  BadExposition,
  type ExposedSample,
  type Exposition,
  type Family,
  familyFinder,
  type Pairs,
} from './exposition.ts';
import { floatLabel } from './float-label.ts';
import { unknownTime } from './openmetrics.ts';

/** Which forms of a histogram are wanted when a target shows both. */
export interface HistogramForms {
  readonly native: boolean;
  /** Whether the classic form is taken beside the native one; without the native one it always is. */
  readonly classicToo: boolean;
}

/**
 * Reads Prometheus's protobuf format: `io.prometheus.client.MetricFamily` messages, each behind its length. It alone holds
 * native histograms. Throws a `BadExposition`.
 *
 * Message: https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto
 */
export function parseProtobuf(body: Uint8Array, forms: HistogramForms): Exposition {
  try {
    const families = new Map<string, Family>();
    const samples: ExposedSample[] = [];
    for (const message of delimited(body)) readFamily(message, forms, families, samples);
    return { samples, familyOf: familyFinder(families) };
  } catch (error) {
    if (error instanceof Malformed) throw new BadExposition(`no metrics in protobuf: ${error.what}`);
    throw error;
  }
}

function* delimited(body: Uint8Array): Generator<Uint8Array, void, undefined> {
  const cursor = new Cursor(body);
  while (cursor.position < body.length) {
    const length = cursor.length(body.length);
    const start = cursor.position;
    cursor.skip(length, body.length);
    yield body.subarray(start, start + length);
  }
}

/** Names of the enum of types by number. */
const types = ['counter', 'gauge', 'summary', 'unknown', 'histogram', 'gaugehistogram'];

function readFamily(
  message: Uint8Array,
  forms: HistogramForms,
  families: Map<string, Family>,
  samples: ExposedSample[],
): void {
  const fields = [...fieldsOf(message)];
  const once = new Map(fields.map((field) => [field.number, field]));
  const name = text(once.get(1));
  const type = types[Number(once.get(3)?.value ?? 0n)] ?? 'unknown';
  families.set(name, { type, help: text(once.get(2)) });
  const isGauge = type === 'gaugehistogram';
  for (const { number, bytes } of fields)
    if (number === 4) samples.push(...readMetric({ name, isGauge }, bytes, forms));
}

/** A metric's labels, time, and the kinds of values by their fields; each kind reads its own message. */
function readMetric(
  family: Pick<Metric, 'name' | 'isGauge'>,
  message: Uint8Array,
  forms: HistogramForms,
): readonly ExposedSample[] {
  const fields = [...fieldsOf(message)];
  const labels = fields.filter(({ number }) => number === 1).map(({ bytes }) => textPair(bytes));
  const time = fields.find(({ number }) => number === 6);
  const metric: Metric = {
    ...family,
    labels,
    timeMs: time === undefined ? undefined : Number(signedOf(time)),
  };
  return fields.flatMap(({ number, bytes }) => readers.get(number)?.(metric, bytes, forms) ?? []);
}

interface Metric {
  readonly name: string;
  readonly labels: Pairs;
  readonly timeMs: number | undefined;
  /** Whether its family is a gauge histogram. */
  readonly isGauge: boolean;
}

type ReadMetric = (metric: Metric, message: Uint8Array, forms: HistogramForms) => readonly ExposedSample[];

const readers: ReadonlyMap<number, ReadMetric> = new Map<number, ReadMetric>([
  [2, readValue],
  [3, readCounter],
  [4, readSummary],
  [5, readValue],
  [7, readHistogram],
]);

interface Shown {
  readonly value?: number;
  readonly startMs?: number;
  readonly exemplars?: readonly WrittenExemplar[];
  readonly histogram?: WrittenHistogram;
}

function sampleOf(metric: Metric, suffix: string, extra: Pairs, shown: Shown): ExposedSample {
  const pairs: Pairs = [['__name__', `${metric.name}${suffix}`], ...metric.labels, ...extra];
  return {
    series: JSON.stringify(pairs),
    labels: () => pairs,
    value: shown.value ?? 0,
    timeMs: metric.timeMs,
    startMs: shown.startMs ?? 0,
    exemplars: shown.exemplars ?? [],
    histogram: shown.histogram,
  };
}

function readValue(metric: Metric, message: Uint8Array): readonly ExposedSample[] {
  return [sampleOf(metric, '', [], { value: double(byNumber(message).get(1)) })];
}

function readCounter(metric: Metric, message: Uint8Array): readonly ExposedSample[] {
  const once = byNumber(message);
  const exemplar = once.get(2);
  return [
    sampleOf(metric, '', [], {
      value: double(once.get(1)),
      startMs: timestampMs(once.get(3)) ?? 0,
      exemplars: exemplar === undefined ? [] : [readExemplar(exemplar.bytes)],
    }),
  ];
}

function readSummary(metric: Metric, message: Uint8Array): readonly ExposedSample[] {
  const once = byNumber(message);
  const startMs = timestampMs(once.get(4)) ?? 0;
  const quantiles = [...fieldsOf(message)]
    .filter(({ number }) => number === 3)
    .map(({ bytes }) => byNumber(bytes));
  return [
    ...quantiles.map((quantile) =>
      sampleOf(metric, '', [['quantile', floatLabel(double(quantile.get(1)))]], {
        value: double(quantile.get(2)),
        startMs,
      }),
    ),
    sampleOf(metric, '_sum', [], { value: double(once.get(2)), startMs }),
    sampleOf(metric, '_count', [], { value: Number(once.get(1)?.value ?? 0n), startMs }),
  ];
}

function readHistogram(metric: Metric, message: Uint8Array, forms: HistogramForms): readonly ExposedSample[] {
  const fields = [...fieldsOf(message)];
  const isNative = forms.native && fields.some(({ number }) => number >= 6 && number <= 14);
  return [
    ...(isNative ? [nativeSample(metric, fields)] : []),
    ...(!isNative || forms.classicToo ? classicSamples(metric, fields) : []),
  ];
}

function classicSamples(metric: Metric, fields: readonly Field[]): readonly ExposedSample[] {
  const once = new Map(fields.map((field) => [field.number, field]));
  const startMs = timestampMs(once.get(15)) ?? 0;
  const count = countOf(once, 1, 4);
  const buckets = fields.filter(({ number }) => number === 3).map(({ bytes }) => byNumber(bytes));
  const hasInfinite = buckets.some((bucket) => double(bucket.get(2)) === Number.POSITIVE_INFINITY);
  const bucketOf = (bound: number, value: number, exemplar: Field | undefined): ExposedSample =>
    sampleOf(metric, '_bucket', [['le', floatLabel(bound)]], {
      value,
      startMs,
      exemplars: exemplar === undefined ? [] : [readExemplar(exemplar.bytes)],
    });
  return [
    sampleOf(metric, '_count', [], { value: count, startMs }),
    sampleOf(metric, '_sum', [], { value: double(once.get(2)), startMs }),
    ...buckets.map((bucket) => bucketOf(double(bucket.get(2)), countOf(bucket, 1, 4), bucket.get(3))),
    ...(hasInfinite ? [] : [bucketOf(Number.POSITIVE_INFINITY, count, undefined)]),
  ];
}

/** Remote write's mark of a histogram that may go down. */
const gaugeHint = 3;

function nativeSample(metric: Metric, fields: readonly Field[]): ExposedSample {
  const once = new Map(fields.map((field) => [field.number, field]));
  const startMs = timestampMs(once.get(15)) ?? 0;
  const isPartial = once.has(4) && double(once.get(4)) > 0;
  const histogram: WrittenHistogram = {
    isFloat: isPartial,
    count: countOf(once, 1, 4),
    sum: double(once.get(2)),
    sumBits: 0n,
    schema: Number(zigzagOf(once.get(5)?.value ?? 0n)),
    zeroThreshold: double(once.get(6)),
    zeroCount: countOf(once, 7, 8),
    negative: readBuckets(fields, 9),
    positive: readBuckets(fields, 12),
    timeMs: BigInt(metric.timeMs ?? 0),
    startMs: BigInt(startMs),
    bounds: [],
    resetHint: metric.isGauge ? gaugeHint : 0,
  };
  const exemplars = fields.filter(({ number }) => number === 16).map(({ bytes }) => readExemplar(bytes));
  return sampleOf(metric, '', [], { histogram, startMs, exemplars });
}

/** A count in whole numbers, or in parts where the target counts so. */
function countOf(fields: ReadonlyMap<number, Field>, whole: number, parts: number): number {
  const field = fields.get(parts);
  const inParts = field === undefined ? 0 : doubleOf(field);
  return inParts > 0 ? inParts : Number(fields.get(whole)?.value ?? 0n);
}

function readExemplar(message: Uint8Array): WrittenExemplar {
  const fields = [...fieldsOf(message)];
  const once = new Map(fields.map((field) => [field.number, field]));
  const timeMs = timestampMs(once.get(3));
  return {
    labels: fields.filter(({ number }) => number === 1).map(({ bytes }) => textPair(bytes)),
    value: double(once.get(2)),
    timeMs: timeMs === undefined ? unknownTime : BigInt(timeMs),
  };
}

/** A `google.protobuf.Timestamp`. */
function timestampMs(field: Field | undefined): number | undefined {
  if (field === undefined) return undefined;
  const once = byNumber(field.bytes);
  const seconds = Number(signedOf(once.get(1) ?? nothing));
  return seconds * 1000 + Math.floor(Number(signedOf(once.get(2) ?? nothing)) / 1e6);
}

const nothing: Field = { number: 0, wire: 0, bytes: new Uint8Array(0), value: 0n };

function byNumber(message: Uint8Array): ReadonlyMap<number, Field> {
  return new Map([...fieldsOf(message)].map((field) => [field.number, field]));
}

function double(field: Field | undefined): number {
  return field === undefined ? 0 : doubleOf(field);
}

function text(field: Field | undefined): string {
  return field === undefined ? '' : textOf(field);
}
