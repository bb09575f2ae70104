import { parseFloatText } from '@maru/query-core';
import {
  customSchema,
  denseBuckets,
  emptyHistogram,
  type NativeHistogram,
} from '../histogram/native-histogram.ts';

/** A native histogram of a script: `{{schema:1 sum:3 count:2 buckets:[1 1]}}` without its braces. */
export interface WrittenHistogram {
  readonly histogram: NativeHistogram;
  /** Whether a reset hint stands there; else any is as good. */
  readonly namesHint: boolean;
}

const hints: Readonly<Record<string, NativeHistogram['resetHint']>> = {
  unknown: 'unknown',
  reset: 'reset',
  not_reset: 'notReset',
  gauge: 'gauge',
};

/** Reads `schema:1 sum:3 …`. Throws SyntaxError for a key or number that is none. */
export function readHistogram(text: string): WrittenHistogram {
  const fields = new Map(
    [...text.matchAll(/(\w+)\s*:\s*(\[[^\]]*\]|\S+)/g)].map(([, key = '', value = '']) => [key, value]),
  );
  const number = (key: string) => readNumber(fields.get(key) ?? '0');
  const schema = number('schema');
  // Bucket 0 of a script ends at 1; with custom bounds it is the first one. Both are ours too.
  const buckets = (key: string, offset: string) => denseBuckets(number(offset), readList(fields.get(key)));
  return {
    histogram: {
      ...emptyHistogram,
      schema,
      count: number('count'),
      sum: number('sum'),
      zeroCount: number('z_bucket'),
      zeroThreshold: number('z_bucket_w'),
      positive: buckets('buckets', 'offset'),
      negative: buckets('n_buckets', 'n_offset'),
      customBounds:
        schema === customSchema
          ? Float64Array.from(readList(fields.get('custom_values')))
          : emptyHistogram.customBounds,
      resetHint: hints[fields.get('counter_reset_hint') ?? 'unknown'] ?? 'unknown',
    },
    namesHint: fields.has('counter_reset_hint'),
  };
}

function readList(text = '[]'): readonly number[] {
  return text.slice(1, -1).split(/\s+/).filter(Boolean).map(readNumber);
}

function readNumber(text: string): number {
  const value = parseFloatText(text);
  if (value === undefined) throw new SyntaxError(`no number in a histogram: ${text}`);
  return value;
}
