import { sameLayout, widenZero } from './layout.ts';
import { type Buckets, isCustom, type NativeHistogram } from './native-histogram.ts';

/** Whether a counter histogram began anew between two samples: some count fell, or the layout became finer. */
export function isReset(current: NativeHistogram, previous: NativeHistogram): boolean {
  if (current.resetHint === 'reset') return true;
  if (current.resetHint === 'notReset') return false;
  if (current.count < previous.count || isCustom(current) !== isCustom(previous)) return true;
  if (!isCustom(current) && isFiner(current, previous)) return true;
  const same = sameLayout(current, previous);
  if (same === undefined) return true;
  const { left, right } = same;
  return (
    left.zeroCount < right.zeroCount ||
    fell(left.positive, right.positive) ||
    fell(left.negative, right.negative)
  );
}

/** A finer schema, a narrower zero bucket, or one whose border runs through a bucket that was populated before. */
function isFiner(current: NativeHistogram, previous: NativeHistogram): boolean {
  if (current.schema > previous.schema || current.zeroThreshold < previous.zeroThreshold) return true;
  return widenZero(previous, current.zeroThreshold).zeroThreshold !== current.zeroThreshold;
}

function fell(current: Buckets, previous: Buckets): boolean {
  let at = 0;
  for (const [place, index] of previous.indexes.entries()) {
    while ((current.indexes[at] ?? Number.POSITIVE_INFINITY) < index) at += 1;
    const count = current.indexes[at] === index ? (current.counts[at] ?? 0) : 0;
    if (count < (previous.counts[place] ?? 0)) return true;
  }
  return false;
}
