import { type Aggregator, folding } from './definition.ts';

const itself = (value: number): number => value;

export const min: Aggregator = folding(
  'min',
  'least value; NaN only when there is nothing else',
  itself,
  (least, value) => (value < least || Number.isNaN(least) ? value : least),
  itself,
);

export const max: Aggregator = folding(
  'max',
  'greatest value; NaN only when there is nothing else',
  itself,
  (greatest, value) => (value > greatest || Number.isNaN(greatest) ? value : greatest),
  itself,
);
