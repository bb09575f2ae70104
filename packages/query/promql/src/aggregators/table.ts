import { avg } from './avg.ts';
import { count, group } from './count.ts';
import { countValues } from './count-values.ts';
import type { Aggregator } from './definition.ts';
import { stddev, stdvar } from './deviation.ts';
import { max, min } from './extremes.ts';
import { limitk, limitRatio } from './limit.ts';
import { quantile } from './quantile.ts';
import { sum } from './sum.ts';
import { bottomk, topk } from './topk.ts';

/** Every aggregation operator. */
export const aggregatorTable: readonly Aggregator[] = [
  ...[sum, avg, min, max, count, group, stddev, stdvar, quantile],
  ...[topk, bottomk, countValues, limitk, limitRatio],
];

const byName: ReadonlyMap<string, Aggregator> = new Map(aggregatorTable.map((one) => [one.name, one]));

export function aggregatorNamed(name: string): Aggregator | undefined {
  return byName.get(name);
}
