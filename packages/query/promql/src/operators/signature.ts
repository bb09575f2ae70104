import { type Labels, labelsKey, metricName, onlyLabels, withoutLabels } from '@maru/query-core';
import { isPresent, type StepSeries } from '../evaluate/values.ts';
import type { VectorMatching } from '../syntax/ast.ts';

/** The labels by which a series finds its partners. */
export type Signature = (labels: Labels) => Labels;

export function signatureOf(matching: VectorMatching): Signature {
  if (matching.mode === 'on') {
    const names = new Set(matching.labels);
    return (labels) => onlyLabels(labels, names);
  }
  const names = new Set([...matching.labels, metricName]);
  return (labels) => withoutLabels(labels, names);
}

/** Series by their signature's key, in the order of the first of each. */
export function groupBySignature(
  series: readonly StepSeries[],
  signature: Signature,
): ReadonlyMap<string, readonly StepSeries[]> {
  const groups = new Map<string, StepSeries[]>();
  for (const one of series) {
    const key = labelsKey(signature(one.labels));
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [one]);
    else group.push(one);
  }
  return groups;
}

/** 1 where any of the series has a sample. */
export function anyPresent(series: readonly StepSeries[], count: number): Uint8Array {
  const any = new Uint8Array(count);
  for (const one of series) {
    for (let step = 0; step < count; step += 1) {
      if (isPresent(one, step)) any[step] = 1;
    }
  }
  return any;
}
