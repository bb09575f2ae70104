// Syntax

// Evaluate
export { evaluate } from './evaluate/evaluate.ts';
export type { Series, Value } from './evaluate/matrix.ts';
export { evaluateRange } from './evaluate/range-aggregation.ts';
export {
  type Direction,
  type EvaluateContext,
  instant,
  type LineLimits,
  type Steps,
  stepsOf,
  stepUnixNano,
} from './evaluate/request.ts';
export { type Line, selectLines } from './evaluate/select-lines.ts';
export { readKeys } from './plan/keys.ts';
export { cleanLabelName } from './plan/label-names.ts';
export { type LogPlan, logsWithin, planLog } from './plan/plan-log.ts';
// Plan
export { readActiveStreams, readStreams, type Stream, streamsCondition } from './plan/streams.ts';
export type * as LogQL from './syntax/ast.ts';
export { parse, parseSelector } from './syntax/parse.ts';
export { print } from './syntax/print.ts';
