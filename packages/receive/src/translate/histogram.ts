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

interface RawBuckets {
  spans: BucketSpan[];
  deltas: bigint[];
  counts: number[];
}

/** Reads a `prometheus.Histogram`, of which both versions of remote write have the same numbers. */
export function readHistogram(message: Uint8Array): WrittenHistogram {
  const numbers = new Map<number, Field>();
  const negative: RawBuckets = { spans: [], deltas: [], counts: [] };
  const positive: RawBuckets = { spans: [], deltas: [], counts: [] };
  const bounds: number[] = [];
  for (const field of fieldsOf(message)) {
    const { number } = field;
    if (number >= 8 && number <= 10) readBuckets(negative, field, number - 8);
    else if (number >= 11 && number <= 13) readBuckets(positive, field, number - 11);
    else if (number === 16) for (const bound of doublesOf(field)) bounds.push(bound);
    else numbers.set(number, field);
  }
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
    negative: absolute(negative),
    positive: absolute(positive),
    timeMs: integer(15),
    startMs: integer(17),
    bounds,
    resetHint: Number(integer(14)),
  };
}

const nothing: Field = { number: 0, wire: 0, bytes: new Uint8Array(0), value: 0n };

/** `part` counts from the spans' field: spans, then deltas of whole counts, then counts that are doubles. */
function readBuckets(into: RawBuckets, field: Field, part: number): void {
  if (part === 0) into.spans.push(readSpan(field.bytes));
  else if (part === 1) for (const value of varintsOf(field)) into.deltas.push(zigzagOf(value));
  else for (const count of doublesOf(field)) into.counts.push(count);
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
function absolute({ spans, deltas, counts }: RawBuckets): Buckets {
  let count = 0;
  const summed = deltas.map((delta) => {
    count += Number(delta);
    return count;
  });
  return { spans, counts: counts.length > 0 ? counts : summed };
}
