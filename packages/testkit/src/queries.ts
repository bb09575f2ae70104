// A real store for tests

// Case files of the query languages
export { type Case, type CaseFile, readCases } from './cases.ts';
export { type CaseRecord, encodeRecords, readRecords } from './logql-cases.ts';
// The same questions to a real Prometheus
export { generatedSeries, pointMs } from './promql-differential/generated-series.ts';
export {
  type PeerPrometheus,
  peerVersion,
  startPeerPrometheus,
} from './promql-differential/peer-prometheus.ts';
export { type DifferentialOutcome, runPromqlDifferential } from './promql-differential/run.ts';
export { type HttpTarget, startHttpTarget } from './promqltest/http-target.ts';
export { loadPromqlSeries, runPromqlScript, runScriptOn, type ScriptOutcome } from './promqltest/run.ts';
export { allQueries, suiteQueries } from './promqltest/suite.ts';
// Prometheus's acceptance scripts, on any engine
export { writeRequest2 } from './remote-write/write-request.ts';
export { openTestStore, type TestStore } from './test-store.ts';
export {
  type CaseSpan,
  caseEpochNanos,
  encodeSpans,
  type FoundCase,
  foundLines,
  readSpans,
} from './traceql-cases.ts';
