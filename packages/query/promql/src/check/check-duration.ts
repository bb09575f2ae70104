import type { DurationExpression } from '../syntax/ast.ts';
import type { CheckContext } from './context.ts';

/** Beyond this Prometheus's own durations end: 2^63 nanoseconds. */
const maxSeconds = 9_223_372_036;

/** Checks a length of time; a range or step must also be longer than nothing. */
export function checkDuration(
  context: CheckContext,
  duration: DurationExpression,
  sign: 'positive' | 'any',
): void {
  if (!isPlain(duration)) {
    if (!context.settings.experimental) {
      context.fail(duration.span, 'experimental duration expression is not enabled');
    }
    return;
  }
  const seconds = plainSeconds(duration);
  if (!(Math.abs(seconds) <= maxSeconds)) context.fail(duration.span, 'duration out of range');
  if (sign === 'positive' && seconds <= 0) {
    context.fail(duration.span, 'duration must be greater than 0');
  }
}

/** A literal, with a sign or without. */
function isPlain(duration: DurationExpression): boolean {
  return duration.kind === 'literal' || (duration.kind === 'unary' && duration.operand.kind === 'literal');
}

function plainSeconds(duration: DurationExpression): number {
  if (duration.kind === 'literal') return duration.seconds;
  if (duration.kind !== 'unary') return Number.NaN;
  return (duration.operator === '-' ? -1 : 1) * plainSeconds(duration.operand);
}
