import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDuration,
  formatRate,
  formatRatio,
  formatTick,
  formatValue,
  millisOfNanos,
} from './format.ts';

const english = { locale: 'en', timeZone: 'UTC' };
const korean = { locale: 'ko', timeZone: 'Asia/Seoul' };

test.each([
  [0, '0'],
  [999, '999 ns'],
  [412_345, '412 µs'],
  [1_050_000_000, '1.05 s'],
  [125_000_000_000, '2m 5s'],
  [3_600_000_000_000, '1h 0m'],
  [-1_500_000, '−1.5 ms'],
  [Number.NaN, '–'],
])('%d ns is written %s', (nanos, expected) => {
  expect(formatDuration(nanos)).toBe(expected);
});

test('counts are exact below 100,000 and shortened above, by the locale', () => {
  expect(formatCount(12_345, english)).toBe('12,345');
  expect(formatCount(1_234_567, english)).toBe('1.2M');
  expect(formatCount(1_234_567, korean)).toBe('123.5만');
});

test('ratios keep small errors visible', () => {
  expect(formatRatio(0.0042, english)).toBe('0.42%');
  expect(formatRatio(0, english)).toBe('0%');
  expect(formatRatio(0.125, english)).toBe('12.5%');
});

test('rates that are hardly any are said to be so', () => {
  expect(formatRate(0.000278, english)).toBe('<0.01');
  expect(formatRate(0, english)).toBe('0');
  expect(formatRate(12.345, english)).toBe('12.3');
});

test('bytes go by powers of 1,024', () => {
  expect(formatBytes(0)).toBe('0 B');
  expect(formatBytes(1536)).toBe('1.5 KiB');
});

describe('values in their unit', () => {
  test.each([
    [0.25, 's', '250 ms'],
    [0.25, 'seconds', '250 ms'],
    [2048, 'By', '2 KiB'],
    [1.5, '/s', '1.5/s'],
    [2048, 'bytes/s', '2 KiB/s'],
    [0.00001, '', '1.00e-5'],
    [Number.POSITIVE_INFINITY, '', '+Inf'],
    [Number.NaN, 's', 'NaN'],
  ])('%d %s', (value, unit, expected) => {
    expect(formatValue(value, unit, english)).toBe(expected);
  });
});

test('nanoseconds beyond 2^53 keep their microseconds', () => {
  expect(millisOfNanos('1700000000123456789')).toBeCloseTo(1_700_000_000_123.4568, 3);
});

test('clocks follow the time zone', () => {
  expect(formatClock(1_700_000_000_123, english)).toBe('22:13:20.123');
  expect(formatClock(1_700_000_000_123, korean)).toBe('07:13:20.123');
});

test('ticks show seconds only where they differ', () => {
  expect(formatTick(1_700_000_000_000, 300, english)).toBe('22:13');
  expect(formatTick(1_700_000_000_000, 10, english)).toBe('22:13:20');
  expect(formatTick(1_700_000_000_000, 86_400, english)).toBe('Nov 14');
});
