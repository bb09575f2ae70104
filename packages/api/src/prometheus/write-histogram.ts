import { allBuckets, boundaryRule, type NativeHistogram } from '@maru/promql';
import { printFloat } from '@maru/query-core';
import { printTime } from './print-time.ts';

/** A native histogram as `[time,{"count":…,"sum":…,"buckets":[[rule,lower,upper,count],…]}]`. */
export function writeHistogramSample(timeMs: number, histogram: NativeHistogram): string {
  const buckets = allBuckets(histogram).map((bucket) => {
    const bounds = `"${printFloat(bucket.lower)}","${printFloat(bucket.upper)}"`;
    return `[${boundaryRule(bucket)},${bounds},"${printFloat(bucket.count)}"]`;
  });
  const written = buckets.length === 0 ? '' : `,"buckets":[${buckets.join(',')}]`;
  const numbers = `"count":"${printFloat(histogram.count)}","sum":"${printFloat(histogram.sum)}"`;
  return `[${printTime(timeMs)},{${numbers}${written}}]`;
}
