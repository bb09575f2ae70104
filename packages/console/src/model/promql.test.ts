import { expect, test } from 'vitest';
import { familyName, firstQueries, rateWindowSeconds, selector, unitOf } from './promql.ts';

const metric = (name: string, type: string) => ({ name, type, unit: '', help: '' });

test('a counter is shown as its rate', () => {
  expect(firstQueries(metric('http_requests_total', 'counter'), [], 15)).toEqual([
    'sum (rate(http_requests_total[3m]))',
  ]);
  expect(firstQueries(metric('http_requests_total', 'counter'), ['code', 'job'], 15)).toEqual([
    'sum by (code, job) (rate(http_requests_total[3m]))',
  ]);
});

test('a histogram is shown as three quantiles', () => {
  expect(firstQueries(metric('latency_seconds', 'histogram'), ['http_route'], 15)[1]).toBe(
    'histogram_quantile(0.95, sum by (le, http_route) (rate(latency_seconds_bucket[3m])))',
  );
});

test('a gauge is shown as it stands, and summed when grouped', () => {
  expect(firstQueries(metric('pool_size', 'gauge'), [], 15)).toEqual(['pool_size']);
  expect(firstQueries(metric('pool_size', 'gauge'), ['job'], 15)).toEqual(['sum by (job) (pool_size)']);
});

test('names beyond the old alphabet are quoted', () => {
  expect(selector('http.requests', { 'http.route': '/a"b' })).toBe(
    '{"http.requests", "http.route"="/a\\"b"}',
  );
  expect(selector('up', { job: 'x' })).toBe('up{job="x"}');
});

test('the rate window holds at least two samples of a 60 s exporter and two steps', () => {
  expect(rateWindowSeconds(15)).toBe(180);
  expect(rateWindowSeconds(300)).toBe(600);
});

test('the three series of a classic histogram are one metric', () => {
  const histograms = new Set(['latency_seconds']);
  expect(familyName('latency_seconds_bucket', histograms)).toBe('latency_seconds');
  expect(familyName('disk_count', histograms)).toBe('disk_count');
});

test.each([
  ['x_bytes', 'gauge', '', 'bytes'],
  ['x_bytes_total', 'counter', '', 'bytes/s'],
  ['x_total', 'counter', '', '/s'],
  ['x', 'histogram', 's', 's'],
])('unit of %s (%s)', (name, type, unit, expected) => {
  expect(unitOf({ name, type, unit })).toBe(expected);
});
