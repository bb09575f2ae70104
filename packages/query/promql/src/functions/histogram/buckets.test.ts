import { expect, test } from 'vitest';
import { BucketReader } from './buckets.ts';

/** Buckets of one step each, `NaN` where there is no sample. */
function reader(
  ...buckets: readonly (readonly [upperBound: number, ...counts: readonly number[]])[]
): BucketReader {
  return new BucketReader(
    buckets.map(([upperBound, ...counts]) => ({
      upperBound,
      values: counts,
      present: counts.map((count) => (Number.isNaN(count) ? 0 : 1)),
    })),
  );
}

function shown({ length, upperBounds, counts }: BucketReader): (readonly [number, number])[] {
  return Array.from({ length }, (_, index) => [
    upperBounds[index] ?? Number.NaN,
    counts[index] ?? Number.NaN,
  ]);
}

const infinity = Number.POSITIVE_INFINITY;
const none = Number.NaN;

test('buckets stand in the order of their bounds, those of one bound together, and those without a sample not at all', () => {
  const buckets = reader([infinity, 9, 20], [1, 2, none], [5, none, 7], [1, 3, 4]);
  expect(buckets.read(0)).toBe(true);
  expect(shown(buckets)).toEqual([
    [1, 5],
    [infinity, 9],
  ]);
  expect(buckets.read(1)).toBe(true);
  expect(shown(buckets)).toEqual([
    [1, 4],
    [5, 7],
    [infinity, 20],
  ]);
  expect(buckets.wasForcedMonotonic).toBe(false);
});

test('counts are made to grow; rounding alone is no repair', () => {
  const buckets = reader([1, 10, 10], [2, 10 - 1e-13, 8], [infinity, 12, 12]);
  buckets.read(0);
  expect(shown(buckets)).toEqual([
    [1, 10],
    [2, 10],
    [infinity, 12],
  ]);
  expect(buckets.wasForcedMonotonic).toBe(false);
  buckets.read(1);
  expect(shown(buckets)).toEqual([
    [1, 10],
    [2, 10],
    [infinity, 12],
  ]);
  expect(buckets.wasForcedMonotonic).toBe(true);
  buckets.read(0);
  expect(buckets.wasForcedMonotonic).toBe(false);
});

test('without a bucket up to +Inf there are none, and without a sample not even that', () => {
  const buckets = reader([1, 10, none], [2, 11, none]);
  expect(buckets.read(0)).toBe(true);
  expect(buckets.length).toBe(0);
  expect(buckets.read(1)).toBe(false);
});
