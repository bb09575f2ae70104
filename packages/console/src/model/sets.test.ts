import { expect, test } from 'vitest';
import { toggled, without } from './sets.ts';

test('toggling puts in and takes out, and leaves the given set alone', () => {
  const set = new Set(['a']);
  expect([...toggled(set, 'b')]).toEqual(['a', 'b']);
  expect([...toggled(set, 'a')]).toEqual([]);
  expect([...set]).toEqual(['a']);
});

test('taking out what is not there changes nothing', () => {
  const set = new Set(['a']);
  expect(without(set, ['b'])).toBe(set);
  expect([...without(set, ['a', 'b'])]).toEqual([]);
});
