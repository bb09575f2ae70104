import { withoutName } from '../../evaluate/names.ts';
import { isPresent, type StepSeries, stepTime } from '../../evaluate/values.ts';
import type { CallInput, FunctionDefinition } from '../definition.ts';

/** Of a plain selector the evaluator gives the samples' own times; of anything else each sample is as old as its step. */
export const timestamp: FunctionDefinition = {
  name: 'timestamp',
  summary: 'the time of each sample in seconds since 1970',
  parameters: ['vector'],
  optionalCount: 0,
  isVariadic: false,
  returns: 'vector',
  evaluation: {
    kind: 'sampleTimes',
    run: (input) => {
      const [vector] = input.values;
      const series = vector?.kind === 'vector' ? vector.series : [];
      return { kind: 'vector', series: series.map((one) => stepTimes(one, input)) };
    },
  },
};

function stepTimes(series: StepSeries, { context }: CallInput): StepSeries {
  const values = series.values.map((_, step) => stepTime(context.grid, step) / 1000);
  const present = Uint8Array.from(values, (_, step) => Number(isPresent(series, step)));
  return { ...withoutName(series, context.settings), values, present };
}
