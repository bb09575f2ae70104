/**
 * A sum that keeps what rounding loses (Kahan's method in Neumaier's form), as Prometheus 3 adds up. `compensation` is
 * what still has to be added to `sum`.
 */
export class KahanSum {
  sum: number;
  compensation = 0;

  constructor(start = 0) {
    this.sum = start;
  }

  add(value: number): void {
    const total = this.sum + value;
    if (!Number.isFinite(total) && !Number.isNaN(total)) this.compensation = 0;
    else if (Math.abs(this.sum) >= Math.abs(value)) this.compensation += this.sum - total + value;
    else this.compensation += value - total + this.sum;
    this.sum = total;
  }

  get total(): number {
    // An infinite sum has no compensation worth adding; Inf - Inf would make NaN of it.
    return Number.isFinite(this.sum) ? this.sum + this.compensation : this.sum;
  }
}

/**
 * The mean of some values, as Prometheus computes it: sum and divide, and only when the sum overflows, step by step
 * from the mean so far.
 */
export function meanOf(values: Float64Array): number {
  const sum = new KahanSum();
  for (let index = 0; index < values.length; index += 1) {
    const before = sum.sum;
    const compensationBefore = sum.compensation;
    sum.add(values[index] ?? Number.NaN);
    if (index > 0 && isInfinite(sum.sum)) {
      return incrementalMean(values, index, before, compensationBefore);
    }
  }
  return (sum.sum + sum.compensation) / values.length;
}

function incrementalMean(values: Float64Array, from: number, sum: number, compensation: number): number {
  const mean = new KahanSum(sum / from);
  mean.compensation = compensation / from;
  for (let index = from; index < values.length; index += 1) {
    const weight = index / (index + 1);
    mean.sum *= weight;
    mean.compensation *= weight;
    mean.add((values[index] ?? Number.NaN) / (index + 1));
  }
  return mean.total;
}

/** Infinite, not NaN. */
export function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}
