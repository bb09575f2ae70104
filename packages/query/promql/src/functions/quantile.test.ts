import { expect, test } from 'vitest';
import { quantileOf } from './quantile.ts';

const infinite = Float64Array.of(Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY);

test.each([
  [0, Number.NEGATIVE_INFINITY],
  [0.5, 1],
  [0.75, Number.POSITIVE_INFINITY],
  [1, Number.POSITIVE_INFINITY],
])('quantile %d among infinite values is %d', (quantile, value) => {
  expect(quantileOf(quantile, infinite)).toBe(value);
});
