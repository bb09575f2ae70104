import { expect, test } from 'vitest';
import { volumeByLevel } from './logVolume.ts';

const range = { startMillis: 0, endMillis: 180_000 };

test('bars stand on the begin of the step they count, errors last', () => {
  const volume = volumeByLevel(
    [
      { metric: { detected_level: 'error' }, values: [[120, '2']] },
      {
        metric: { detected_level: 'info' },
        values: [
          [60, '5'],
          [180, '7'],
        ],
      },
    ],
    range,
    60,
  );
  expect(volume.times).toEqual([0, 60, 120]);
  expect(volume.levels).toEqual([
    { level: 'info', counts: [5, 0, 7], total: 12 },
    { level: 'error', counts: [0, 2, 0], total: 2 },
  ]);
});

test('levels that nobody knows are added up as unknown', () => {
  const odd = (level: string) => ({ metric: { detected_level: level }, values: [[60, '1']] as const });
  expect(volumeByLevel([odd('loud'), odd('quiet')], range, 60).levels).toEqual([
    { level: 'unknown', counts: [2, 0, 0], total: 2 },
  ]);
});
