// Syntax

// Check
export { check } from './check/check.ts';
export type { FoundSpan, ShownAttribute } from './evaluate/read-spans.ts';
// Evaluate
export { type FoundTrace, type SearchLimits, search } from './evaluate/search.ts';
export type { ServiceStats } from './evaluate/summarise-traces.ts';
export { readTagNames, type ScopeTags } from './evaluate/tag-names.ts';
export { readTagName, readTagValues, type TagValue } from './evaluate/tag-values.ts';
export { planLenient } from './plan/lenient.ts';
// Plan
export { planSearch, type SearchPlan } from './plan/plan-search.ts';
export type * as TraceQL from './syntax/ast.ts';
export { parse } from './syntax/parse.ts';
export { print } from './syntax/print.ts';
