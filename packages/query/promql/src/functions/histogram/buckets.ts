/**
 * The classic buckets of one histogram at one step: observations up to and with each bound, cumulative, in the order of
 * bounds. Valid until the next step is read.
 */
export interface Buckets {
  readonly length: number;
  readonly upperBounds: ArrayLike<number>;
  readonly counts: ArrayLike<number>;
}

/** One bucket over the steps of a query. */
export interface BucketSteps {
  readonly upperBound: number;
  /** Observations a step. */
  readonly values: ArrayLike<number>;
  /** 1 where there is a sample. */
  readonly present: ArrayLike<number>;
}

/** Differences below this part of the counts are rounding. */
const tolerance = 1e-12;

/**
 * Reads a histogram's buckets step by step, in memory that is used again: an object a bucket and step cost five times what the
 * quantile does. Joins buckets of the same bound and makes counts grow: scrapes and rates of single buckets are not of one
 * moment, so a higher bucket may hold a little less than a lower one.
 */
export class BucketReader implements Buckets {
  readonly upperBounds: Float64Array;
  readonly counts: Float64Array;
  readonly #members: readonly BucketSteps[];
  #length = 0;
  #wasForcedMonotonic = false;

  constructor(members: readonly BucketSteps[]) {
    this.#members = members.toSorted((left, right) => left.upperBound - right.upperBound || 0);
    this.upperBounds = new Float64Array(members.length);
    this.counts = new Float64Array(members.length);
  }

  /** 0 where no bucket reaches up to +Inf. */
  get length(): number {
    return this.#length;
  }

  /** Whether making the counts of this step grow took more than rounding. */
  get wasForcedMonotonic(): boolean {
    return this.#wasForcedMonotonic;
  }

  /** Goes to a step; false where no bucket has a sample. */
  read(step: number): boolean {
    const found = this.#gather(step);
    this.#wasForcedMonotonic = false;
    this.#length = this.upperBounds[found - 1] === Number.POSITIVE_INFINITY ? found : 0;
    this.#grow();
    return found > 0;
  }

  #gather(step: number): number {
    let found = 0;
    for (const { upperBound, values, present } of this.#members) {
      if (present[step] !== 1) continue;
      const count = values[step] ?? Number.NaN;
      if (found > 0 && this.upperBounds[found - 1] === upperBound) {
        this.counts[found - 1] = (this.counts[found - 1] ?? 0) + count;
      } else {
        this.upperBounds[found] = upperBound;
        this.counts[found] = count;
        found += 1;
      }
    }
    return found;
  }

  #grow(): void {
    const { counts } = this;
    let highest = counts[0] ?? 0;
    for (let index = 0; index < this.#length; index += 1) {
      const count = counts[index] ?? Number.NaN;
      if (isAlmostEqual(highest, count)) counts[index] = highest;
      else if (count < highest) {
        this.#wasForcedMonotonic = true;
        counts[index] = highest;
      } else highest = count;
    }
  }
}

function isAlmostEqual(left: number, right: number): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  if (left === 0 || right === 0) return false;
  return Math.abs(left - right) / Math.min(Math.abs(left) + Math.abs(right), Number.MAX_VALUE) < tolerance;
}
