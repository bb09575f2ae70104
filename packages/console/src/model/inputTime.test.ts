import { expect, test } from 'vitest';
import { inputTime, parseInputTime } from './inputTime.ts';

test.each(['UTC', undefined])('a moment survives the input field (%s)', (zone) => {
  const moment = 1_700_000_001_000;
  expect(parseInputTime(inputTime(moment, zone), zone)).toBe(moment);
});

test('UTC is written as UTC', () => {
  expect(inputTime(1_700_000_000_000, 'UTC')).toBe('2023-11-14T22:13:20');
});

test('an empty field is no time', () => {
  expect(parseInputTime('', 'UTC')).toBeUndefined();
});
