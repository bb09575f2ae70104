import { isPresent, type StepSeries } from '../evaluate/values.ts';
import type { Aggregator, Group } from './definition.ts';

export const count: Aggregator = {
  name: 'count',
  summary: 'number of series',
  takesHistograms: true,
  aggregate: (group, { stepCount }) => [membersPresent(group, stepCount)],
};

export const group: Aggregator = {
  name: 'group',
  summary: '1 for each group',
  takesHistograms: true,
  aggregate: (members, { stepCount }) => {
    const counted = membersPresent(members, stepCount);
    return [{ ...counted, values: new Float64Array(stepCount).fill(1) }];
  },
};

function membersPresent({ identity, members }: Group, stepCount: number): StepSeries {
  const values = new Float64Array(stepCount);
  for (const member of members) {
    for (let step = 0; step < stepCount; step += 1) {
      if (isPresent(member, step)) values[step] = (values[step] ?? 0) + 1;
    }
  }
  return { ...identity, values, present: Uint8Array.from(values, (members) => Math.min(members, 1)) };
}
