import { expect, test } from 'vitest';
import { operationsOf, quantile } from './operations.ts';

test('operations are counted, their errors found by id, most frequent first', () => {
  const spans = [
    { spanId: 'a', name: 'GET /', durationNanos: 10 },
    { spanId: 'b', name: 'GET /', durationNanos: 30 },
    { spanId: 'c', name: 'POST /login', durationNanos: 5 },
    { spanId: 'd', name: 'GET /', durationNanos: 20 },
  ];
  expect(operationsOf(spans, new Set(['c', 'x']))).toEqual([
    { name: 'GET /', count: 3, errors: 0, p50Nanos: 20, p95Nanos: 30 },
    { name: 'POST /login', count: 1, errors: 1, p50Nanos: 5, p95Nanos: 5 },
  ]);
});

test('quantiles go by nearest rank', () => {
  expect(quantile([1, 2, 3, 4], 0.5)).toBe(2);
  expect(quantile([1], 0.99)).toBe(1);
  expect(quantile([], 0.5)).toBeNaN();
});
