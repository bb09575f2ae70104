/**
 * The quantile of some values by linear interpolation between neighbours; NaN counts as less than every number.
 *
 * @param quantile below 0 gives -Inf, above 1 +Inf, NaN gives NaN; so does an empty list
 */
export function quantileOf(quantile: number, values: Float64Array): number {
  if (values.length === 0 || Number.isNaN(quantile)) return Number.NaN;
  if (quantile < 0) return Number.NEGATIVE_INFINITY;
  if (quantile > 1) return Number.POSITIVE_INFINITY;
  const sorted = sortNanFirst(values);
  const rank = quantile * (sorted.length - 1);
  const lower = Math.max(0, Math.floor(rank));
  const upper = Math.min(sorted.length - 1, lower + 1);
  const weight = rank - Math.floor(rank);
  // An infinite neighbour without weight would make NaN of it.
  if (weight === 0) return at(sorted, lower);
  return at(sorted, lower) * (1 - weight) + at(sorted, upper) * weight;
}

/** Typed arrays sort numbers with NaN last. */
function sortNanFirst(values: Float64Array): Float64Array {
  const sorted = values.slice().sort();
  let nans = 0;
  while (nans < sorted.length && Number.isNaN(sorted[sorted.length - 1 - nans])) nans += 1;
  if (nans === 0) return sorted;
  const numbers = sorted.slice(0, sorted.length - nans);
  sorted.fill(Number.NaN, 0, nans);
  sorted.set(numbers, nans);
  return sorted;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? Number.NaN;
}

/** The warning for a quantile outside 0 to 1. */
export function quantileWarning(quantile: number): string | undefined {
  if (quantile >= 0 && quantile <= 1) return undefined;
  return `quantile value should be between 0 and 1, got ${printGo(quantile)}`;
}

/** A float as Go's `%g` shows it, for the warnings that quote one. */
export function printGo(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value);
}
