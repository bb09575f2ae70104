import { noLabels } from '@maru/query-core';
import { type ScalarValue, stepTime, type Value, type VectorValue } from '../../evaluate/values.ts';
import { type FunctionDefinition, whole } from '../definition.ts';

export const scalar: FunctionDefinition = whole(
  'scalar',
  'the value of a vector of one series; NaN where there are none or several',
  ['vector'],
  ({ values: [vector], context }) => scalarOf(vector, context.grid.count),
  { returns: 'scalar' },
);

function scalarOf(vector: Value | undefined, count: number): ScalarValue {
  const values = new Float64Array(count).fill(Number.NaN);
  const seen = new Uint8Array(count);
  for (const series of vector?.kind === 'vector' ? vector.series : []) {
    for (let step = 0; step < count; step += 1) {
      if (series.present[step] === 0) continue;
      values[step] = seen[step] === 0 ? (series.values[step] ?? Number.NaN) : Number.NaN;
      seen[step] = 1;
    }
  }
  return { kind: 'scalar', values };
}

export const vector: FunctionDefinition = whole(
  'vector',
  'a scalar as a vector of one series without labels',
  ['scalar'],
  ({ values: [value], context }) =>
    vectorOf(value?.kind === 'scalar' ? value.values : new Float64Array(context.grid.count)),
);

/** A vector of one series without labels. */
export function vectorOf(values: Float64Array): VectorValue {
  const present = new Uint8Array(values.length).fill(1);
  return { kind: 'vector', series: [{ labels: noLabels, dropName: false, values, present }] };
}

export const time: FunctionDefinition = whole(
  'time',
  'the evaluation time in seconds since 1970',
  [],
  ({ context: { grid } }) => ({
    kind: 'scalar',
    values: Float64Array.from({ length: grid.count }, (_, step) => stepTime(grid, step) / 1000),
  }),
  { returns: 'scalar' },
);
