export {
  attribute,
  type GeneratorOptions,
  itemAttribute,
  logsRequest,
  metricsRequest,
  tracesRequest,
} from './otlp.ts';
export { below, pick, randomBytes, seededRandom } from './otlp-random.ts';
export { mutated, variedRequest } from './otlp-varied.ts';
export { freePorts } from './stack/free-ports.ts';
export { RunningStack, type StackOptions } from './stack/running-stack.ts';
// A real store for tests
export { openTestStore, type TestStore } from './test-store.ts';
// Case files of the query languages
export { type Case, type CaseFile, readCases } from './cases.ts';
export {
  type CaseSpan,
  caseEpochNanos,
  encodeSpans,
  type FoundCase,
  foundLines,
  readSpans,
} from './traceql-cases.ts';
