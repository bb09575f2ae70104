import { QueryError } from '@maru/query-core';
import type { Window } from '../../evaluate/window.ts';
import { type FunctionDefinition, overTime } from '../definition.ts';

export const doubleExponentialSmoothing: FunctionDefinition = overTime(
  'double_exponential_smoothing',
  'smoothed value of a gauge with trend; factors for value and trend between 0 and 1',
  (window, [smoothing = 0, trend = 0]) => {
    checkFactor('smoothing', smoothing);
    checkFactor('trend', trend);
    return window.count < 2 ? undefined : smoothed(window, smoothing, trend);
  },
  { parameters: ['matrix', 'scalar', 'scalar'], isExperimental: true },
);

function checkFactor(name: string, factor: number): void {
  if (factor > 0 && factor < 1) return;
  throw new QueryError('execution', `invalid ${name} factor. Expected: 0 < ${name[0]}f < 1, got: ${factor}`);
}

/** Holt's linear method; the first two samples give the first value and trend. */
function smoothed(window: Window, smoothing: number, trendFactor: number): number {
  let previousLevel = 0;
  let level = window.valueAt(window.from);
  let trend = window.valueAt(window.from + 1) - level;
  for (let index = window.from + 1; index < window.to; index += 1) {
    if (index > window.from + 1) trend = trendFactor * (level - previousLevel) + (1 - trendFactor) * trend;
    const forecast = (1 - smoothing) * (level + trend);
    previousLevel = level;
    level = smoothing * window.valueAt(index) + forecast;
  }
  return level;
}
