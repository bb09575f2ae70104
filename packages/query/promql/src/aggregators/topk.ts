import type { AggregationInput, Aggregator, Group } from './definition.ts';
import { checkCount, selectMembers } from './select-members.ts';

export const topk: Aggregator = {
  name: 'topk',
  summary: 'the series with the greatest values',
  checkParameter: checkCount,
  aggregate: (group, input) => select(group, input, -1),
};

export const bottomk: Aggregator = {
  name: 'bottomk',
  summary: 'the series with the least values',
  checkParameter: checkCount,
  aggregate: (group, input) => select(group, input, 1),
};

function select(group: Group, input: AggregationInput, direction: 1 | -1): ReturnType<typeof selectMembers> {
  return selectMembers(group, input, 'numbers', (present, step) => {
    const value = (index: number) => group.members[index]?.values[step] ?? Number.NaN;
    present.sort((left, right) => compareNanLast(value(left), value(right), direction));
    return present.slice(0, Math.max(0, Math.trunc(input.parameters[step] ?? 0)));
  });
}

/** NaN is neither great nor small: it is taken last. */
function compareNanLast(left: number, right: number, direction: 1 | -1): number {
  if (Number.isNaN(left) || Number.isNaN(right))
    return Number(Number.isNaN(left)) - Number(Number.isNaN(right));
  return direction * (left - right || 0);
}
