import type { Window } from '../../evaluate/window.ts';
import { isInfinite, KahanSum } from '../kahan.ts';

/** A straight line: value per second, and the value at the intercept's time. */
export interface Line {
  readonly slope: number;
  readonly intercept: number;
}

/**
 * The line of least squares through a window's samples.
 *
 * @param interceptMs the time at which the line's intercept lies
 */
export function fitLine(window: Window, interceptMs: number): Line {
  const first = window.valueAt(window.from);
  if (isConstant(window, first)) {
    return isInfinite(first) ? { slope: Number.NaN, intercept: Number.NaN } : { slope: 0, intercept: first };
  }
  return leastSquares(window, interceptMs);
}

function isConstant(window: Window, first: number): boolean {
  for (let index = window.from + 1; index < window.to; index += 1) {
    if (window.valueAt(index) !== first) return false;
  }
  return true;
}

function leastSquares(window: Window, interceptMs: number): Line {
  const x = new KahanSum();
  const y = new KahanSum();
  const xy = new KahanSum();
  const xx = new KahanSum();
  for (let index = window.from; index < window.to; index += 1) {
    const seconds = (window.timeAt(index) - interceptMs) / 1000;
    const value = window.valueAt(index);
    x.add(seconds);
    y.add(value);
    xy.add(seconds * value);
    xx.add(seconds * seconds);
  }
  const [sumX, sumY] = [x.sum + x.compensation, y.sum + y.compensation];
  const covariance = xy.sum + xy.compensation - (sumX * sumY) / window.count;
  const variance = xx.sum + xx.compensation - (sumX * sumX) / window.count;
  const slope = covariance / variance;
  return { slope, intercept: sumY / window.count - (slope * sumX) / window.count };
}
