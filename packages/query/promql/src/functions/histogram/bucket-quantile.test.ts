import { expect, test } from 'vitest';
import { bucketFraction } from './bucket-quantile.ts';

test('of buckets that count below 0 no fraction is more than all', () => {
  const buckets = [-1, -3].map((count, index) => ({
    upperBound: index === 0 ? 2 : Number.POSITIVE_INFINITY,
    count,
  }));
  expect(bucketFraction(Number.NEGATIVE_INFINITY, 3, buckets)).toBeCloseTo(0);
});
