import { expect, test } from 'vitest';
import { sortServices } from './serviceSort.ts';

const service = (name: string, requestsPerSecond: number, errorRatio: number, p95Nanos: string) => ({
  name,
  requestsPerSecond,
  errorRatio,
  p50Nanos: '1',
  p95Nanos,
  p99Nanos: '1',
});
const services = [service('b', 1, 0, '900'), service('a', 1, 0.5, '1000'), service('c', 9, 0.1, '50')];
const order = (sort: string): string =>
  sortServices(services, sort)
    .map((one) => one.name)
    .join('');

test.each([
  ['-rate', 'cab'],
  ['rate', 'abc'],
  ['-errors', 'acb'],
  ['-p95', 'abc'],
  ['name', 'abc'],
  ['-name', 'cba'],
  ['-nonsense', 'cba'],
])('by %s', (sort, expected) => {
  expect(order(sort)).toBe(expected);
});
