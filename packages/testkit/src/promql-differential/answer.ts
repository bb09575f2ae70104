import {
  allBuckets,
  boundaryRule,
  type NativeHistogram,
  type QueryResult,
  type ResultSeries,
} from '@maru/promql';
import { labelsKey, labelsOf, printFloat } from '@maru/query-core';

/** An answer to compare: why the query failed, or the samples by series and time. */
export type ComparableAnswer = { readonly failure: string } | ReadonlyMap<string, number>;

/** Our own answer, an instant vector or a matrix; a histogram is compared as the numbers that the API shows of it. */
export function ownAnswer({ value }: QueryResult): ComparableAnswer {
  if (value.type !== 'vector' && value.type !== 'matrix')
    throw new TypeError(`not compared: a ${value.type}`);
  return new Map(value.series.flatMap(ownSamples));
}

type Sample = readonly [string, number];

function ownSamples({ labels, times, values, histograms }: ResultSeries): readonly Sample[] {
  const key = labelsKey(labels);
  const numbers = Array.from(
    times,
    (time, index): Sample => [`${key} at ${time}`, values[index] ?? Number.NaN],
  );
  const natives = histograms?.samples.flatMap((one, index) =>
    histogramSamples(`${key} at ${histograms.times[index]}`, ownNumbers(one)),
  );
  return [...numbers, ...(natives ?? [])];
}

function ownNumbers(histogram: NativeHistogram): readonly number[] {
  const buckets = allBuckets(histogram).flatMap((bucket) => [
    boundaryRule(bucket),
    bucket.lower,
    bucket.upper,
    bucket.count,
  ]);
  return [histogram.count, histogram.sum, ...buckets];
}

function histogramSamples(key: string, numbers: readonly number[]): readonly Sample[] {
  return numbers.map((number, index): Sample => [`${key}, number ${index} of the histogram`, number]);
}

interface PeerHistogram {
  readonly count: string;
  readonly sum: string;
  readonly buckets?: readonly (readonly [number, string, string, string])[];
}

interface PeerSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
  readonly histogram?: readonly [number, PeerHistogram];
  readonly histograms?: readonly (readonly [number, PeerHistogram])[];
}

interface PrometheusAnswer {
  readonly error?: string;
  readonly data?: { readonly result: readonly PeerSeries[] };
}

/** What Prometheus says to a form sent to one of its paths. */
export async function peerAnswer(
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<ComparableAnswer> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  const { error, data } = (await response.json()) as PrometheusAnswer;
  if (data === undefined) return { failure: error ?? `status ${response.status}` };
  return new Map(data.result.flatMap(peerSamples));
}

function peerSamples({ metric, value, values, histogram, histograms }: PeerSeries): readonly Sample[] {
  const key = labelsKey(labelsOf(Object.entries(metric)));
  const at = (time: number): string => `${key} at ${Math.round(time * 1000)}`;
  const numbers = values ?? (value === undefined ? [] : [value]);
  const natives = histograms ?? (histogram === undefined ? [] : [histogram]);
  return [
    ...numbers.map(([time, text]): Sample => [at(time), readValue(text)]),
    ...natives.flatMap(([time, one]) => histogramSamples(at(time), peerNumbers(one))),
  ];
}

function peerNumbers({ count, sum, buckets = [] }: PeerHistogram): readonly number[] {
  return [count, sum, ...buckets.flat()].map((one) => (typeof one === 'number' ? one : readValue(one)));
}

function readValue(text: string): number {
  return Number(text.replace(/Inf$/, 'Infinity'));
}

/** The largest difference that passes, of the value, or of 1 where the value is smaller. */
const tolerance = 1e-9;

/** Where two answers differ, in one sentence; `undefined` when they do not. Texts of failures are not compared. */
export function difference(own: ComparableAnswer, peer: ComparableAnswer): string | undefined {
  if ('failure' in own) {
    return 'failure' in peer
      ? undefined
      : `ours failed: ${own.failure}; Prometheus gave ${peer.size} samples`;
  }
  if ('failure' in peer) return `Prometheus failed: ${peer.failure}; ours gave ${own.size} samples`;
  const keys = new Set([...own.keys(), ...peer.keys()]);
  const different = [...keys].find((key) => !isNear(own.get(key), peer.get(key)));
  if (different === undefined) return undefined;
  return `${different}: ours ${shown(own.get(different))}, Prometheus ${shown(peer.get(different))}`;
}

function shown(value: number | undefined): string {
  return value === undefined ? 'nothing' : printFloat(value);
}

function isNear(left: number | undefined, right: number | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  if (Object.is(left, right) || left === right) return true;
  return Math.abs(left - right) <= tolerance * Math.max(1, Math.abs(left), Math.abs(right));
}
