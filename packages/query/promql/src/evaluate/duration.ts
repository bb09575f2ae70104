import { QueryError } from '@maru/query-core';
import type { DurationExpression, DurationOperator } from '../syntax/ast.ts';
import type { QueryRange } from './context.ts';

/** A length of time in milliseconds, as it is for this query; a missing one is 0. */
export function durationMs(duration: DurationExpression | undefined, query: QueryRange): number {
  return duration === undefined ? 0 : Math.round(seconds(duration, query) * 1000);
}

/** A range or step in milliseconds. Throws when arithmetic made it nothing or less. */
export function positiveDurationMs(duration: DurationExpression, query: QueryRange): number {
  const milliseconds = durationMs(duration, query);
  if (milliseconds > 0) return milliseconds;
  throw new QueryError('execution', `duration must be greater than 0, got ${milliseconds / 1000} seconds`);
}

function seconds(duration: DurationExpression, query: QueryRange): number {
  switch (duration.kind) {
    case 'literal':
      return duration.seconds;
    case 'queryValue':
      return (duration.name === 'step' ? query.stepMs : query.endMs - query.startMs) / 1000;
    case 'unary':
      return (duration.operator === '-' ? -1 : 1) * seconds(duration.operand, query);
    case 'parentheses':
      return seconds(duration.inner, query);
    case 'extreme': {
      const choose = duration.name === 'min_of' ? Math.min : Math.max;
      return choose(seconds(duration.left, query), seconds(duration.right, query));
    }
    case 'binary':
      return calculate(duration.operator, seconds(duration.left, query), seconds(duration.right, query));
  }
}

function calculate(operator: DurationOperator, left: number, right: number): number {
  if ((operator === '/' || operator === '%') && right === 0) {
    throw new QueryError('execution', 'division by zero in a duration expression');
  }
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return left % right;
    case '^':
      return left ** right;
  }
}
