export { compareUtf8, printDecimal, printFloat, sortedUtf8 } from '@maru/otlp/prometheus';
// What a query may use
export { Budget, defaultQueryLimits, type QueryLimits } from './budget.ts';
export {
  type Admitted,
  admit,
  type CapacityOptions,
  createQueryCapacity,
  defaultConcurrency,
  type QueryCapacity,
} from './capacity.ts';
// Numbers as the query APIs write them
export { parseDuration, printDuration } from './duration.ts';
export { QueryError, type QueryErrorKind } from './errors.ts';
export { parseFloatText } from './float.ts';
// String literals as Go writes them
export { type BadString, type QuotedString, readGoString } from './go-string.ts';
export {
  compareLabels,
  type Labels,
  labelKey,
  labelsKey,
  labelsOf,
  metricName,
  noLabels,
  onlyLabels,
  printLabelName,
  printLabels,
  quoteText,
  withLabel,
  withoutLabels,
} from './labels.ts';
export {
  anchoredPattern,
  compileAnchored,
  compileMatcher,
  compilePattern,
  type LabelMatcher,
  type MatchOperator,
} from './matcher.ts';
// Durations in nanoseconds, as Go, TraceQL and LogQL write them
export { goDuration, parseNanoDuration, printNanoDuration } from './nano-duration.ts';
export { type Position, positionAt, printPosition, type Span } from './position.ts';
// Time
export {
  type NanoRange,
  nanosPerSecond,
  partsFromEnd,
  partsFromStart,
  sqlTime,
  widened,
} from './time-range.ts';
// What the parsers of the languages share
export { TokenCursor } from './token-cursor.ts';
