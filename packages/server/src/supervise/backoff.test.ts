import { expect, it } from 'vitest';
import { countFall, restartDelayMs } from './backoff.ts';

it('doubles the wait up to ten seconds', () => {
  expect([0, 1, 2, 5, 6, 50].map(restartDelayMs)).toEqual([250, 500, 1_000, 8_000, 10_000, 10_000]);
});

it('forgets the falls of a child that stayed up', () => {
  expect(countFall(3, 100)).toBe(4);
  expect(countFall(3, 30_000)).toBe(0);
});
