import { type Sql, sql } from '@maru/store';
import type { PointKind } from './series-kinds.ts';

/** Every table that holds something of the points of a kind. */
export const pointTables: Readonly<Record<PointKind, readonly Sql[]>> = {
  number: [sql`number_points`, sql`exemplars`],
  histogram: [sql`histogram_points`, sql`exemplars`],
  exponentialHistogram: [sql`exponential_histogram_points`, sql`exemplars`],
  nativeHistogram: [sql`native_histogram_points`, sql`exemplars`],
  summary: [sql`summary_points`],
};
