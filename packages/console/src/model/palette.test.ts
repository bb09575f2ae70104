import { expect, test } from 'vitest';
import { paletteSize, seriesColor, serviceColors } from './palette.ts';

test('a service keeps its colour whatever the order', () => {
  const one = serviceColors(['board-api', 'board-web']);
  const other = serviceColors(['board-web', 'board-api']);
  expect(one.get('board-api')).toBe(other.get('board-api'));
});

test('colours differ as long as there are enough', () => {
  const services = Array.from({ length: paletteSize }, (_, n) => `service ${n}`);
  expect(new Set(serviceColors(services).values()).size).toBe(paletteSize);
});

test('more services than colours still all have one', () => {
  const services = Array.from({ length: 40 }, (_, n) => `service ${n}`);
  expect([...serviceColors(services).values()].every((color) => /^--series-\d+$/.test(color))).toBe(true);
  expect(seriesColor(paletteSize)).toBe('--series-0');
});
