import { type Aggregator, folding } from './definition.ts';

export const count: Aggregator = folding(
  'count',
  'number of series',
  () => 1,
  (known) => known + 1,
  (known) => known,
);

export const group: Aggregator = folding(
  'group',
  '1 for each group',
  () => 1,
  () => 1,
  () => 1,
);
