import { expect, test } from 'vitest';
import { bucketFraction } from './bucket-quantile.ts';

test('of buckets that count below 0 no fraction is more than all', () => {
  const buckets = { length: 2, upperBounds: [2, Number.POSITIVE_INFINITY], counts: [-1, -3] };
  expect(bucketFraction(Number.NEGATIVE_INFINITY, 3, buckets)).toBeCloseTo(0);
});
