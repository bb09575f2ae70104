import { RE2JS } from 're2js';
import { QueryError } from './errors.ts';

/** How a matcher compares. `=~` and `!~` are RE2 and must match the whole value. */
export type MatchOperator = '=' | '!=' | '=~' | '!~';

/** One condition on a label's value; an absent label has the value "". */
export interface LabelMatcher {
  readonly name: string;
  readonly operator: MatchOperator;
  readonly value: string;
}

/** Longer patterns are refused: a pattern costs memory in the engine and here before it matches anything. */
const maxPatternLength = 10_000;

/** The pattern as RE2 gets it: the whole value, and `.` matches line ends too (Prometheus 3). */
export function anchoredPattern(pattern: string): string {
  return `^(?s:${pattern})$`;
}

/**
 * A pattern, compiled to match whole values.
 *
 * @throws QueryError of kind `bad_data` when RE2 does not take it.
 */
export function compileAnchored(pattern: string): (value: string) => boolean {
  const compiled = compilePattern(anchoredPattern(pattern));
  return (value) => compiled.testExact(value);
}

/** A pattern as RE2 takes it, not anchored. Throws as `compileAnchored` does. */
export function compilePattern(pattern: string): RE2JS {
  if (pattern.length > maxPatternLength) {
    throw new QueryError(
      'bad_data',
      `regular expression is ${pattern.length} characters long, at most ${maxPatternLength} are allowed`,
    );
  }
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    throw new QueryError('bad_data', `error parsing regexp: ${reason(error)}`, undefined, { cause: error });
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : String(error);
}

/** A matcher as a function of the label's value. Throws as `compileAnchored` does. */
export function compileMatcher(matcher: LabelMatcher): (value: string) => boolean {
  switch (matcher.operator) {
    case '=':
      return (value) => value === matcher.value;
    case '!=':
      return (value) => value !== matcher.value;
    case '=~':
      return compileAnchored(matcher.value);
    case '!~': {
      const matches = compileAnchored(matcher.value);
      return (value) => !matches(value);
    }
  }
}
