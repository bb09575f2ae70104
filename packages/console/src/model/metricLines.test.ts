import { expect, test } from 'vitest';
import { metricLines, queryName } from './metricLines.ts';

const range = { startMillis: 0, endMillis: 30_000 };
const answer = (query: string, metric: Record<string, string>) => ({
  query,
  step: 15,
  series: [{ metric, values: [[15, '1']] as const }],
  warnings: [],
});

test('quantiles are named by their share', () => {
  expect(queryName('histogram_quantile(0.95, sum by (le) (x))')).toBe('p95');
  expect(queryName('histogram_quantile(0.999, x)')).toBe('p99.9');
  expect(queryName('rate(x[1m])')).toBe('rate(x[1m])');
});

test('the lines of several queries share the axis and are told apart', () => {
  const lines = metricLines(
    [answer('histogram_quantile(0.5, x)', {}), answer('histogram_quantile(0.99, x)', {})],
    range,
    'x',
  );
  expect(lines.times).toEqual([0, 15, 30]);
  expect(lines.series.map((line) => line.label)).toEqual(['p50', 'p99']);
  expect(lines.series[0]?.values).toEqual([null, 1, null]);
});

test('a single unlabelled line bears the name of the metric', () => {
  expect(metricLines([answer('sum (rate(x[3m]))', {})], range, 'x').series[0]?.label).toBe('x');
  expect(metricLines([answer('1 + 1', {})], range, undefined).series[0]?.label).toBe('1 + 1');
});
