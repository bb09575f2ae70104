import { double } from '@maru/otlp';
import { compareUtf8, type LabelPair, printDecimal } from '@maru/otlp/prometheus';
import { readAttributes } from '../model/attributes.ts';
import { contentOf, type Field, fixed64Of, readFields, varintOf, viewOf } from '../model/fields.ts';
import { textAttributes } from './attribute-text.ts';
import type { SeriesMetadata, SeriesSet, WriteExemplar, WriteSample } from './series.ts';

/** The metric that points belong to, as Prometheus has it. */
export interface PrometheusMetric {
  /** Without the suffixes of a histogram's or summary's series. */
  readonly name: string;
  readonly metadata: SeriesMetadata;
  /** Labels of a point, sorted, without `__name__`. */
  readonly labelsOf: (point: readonly Field[], attributesField: number) => readonly LabelPair[];
  readonly withExemplars: boolean;
  readonly series: SeriesSet;
}

/** Where the kinds of points have what all of them have. */
export interface PointLayout {
  readonly attributes: number;
  readonly flags: number;
  readonly exemplars: number | undefined;
}

/** When a point is and when its counter began, in milliseconds. */
export interface PointTime {
  readonly timeMs: number;
  readonly startMs: number;
}

export function timeOf(point: readonly Field[]): PointTime {
  return { timeMs: milliseconds(point, 3), startMs: milliseconds(point, 2) };
}

function milliseconds(fields: readonly Field[], number: number): number {
  return Number(fixed64Of(fields, number) / 1_000_000n);
}

/** The bytes of the NaN with which Prometheus says that a series has ended. */
export const staleMarker: Uint8Array = Buffer.from('020000000000f07f', 'hex');

/** OTLP's flag of a point without a value. */
export function isStale(point: readonly Field[], { flags }: PointLayout): boolean {
  return varintOf(point, flags) % 2 === 1;
}

/** The value as it is written, or that there is none. */
export function sample(time: PointTime, value: number | Uint8Array, stale: boolean): WriteSample {
  const bytes = typeof value === 'number' ? double(value) : value;
  return { ...time, value: stale ? staleMarker : bytes };
}

/** A double field's bytes as they stand; those of 0 when it is absent. */
export function doubleBytes(fields: readonly Field[], number: number): Uint8Array {
  return contentOf(fields, number) ?? zero;
}

const zero = double(0);

/** A point's labels with the name, and with the bound or quantile where it has one. */
export function named(
  labels: readonly LabelPair[],
  name: string,
  made?: readonly [label: 'le' | 'quantile', value: number],
): readonly LabelPair[] {
  const own: readonly LabelPair[] =
    made === undefined
      ? [['__name__', name]]
      : [
          ['__name__', name],
          [made[0], printDecimal(made[1])],
        ];
  const taken = new Set(own.map(([label]) => label));
  return [...own, ...labels.filter(([label]) => !taken.has(label))].toSorted(byName);
}

function byName([left]: LabelPair, [right]: LabelPair): number {
  return compareUtf8(left, right);
}

/** A number with a fraction or not; 0 when a point has none. */
export function numberOf(fields: readonly Field[], doubleField: number, integerField: number): Uint8Array {
  const real = contentOf(fields, doubleField);
  if (real !== undefined) return real;
  const integer = contentOf(fields, integerField);
  return integer === undefined ? zero : double(Number(viewOf(integer).getBigInt64(0, true)));
}

/** Prometheus takes no more characters in an exemplar's labels. */
const longestExemplar = 128;

/** The exemplars of a point. One whose labels are too long keeps those that lead to its trace. */
export function exemplarsOf(
  point: readonly Field[],
  { exemplars }: PointLayout,
  { timeMs }: PointTime,
): readonly WriteExemplar[] {
  return point
    .filter(({ number }) => number === exemplars)
    .map(({ content }) => exemplarOf(readFields(content), timeMs));
}

function exemplarOf(fields: readonly Field[], pointMs: number): WriteExemplar {
  const ids = [
    ['span_id', hexOf(fields, 4)],
    ['trace_id', hexOf(fields, 5)],
  ] as const;
  const trace = ids.filter(([, id]) => id !== '');
  const others = textAttributes(readAttributes(fields, 7)).map(({ key, text }): LabelPair => [key, text]);
  const all = [...others.filter(([key]) => key !== 'trace_id' && key !== 'span_id'), ...trace];
  const isLong = all.reduce((sum, [name, value]) => sum + name.length + value.length, 0) > longestExemplar;
  return {
    labels: (isLong ? trace : all).toSorted(byName),
    timeMs: milliseconds(fields, 2) || pointMs,
    value: numberOf(fields, 3, 6),
  };
}

function hexOf(fields: readonly Field[], number: number): string {
  return Buffer.from(contentOf(fields, number) ?? []).toString('hex');
}
