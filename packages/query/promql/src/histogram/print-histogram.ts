import { printFloat } from '@maru/query-core';
import { allBuckets, type BoundedBucket } from './bounds.ts';
import { isCustom, type NativeHistogram } from './native-histogram.ts';

/** How a bucket includes its bounds, as Prometheus's JSON numbers it. */
export type BoundaryRule = 0 | 1 | 2 | 3;

/** 0: open on the left; 1: open on the right; 3: closed. */
export function boundaryRule({ side }: BoundedBucket): BoundaryRule {
  return side === 'zero' ? 3 : side === 'negative' ? 1 : 0;
}

/** A histogram as Prometheus prints it in texts: `{count:2, sum:3, (1,2]:2}`. */
export function printHistogram(histogram: NativeHistogram): string {
  const buckets = allBuckets(histogram).map((bucket) => `, ${printBucket(bucket, histogram)}`);
  return `{count:${printFloat(histogram.count)}, sum:${printFloat(histogram.sum)}${buckets.join('')}}`;
}

function printBucket(bucket: BoundedBucket, histogram: NativeHistogram): string {
  const { lower, upper, count } = bucket;
  const rule = boundaryRule(bucket);
  const isOpenLeft = rule === 0 || (isCustom(histogram) && rule !== 3);
  return `${isOpenLeft ? '(' : '['}${printFloat(lower)},${printFloat(upper)}${rule === 1 ? ')' : ']'}:${printFloat(count)}`;
}
