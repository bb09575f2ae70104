import { type LabelMatcher, labelsOf, metricName } from '@maru/query-core';
import { isPresent, type MatrixValue, type StepGrid, type VectorValue } from '../../evaluate/values.ts';
import { windowHasSample } from '../../evaluate/window-presence.ts';
import { type Expression, unwrapParentheses } from '../../syntax/ast.ts';
import { type CallInput, type FunctionDefinition, whole } from '../definition.ts';

export const absent: FunctionDefinition = whole(
  'absent',
  '1 where the vector is empty, with the labels that the selector asks to be equal to something',
  ['vector'],
  (input) => {
    const [vector] = input.values;
    const series = vector?.kind === 'vector' ? vector.series : [];
    return absentWhere(input, (step) => !series.some((one) => isPresent(one, step)));
  },
);

export const absentOverTime: FunctionDefinition = whole(
  'absent_over_time',
  '1 where the range vector is empty, with the labels that the selector asks to be equal to something',
  ['matrix'],
  (input) => {
    const [matrix] = input.values;
    const hasSample = matrix?.kind === 'matrix' ? stepsWithSamples(matrix, input.context.grid) : undefined;
    return absentWhere(input, (step) => hasSample?.[step] !== 1);
  },
);

function stepsWithSamples(matrix: MatrixValue, grid: StepGrid): Uint8Array {
  const found = new Uint8Array(grid.count);
  for (const series of matrix.series) {
    for (let step = 0; step < grid.count; step += 1) {
      if (found[step] === 0 && windowHasSample(series, matrix.windows, step)) found[step] = 1;
    }
  }
  return found;
}

function absentWhere(input: CallInput, isAbsent: (step: number) => boolean): VectorValue {
  const { count } = input.context.grid;
  const present = Uint8Array.from({ length: count }, (_, step) => (isAbsent(step) ? 1 : 0));
  const labels = labelsOf(equalLabels(input.call.arguments[0]));
  const values = new Float64Array(count).fill(1);
  return { kind: 'vector', series: [{ labels, dropName: false, values, present }] };
}

/** What a plain selector asks a label to be equal to; a label that it asks about more than once says nothing. */
function equalLabels(argument: Expression | undefined): readonly (readonly [string, string])[] {
  const matchers = matchersOf(argument);
  const namedOnce = (matcher: LabelMatcher) =>
    matchers.filter((other) => other.name === matcher.name).length === 1;
  return matchers
    .filter((matcher) => matcher.name !== metricName && matcher.operator === '=' && namedOnce(matcher))
    .map((matcher) => [matcher.name, matcher.value]);
}

function matchersOf(argument: Expression | undefined): readonly LabelMatcher[] {
  const inner = argument === undefined ? undefined : unwrapParentheses(argument);
  if (inner?.kind === 'vectorSelector') return inner.matchers;
  return inner?.kind === 'matrixSelector' ? inner.selector.matchers : [];
}
