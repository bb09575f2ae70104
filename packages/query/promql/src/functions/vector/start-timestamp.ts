import type { FunctionDefinition } from '../definition.ts';

/** Of a plain selector the evaluator gives the samples' own start times; nothing else has any. */
export const startTimestamp: FunctionDefinition = {
  name: 'start_timestamp',
  summary: 'when the counter of each sample began, in seconds since 1970; 0 where it is not known',
  parameters: ['vector'],
  optionalCount: 0,
  isVariadic: false,
  returns: 'vector',
  isExperimental: true,
  evaluation: { kind: 'sampleStarts', run: () => ({ kind: 'vector', series: [] }) },
};
