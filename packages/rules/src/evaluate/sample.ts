import type { NativeHistogram, QueryResult } from '@maru/promql';
import { type Labels, noLabels, QueryError } from '@maru/query-core';

/** A sample that a rule has made, or the marker that its series has ended. Milliseconds since 1970. */
export interface RuleSample {
  readonly labels: Labels;
  readonly timeMs: number;
  readonly value: number | NativeHistogram | 'stale';
}

/** A sample that a query found. */
export interface VectorSample {
  readonly labels: Labels;
  readonly value: number | NativeHistogram;
}

/** The samples of an instant query's result; a scalar is one sample without labels. */
export function vectorOf({ value }: QueryResult): readonly VectorSample[] {
  if (value.type === 'scalar') return [{ labels: noLabels, value: value.value }];
  if (value.type !== 'vector') throw new QueryError('execution', 'rule result is not a vector or scalar');
  return value.series.flatMap(({ labels, values, histograms }) => {
    const found = histograms?.samples[0] ?? values[0];
    return found === undefined ? [] : [{ labels, value: found }];
  });
}
