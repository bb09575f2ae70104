import {
  bitsOf,
  doubleOf,
  doublesOf,
  type Field,
  fieldsOf,
  signedOf,
  varintsOf,
  zigzagOf,
} from './message.ts';
import type { BucketSpan, Buckets, WrittenHistogram } from './series.ts';

/** Reads a `prometheus.Histogram`, of which both versions of remote write have the same numbers. */
export function readHistogram(message: Uint8Array): WrittenHistogram {
  const fields = [...fieldsOf(message)];
  const numbers = new Map(fields.map((field) => [field.number, field]));
  const integer = (number: number): bigint => signedOf(numbers.get(number) ?? nothing);
  const float = (number: number): number => {
    const field = numbers.get(number);
    return field === undefined ? 0 : doubleOf(field);
  };
  const sum = numbers.get(3);
  return {
    isFloat: numbers.has(2),
    count: numbers.has(2) ? float(2) : Number(integer(1)),
    sum: float(3),
    sumBits: sum === undefined ? 0n : bitsOf(sum),
    schema: Number(zigzagOf(numbers.get(4)?.value ?? 0n)),
    zeroThreshold: float(5),
    zeroCount: numbers.has(7) ? float(7) : Number(integer(6)),
    negative: readBuckets(fields, 8),
    positive: readBuckets(fields, 11),
    timeMs: integer(15),
    startMs: integer(17),
    bounds: fields.filter(({ number }) => number === 16).flatMap(doublesOf),
    resetHint: Number(integer(14)),
  };
}

const nothing: Field = { number: 0, wire: 0, bytes: new Uint8Array(0), value: 0n };

/** Buckets that stand in three fields one behind the other: spans, deltas of whole counts, counts that are doubles. */
export function readBuckets(fields: readonly Field[], first: number): Buckets {
  const part = (number: number): readonly Field[] => fields.filter((field) => field.number === number);
  const deltas = part(first + 1)
    .flatMap(varintsOf)
    .map(zigzagOf);
  const counts = part(first + 2).flatMap(doublesOf);
  return {
    spans: part(first).map(({ bytes }) => readSpan(bytes)),
    counts: counts.length > 0 ? counts : summed(deltas),
  };
}

function readSpan(message: Uint8Array): BucketSpan {
  let [offset, length] = [0, 0];
  for (const { number, value } of fieldsOf(message)) {
    if (number === 1) offset = Number(zigzagOf(value));
    if (number === 2) length = Number(value);
  }
  return { offset, length };
}

/** Whole counts are sent as the difference from the bucket before. */
function summed(deltas: readonly bigint[]): readonly number[] {
  let count = 0;
  return deltas.map((delta) => {
    count += Number(delta);
    return count;
  });
}
