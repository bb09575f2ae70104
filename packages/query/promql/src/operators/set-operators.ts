import { mergeSameLabels } from '../evaluate/names.ts';
import type { StepSeries, VectorValue } from '../evaluate/values.ts';
import type { Binary, SetOperator } from '../syntax/ast.ts';
import { anyPresent, groupBySignature, signatureOf } from './signature.ts';

/**
 * `and`, `or`, `unless`: samples of one side by whether the other side has a partner at that step, many to many.
 */
export function applySetOperator(
  binary: Binary,
  operator: SetOperator,
  left: VectorValue,
  right: VectorValue,
): VectorValue {
  const signature = signatureOf(binary.matching);
  const leftGroups = groupBySignature(left.series, signature);
  const rightGroups = groupBySignature(right.series, signature);
  if (operator === 'or') {
    const added = filterBy(rightGroups, leftGroups, (partner) => partner === 0);
    return { kind: 'vector', series: mergeSameLabels([...left.series, ...added]) };
  }
  const wanted = operator === 'and' ? 1 : 0;
  return { kind: 'vector', series: filterBy(leftGroups, rightGroups, (partner) => partner === wanted) };
}

function filterBy(
  groups: ReadonlyMap<string, readonly StepSeries[]>,
  others: ReadonlyMap<string, readonly StepSeries[]>,
  isKept: (partner: number) => boolean,
): readonly StepSeries[] {
  return [...groups].flatMap(([key, series]) => {
    const count = series[0]?.present.length ?? 0;
    const partners = anyPresent(others.get(key) ?? [], count);
    return series.map((one) => ({
      ...one,
      present: one.present.map((present, step) => (isKept(partners[step] ?? 0) ? present : 0)),
      histograms: one.histograms?.map((histogram, step) =>
        isKept(partners[step] ?? 0) ? histogram : undefined,
      ),
    }));
  });
}
