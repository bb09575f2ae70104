import type { ScalarValue, Value } from '../../evaluate/values.ts';
import { type FunctionDefinition, whole } from '../definition.ts';

export const pi: FunctionDefinition = whole(
  'pi',
  'π',
  [],
  ({ context }) => ({ kind: 'scalar', values: new Float64Array(context.grid.count).fill(Math.PI) }),
  { returns: 'scalar' },
);

export const minOf: FunctionDefinition = extreme('min_of', 'the lesser of two scalars', Math.min);
export const maxOf: FunctionDefinition = extreme('max_of', 'the greater of two scalars', Math.max);

function extreme(
  name: string,
  summary: string,
  choose: (left: number, right: number) => number,
): FunctionDefinition {
  return whole(
    name,
    summary,
    ['scalar', 'scalar'],
    ({ values: [left, right] }) => combine(left, right, choose),
    {
      returns: 'scalar',
      isExperimental: true,
    },
  );
}

function combine(
  left: Value | undefined,
  right: Value | undefined,
  choose: (left: number, right: number) => number,
): ScalarValue {
  if (left?.kind !== 'scalar' || right?.kind !== 'scalar')
    return { kind: 'scalar', values: new Float64Array() };
  return {
    kind: 'scalar',
    values: left.values.map((value, step) => choose(value, right.values[step] ?? Number.NaN)),
  };
}
