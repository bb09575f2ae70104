import type { QueryResult, ResultSeries } from '@maru/promql';
import { labelsKey, labelsOf, printFloat } from '@maru/query-core';

/** An answer to compare: why the query failed, or the samples by series and time. */
export type ComparableAnswer = { readonly failure: string } | ReadonlyMap<string, number>;

/** Our own answer, an instant vector or a matrix of numbers. */
export function ownAnswer({ value }: QueryResult): ComparableAnswer {
  if (value.type !== 'vector' && value.type !== 'matrix')
    throw new TypeError(`not compared: a ${value.type}`);
  return new Map(value.series.flatMap(ownSamples));
}

function ownSamples({ labels, times, values }: ResultSeries): readonly (readonly [string, number])[] {
  const key = labelsKey(labels);
  return Array.from(times, (time, index) => [`${key} at ${time}`, values[index] ?? Number.NaN] as const);
}

interface PrometheusAnswer {
  readonly error?: string;
  readonly data?: {
    readonly result: readonly {
      readonly metric: Readonly<Record<string, string>>;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

/** What Prometheus says to a form sent to one of its paths. */
export async function peerAnswer(
  url: string,
  form: Readonly<Record<string, string>>,
): Promise<ComparableAnswer> {
  const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
  const { error, data } = (await response.json()) as PrometheusAnswer;
  if (data === undefined) return { failure: error ?? `status ${response.status}` };
  return new Map(
    data.result.flatMap(({ metric, value, values }) => {
      const key = labelsKey(labelsOf(Object.entries(metric)));
      const samples = values ?? (value === undefined ? [] : [value]);
      return samples.map(
        ([time, text]) => [`${key} at ${Math.round(time * 1000)}`, readValue(text)] as const,
      );
    }),
  );
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
