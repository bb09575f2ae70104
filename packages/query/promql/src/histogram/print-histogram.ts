import { printFloat } from '@maru/query-core';
import { allBuckets, type BoundedBucket } from './bounds.ts';
import type { NativeHistogram } from './native-histogram.ts';

/** How a bucket includes its bounds, as Prometheus's JSON numbers it. */
export type BoundaryRule = 0 | 1 | 2 | 3;

/** 0: open on the left; 1: open on the right; 3: closed, as is the first bucket of custom bounds, which begins at -Inf. */
export function boundaryRule({ side, lower }: BoundedBucket): BoundaryRule {
  if (side === 'zero') return 3;
  if (side === 'negative') return 1;
  return lower === Number.NEGATIVE_INFINITY ? 3 : 0;
}

/** A histogram as Prometheus prints it in texts: `{count:2, sum:3, (1,2]:2}`. */
export function printHistogram(histogram: NativeHistogram): string {
  const buckets = allBuckets(histogram).map((bucket) => `, ${printBucket(bucket)}`);
  return `{count:${printFloat(histogram.count)}, sum:${printFloat(histogram.sum)}${buckets.join('')}}`;
}

function printBucket(bucket: BoundedBucket): string {
  const { lower, upper, count } = bucket;
  const rule = boundaryRule(bucket);
  return `${rule === 0 ? '(' : '['}${printFloat(lower)},${printFloat(upper)}${rule === 1 ? ')' : ']'}:${printFloat(count)}`;
}
