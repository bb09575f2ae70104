import type { PointKind } from './series-kinds.ts';

/** The tables that hold something of the points of a kind, but for the samples of numbers. */
export const pointTables: Readonly<Record<PointKind, readonly string[]>> = {
  number: ['exemplars'],
  histogram: ['histogram_points', 'exemplars'],
  exponentialHistogram: ['exponential_histogram_points', 'exemplars'],
  nativeHistogram: ['native_histogram_points', 'exemplars'],
  summary: ['summary_points'],
};
