// Errors and where they are
export { QueryError, type QueryErrorKind } from './errors.ts';
export { type Position, positionAt, printPosition, type Span } from './position.ts';
// What a query may use
export { Budget, defaultQueryLimits, type QueryLimits, tooManySeries } from './budget.ts';
// Labels and matchers
export {
  compareLabels,
  compareUtf8,
  type Labels,
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
// Numbers as the query APIs write them
export { parseDuration, printDuration } from './duration.ts';
export { parseFloatText, printDecimal, printFloat } from './float.ts';
// String literals as Go writes them
export { type BadString, type QuotedString, readGoString } from './go-string.ts';
// Time
export { type NanoRange, nanosPerSecond, sqlTime, widened } from './time-range.ts';
