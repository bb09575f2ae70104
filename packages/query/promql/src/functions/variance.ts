import { KahanSum } from './kahan.ts';

/** The population variance of some values by Welford's method, with compensated sums as Prometheus keeps them. */
export function varianceOf(values: Float64Array): number {
  const mean = new KahanSum();
  const squares = new KahanSum();
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    const delta = value - (mean.sum + mean.compensation);
    mean.add(delta / (index + 1));
    squares.add(delta * (value - (mean.sum + mean.compensation)));
  }
  return (squares.sum + squares.compensation) / values.length;
}
