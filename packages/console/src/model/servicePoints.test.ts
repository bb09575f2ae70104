import { expect, test } from 'vitest';
import { servicePoints } from './servicePoints.ts';

const hour = { startMillis: 1_200_000, endMillis: 4_800_000 };
const point = (timeUnixSeconds: number, requests: number, errors = 0) => ({
  timeUnixSeconds,
  requests,
  errors,
  p95Nanos: '5',
});

test('intervals without a request are zeros, but have no ratio and no duration', () => {
  const points = servicePoints([point(1320, 240, 60)], hour);
  expect(points).toHaveLength(30);
  expect(points[0]).toEqual({
    timeUnixSeconds: 1200,
    requestsPerSecond: 0,
    errorsPerSecond: 0,
    errorRatio: null,
    p95Nanos: null,
  });
  expect(points[1]).toEqual({
    timeUnixSeconds: 1320,
    requestsPerSecond: 2,
    errorsPerSecond: 0.5,
    errorRatio: 0.25,
    p95Nanos: 5,
  });
});

test('rates of intervals cut by the range are taken over the part inside it', () => {
  const shifted = { startMillis: 1_260_000, endMillis: 4_860_000 };
  const points = servicePoints([point(1200, 120), point(4800, 60)], shifted);
  expect(points[0]).toMatchObject({ timeUnixSeconds: 1200, requestsPerSecond: 2 });
  expect(points.at(-1)).toMatchObject({ timeUnixSeconds: 4800, requestsPerSecond: 1 });
});

test('an interval that has hardly begun is left out', () => {
  const points = servicePoints([point(4800, 1)], { startMillis: 1_210_000, endMillis: 4_810_000 });
  expect(points.at(-1)?.timeUnixSeconds).toBe(4680);
});

test('a range of seconds has intervals of one second', () => {
  expect(servicePoints([], { startMillis: 0, endMillis: 10_000 })).toHaveLength(10);
});
