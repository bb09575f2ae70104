import type { QueryRange } from '../../evaluate/context.ts';
import { type FunctionDefinition, whole } from '../definition.ts';

/** What the query itself was asked for, in seconds. */
export const queryRangeFunctions: readonly FunctionDefinition[] = [
  ofQuery('start', 'start of the query in seconds since 1970', (query) => query.startMs),
  ofQuery('end', 'end of the query in seconds since 1970', (query) => query.endMs),
  ofQuery('step', 'step of the query in seconds; 0 for an instant query', (query) => query.stepMs),
  ofQuery('range', 'length of the query in seconds', (query) => query.endMs - query.startMs),
];

function ofQuery(name: string, summary: string, pick: (query: QueryRange) => number): FunctionDefinition {
  return whole(
    name,
    summary,
    [],
    ({ context }) => ({
      kind: 'scalar',
      values: new Float64Array(context.grid.count).fill(pick(context.query) / 1000),
    }),
    { returns: 'scalar', isExperimental: true },
  );
}
