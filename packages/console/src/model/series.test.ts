import { expect, test } from 'vitest';
import { alignMatrix, seriesNames, stacked } from './series.ts';

test('samples fall on the grid, and what cannot be drawn is a gap', () => {
  const columns = alignMatrix(
    [
      {
        metric: {},
        values: [
          [0, '1'],
          [30, 'NaN'],
          [45, '+Inf'],
          [60, '2.5'],
          [600, '9'],
        ],
      },
    ],
    0,
    60,
    15,
  );
  expect(columns).toEqual({ times: [0, 15, 30, 45, 60], rows: [[1, null, null, null, 2.5]] });
});

test('stacked rows add up, gaps counting as zero', () => {
  expect(
    stacked([
      [1, null, 2],
      [3, 4, null],
    ]),
  ).toEqual([
    [1, 0, 2],
    [4, 4, 2],
  ]);
});

test('the legend names what differs', () => {
  expect(
    seriesNames([
      { metric: { __name__: 'up', job: 'a', pod: '1' } },
      { metric: { __name__: 'up', job: 'a', pod: '2' } },
    ]),
  ).toEqual(['1', '2']);
  expect(seriesNames([{ metric: { a: '1', b: '2' } }, { metric: { a: '2', b: '1' } }])).toEqual([
    'a=1, b=2',
    'a=2, b=1',
  ]);
  expect(seriesNames([{ metric: { __name__: 'up' } }])).toEqual(['up']);
  expect(seriesNames([{ metric: {} }])).toEqual(['']);
});
