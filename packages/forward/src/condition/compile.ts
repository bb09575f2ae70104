import { RE2JS } from 're2js';
import type { Scalar } from '../model/attributes.ts';
import type { Comparison, Expression, Operand } from './expression.ts';
import { parseCondition } from './parse.ts';
import { type Context, getterOf, pathsOf, type Subject } from './subject.ts';
import { ConditionError } from './tokens.ts';

/** Whether a condition holds for something. */
export type Condition = (subject: Subject) => boolean;

/** Reads a condition for one kind of thing. Throws a `ConditionError` with the column of what is wrong. */
export function compileCondition(text: string, context: Context): Condition {
  return compiled(parseCondition(text), context);
}

function compiled(expression: Expression, context: Context): Condition {
  switch (expression.kind) {
    case 'constant':
      return () => expression.value;
    case 'not': {
      const of = compiled(expression.of, context);
      return (subject) => !of(subject);
    }
    case 'and':
    case 'or':
      return both(expression.kind, compiled(expression.left, context), compiled(expression.right, context));
    case 'match':
      return matching(expression, context);
    case 'compare': {
      const left = valueOfOperand(expression.left, context);
      const right = valueOfOperand(expression.right, context);
      return (subject) => compare(expression.operator, left(subject), right(subject));
    }
  }
}

function both(kind: 'and' | 'or', left: Condition, right: Condition): Condition {
  return kind === 'and'
    ? (subject) => left(subject) && right(subject)
    : (subject) => left(subject) || right(subject);
}

/** Users' patterns run on RE2, in linear time. An absent value matches nothing. */
function matching(
  { of, pattern, column }: Extract<Expression, { kind: 'match' }>,
  context: Context,
): Condition {
  const value = valueOfOperand(of, context);
  const regex = compiledPattern(pattern, column);
  return (subject) => {
    const found = value(subject);
    return found !== undefined && regex.matcher(String(found)).find();
  };
}

function compiledPattern(pattern: string, column: number): RE2JS {
  try {
    return RE2JS.compile(pattern);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ConditionError(column, `this is no RE2 pattern: ${why}`);
  }
}

function valueOfOperand(operand: Operand, context: Context): (subject: Subject) => Scalar | undefined {
  if (operand.kind === 'value') return () => operand.value;
  const { name, key, column } = operand;
  const getter = getterOf(context, name, key);
  if (getter !== undefined) return getter;
  const shown = key === undefined ? name : `${name}[${JSON.stringify(key)}]`;
  throw new ConditionError(
    column,
    `there is no ${shown} of a ${context} here: there are ${pathsOf(context).join(', ')}, and attributes["…"] where it has them`,
  );
}

/** As the Collector compares: values of different types are unequal, and in no order. */
function compare(operator: Comparison, left: Scalar | undefined, right: Scalar | undefined): boolean {
  if (operator === '==') return left === right;
  if (operator === '!=') return left !== right;
  if (left === undefined || right === undefined || typeof left !== typeof right) return false;
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}
