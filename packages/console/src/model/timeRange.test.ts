import { expect, test } from 'vitest';
import { alignedSeconds, fixedRange, parseMoment, presetOf, resolveRange, stepSeconds } from './timeRange.ts';

const now = 1_700_000_000_000;

test.each([
  ['now', now],
  ['now-15m', now - 900_000],
  ['now-7d', now - 604_800_000],
  ['1699999999000', 1_699_999_999_000],
  ['yesterday', undefined],
  ['now-', undefined],
])('moment %s', (text, expected) => {
  expect(parseMoment(text, now)).toBe(expected);
});

test('an unreadable or inverted range falls back to the last hour', () => {
  const lastHour = { startMillis: now - 3_600_000, endMillis: now };
  expect(resolveRange({ from: 'x', to: 'now' }, now)).toEqual(lastHour);
  expect(resolveRange({ from: 'now', to: 'now-1h' }, now)).toEqual(lastHour);
});

test('only ranges that end now are presets', () => {
  expect(presetOf({ from: 'now-1h', to: 'now' })).toBe('1h');
  expect(presetOf({ from: 'now-1h', to: '1700000000000' })).toBeUndefined();
});

test('a picked range is never shorter than a second', () => {
  expect(fixedRange(1000.6, 1000.7)).toEqual({ from: '1000', to: '2000' });
});

test('steps are round and keep the number of points below the limit', () => {
  expect(stepSeconds({ startMillis: now - 3_600_000, endMillis: now }, 240)).toBe(15);
  expect(stepSeconds({ startMillis: now - 300_000, endMillis: now }, 240)).toBe(2);
});

test('aligned ends lie on whole steps outside the range', () => {
  expect(alignedSeconds({ startMillis: 61_000, endMillis: 119_000 }, 60)).toEqual({ start: 60, end: 120 });
});
