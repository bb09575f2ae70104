import type { PointKind } from './series-kinds.ts';

/** Every table that holds something of the points of a kind. */
export const pointTables: Readonly<Record<PointKind, readonly string[]>> = {
  number: ['number_points', 'exemplars'],
  histogram: ['histogram_points', 'exemplars'],
  exponentialHistogram: ['exponential_histogram_points', 'exemplars'],
  nativeHistogram: ['native_histogram_points', 'exemplars'],
  summary: ['summary_points'],
};
