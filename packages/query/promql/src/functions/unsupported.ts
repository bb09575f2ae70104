import type { FunctionDefinition } from './definition.ts';

/** Functions that are known, so that a query with one is told that it is not supported yet, and where. */
export const unsupportedFunctions: readonly FunctionDefinition[] = [
  unsupported('start_timestamp', 'start time of the samples of a selector', { parameters: ['vector'] }),
];

function unsupported(
  name: string,
  summary: string,
  options: Pick<FunctionDefinition, 'parameters'> & Partial<FunctionDefinition>,
): FunctionDefinition {
  return {
    name,
    summary,
    optionalCount: 0,
    isVariadic: false,
    returns: 'vector',
    isExperimental: true,
    evaluation: { kind: 'unsupported' },
    ...options,
  };
}
