import { QueryError } from '@maru/query-core';
import { isPresent, type StepSeries } from '../evaluate/values.ts';
import type { AggregationInput, Group } from './definition.ts';

/**
 * The members of a group with only the samples that a choice keeps at each step.
 *
 * @param among whether native histograms are there to be chosen
 * @param choose gets the indexes of the members that have a sample, and gives those to keep, in the order of the result
 */
export function selectMembers(
  group: Group,
  { stepCount }: AggregationInput,
  among: 'numbers' | 'allSamples',
  choose: (present: number[], step: number) => readonly number[],
): readonly StepSeries[] {
  const kept = group.members.map(() => new Uint8Array(stepCount));
  let order: readonly number[] = [];
  for (let step = 0; step < stepCount; step += 1) {
    order = choose(membersAt(group, step, among), step);
    for (const index of order) {
      const present = kept[index];
      if (present !== undefined) present[step] = 1;
    }
  }
  // An instant query shows the choice's own order; a range query is sorted by labels in the end anyway.
  const indexes = stepCount === 1 ? order : group.members.keys();
  return [...indexes].flatMap((index) => {
    const [member, present] = [group.members[index], kept[index]];
    return member === undefined || present === undefined || !present.includes(1)
      ? []
      : [only(member, present)];
  });
}

/** The samples of a series at the kept steps. */
function only(member: StepSeries, kept: Uint8Array): StepSeries {
  return {
    ...member,
    present: member.present.map((present, step) => present & (kept[step] ?? 0)),
    histograms: member.histograms?.map((histogram, step) => (kept[step] === 1 ? histogram : undefined)),
  };
}

function membersAt(group: Group, step: number, among: 'numbers' | 'allSamples'): number[] {
  const indexes: number[] = [];
  group.members.forEach((member, index) => {
    const isIn = among === 'numbers' ? member.present[step] === 1 : isPresent(member, step);
    if (isIn) indexes.push(index);
  });
  return indexes;
}

/** Refuses a count that no number of series can be: Prometheus's texts. */
export function checkCount({ parameters }: AggregationInput): void {
  for (const parameter of parameters) {
    if (Number.isNaN(parameter)) throw new QueryError('execution', 'Parameter value is NaN');
    if (parameter <= -(2 ** 63)) {
      throw new QueryError('execution', `Scalar value ${parameter} underflows int64`);
    }
    if (parameter >= 2 ** 63) throw new QueryError('execution', `Scalar value ${parameter} overflows int64`);
  }
}
