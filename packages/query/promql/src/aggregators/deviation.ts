import { type Aggregator, folding } from './definition.ts';

/** Welford's running mean and sum of squares. */
interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
}

function start(value: number): Spread {
  return { count: 1, mean: value, squares: Number.isFinite(value) ? 0 : Number.NaN };
}

function add({ count, mean, squares }: Spread, value: number): Spread {
  const delta = value - mean;
  const newMean = mean + delta / (count + 1);
  return { count: count + 1, mean: newMean, squares: squares + delta * (value - newMean) };
}

const variance = ({ squares, count }: Spread): number => squares / count;

export const stdvar: Aggregator = folding(
  'stdvar',
  'population variance of the values',
  start,
  add,
  variance,
);

export const stddev: Aggregator = folding(
  'stddev',
  'population standard deviation of the values',
  start,
  add,
  (spread) => Math.sqrt(variance(spread)),
);
