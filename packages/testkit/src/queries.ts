// A real store for tests

// Case files of the query languages
export { type Case, type CaseFile, readCases } from './cases.ts';
export { openTestStore, type TestStore } from './test-store.ts';
export {
  type CaseSpan,
  caseEpochNanos,
  encodeSpans,
  type FoundCase,
  foundLines,
  readSpans,
} from './traceql-cases.ts';
