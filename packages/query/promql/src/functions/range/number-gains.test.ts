import { labelsOf } from '@maru/query-core';
import { seededRandom } from '@maru/testkit';
import { expect, test } from 'vitest';
import type { RangeSeries, Windows } from '../../evaluate/values.ts';
import { Window } from '../../evaluate/window.ts';
import { extrapolatedGain } from './extrapolate.ts';
import { numberGains } from './number-gains.ts';

const notes = { warn: () => undefined, info: () => undefined };

/** What the function of one window gives, window by window. */
function byWindow(
  series: RangeSeries,
  { firstEndMs, stepMs, rangeMs }: Windows,
  steps: number,
  isCounter: boolean,
  perSecond: boolean,
): (number | undefined)[] {
  const window = new Window(series);
  return Array.from({ length: steps }, (_, step) => {
    const endMs = firstEndMs + step * stepMs;
    window.moveTo(endMs - rangeMs, endMs);
    const gain = window.count === 0 ? undefined : extrapolatedGain(window, isCounter, notes, perSecond);
    return typeof gain === 'number' ? gain : undefined;
  });
}

function together(
  series: RangeSeries,
  windows: Windows,
  steps: number,
  isCounter: boolean,
  perSecond: boolean,
): (number | undefined)[] {
  const into = { values: new Float64Array(steps), present: new Uint8Array(steps) };
  const found = numberGains(isCounter, perSecond)(series, windows, into);
  expect(found).toBe(into.present.reduce((sum, present) => sum + present, 0));
  return Array.from(into.values, (value, step) => (into.present[step] === 1 ? value : undefined));
}

/** Series whose samples are evenly apart or not, with resets, from zero on or not; what they are like is told or not. */
function someSeries(random: () => number): RangeSeries {
  const count = Math.floor(random() * 60);
  const distanceMs = [1_000, 15_000, 20_000, 60_000][Math.floor(random() * 4)] ?? 0;
  const jitterMs = random() < 0.5 ? 0 : 400;
  const resets = random() < 0.3 ? 0.1 : 0;
  let value = random() < 0.5 ? 0 : random() * 1_000;
  const values = Float64Array.from({ length: count }, () => {
    value = random() < resets ? random() * 5 : value + random() * 20;
    return value;
  });
  const times = Float64Array.from(values, (_, index) => index * distanceMs + Math.floor(random() * jitterMs));
  const shape = {
    distanceMs: jitterMs === 0 ? distanceMs : undefined,
    neverFalls: values.every((one, index) => index === 0 || one >= (values[index - 1] ?? 0)),
  };
  const isTold = random() < 0.5;
  return {
    ...{ labels: labelsOf([]), dropName: false, times, values, isDelta: false },
    shape: isTold ? shape : undefined,
  };
}

test.each([
  ['rate', true, true],
  ['increase', true, false],
  ['delta', false, false],
] as const)('%s of all windows at once is that of each window', (_name, isCounter, perSecond) => {
  const random = seededRandom(7);
  for (let round = 0; round < 2_000; round += 1) {
    const series = someSeries(random);
    const windows = {
      firstEndMs: Math.floor(random() * 100 - 40) * (round % 2 === 0 ? 500 : 15_000),
      stepMs: [0, 1_000, 15_000, 30_000, 60_000, 61_000][Math.floor(random() * 6)] ?? 0,
      rangeMs: [15_000, 60_000, 300_000][Math.floor(random() * 3)] ?? 0,
    };
    const steps = 1 + Math.floor(random() * 40);
    expect(together(series, windows, steps, isCounter, perSecond), `round ${round}`).toEqual(
      byWindow(series, windows, steps, isCounter, perSecond),
    );
  }
});
