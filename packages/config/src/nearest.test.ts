import { expect, it } from 'vitest';
import { nearest } from './nearest.ts';

it.each([
  ['sevre', 'serve'],
  ['onec', 'once'],
  ['no-bord', 'no-board'],
  ['dashboard', undefined],
  ['x', undefined],
])('%s means %s', (word, meant) => {
  expect(nearest(word, ['serve', 'once', 'no-board', 'data'])).toBe(meant);
});
