import { printNanoDuration, quoteText } from '@maru/query-core';
import type { Attribute, Expression, FieldExpression, Metrics, Query, SpansetFilter, Static } from './ast.ts';
import { fieldPrecedence, unaryPrecedence } from './parse-field.ts';

/** The query as text in one form: parsing it gives the same tree again. */
export function print(query: Query): string {
  const hints = query.hints.map((hint) => `${hint.name}=${printStatic(hint.value)}`);
  return printExpression(query.expression) + (hints.length === 0 ? '' : ` with (${hints.join(', ')})`);
}

/** An expression that stands on its own. */
function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'pipeline':
      return expression.elements.map(printElement).join(' | ');
    case 'spansetFilter':
      return printFilter(expression);
    case 'spansetOperation':
    case 'scalarFilter':
    case 'scalarOperation':
    case 'metricsOperation':
    case 'metricsFilter':
      return `${printLeft(expression)} ${expression.operator} ${printRight(expression)}`;
    case 'groupBy':
      return `by(${printField(expression.expression)})`;
    case 'coalesce':
      return 'coalesce()';
    case 'select':
      return `select(${expression.fields.map((field) => printField(field)).join(', ')})`;
    case 'aggregate':
      return `${expression.function}(${expression.argument === undefined ? '' : printField(expression.argument)})`;
    case 'metrics':
      return printMetrics(expression);
    case 'metricsRank':
      return `${expression.function}(${printStatic(expression.limit)})`;
    case 'static':
      return printStatic(expression);
  }
}

/** A pipeline inside a pipeline, or under an operator, needs parentheses. */
function printElement(expression: Expression): string {
  const text = printExpression(expression);
  return expression.kind === 'pipeline' ? `(${text})` : text;
}

type Operation = Extract<Expression, { readonly operator: string; readonly left: Expression }>;

function printLeft({ left, operator }: Operation): string {
  const level = levelOf(operator);
  const own = operationLevel(left);
  return own < level || (own === level && operator === '^')
    ? `(${printExpression(left)})`
    : printElement(left);
}

function printRight({ right, operator }: Operation): string {
  const level = levelOf(operator);
  const own = operationLevel(right);
  return own < level || (own === level && operator !== '^')
    ? `(${printExpression(right)})`
    : printElement(right);
}

function operationLevel(expression: Expression): number {
  return 'operator' in expression ? levelOf(expression.operator) : Number.POSITIVE_INFINITY;
}

/** Operators that inside braces do not exist bind like comparisons. */
function levelOf(operator: string): number {
  return fieldPrecedence.get(operator) ?? 2;
}

function printFilter(filter: SpansetFilter): string {
  return filter.condition === undefined ? '{ }' : `{ ${printField(filter.condition)} }`;
}

function printMetrics(metrics: Metrics): string {
  const given = [
    ...(metrics.argument === undefined ? [] : [printField(metrics.argument)]),
    ...(metrics.selection === undefined ? [] : [printFilter(metrics.selection)]),
    ...metrics.numbers.map(printStatic),
  ];
  const by =
    metrics.by.length === 0 ? '' : ` by (${metrics.by.map((field) => printField(field)).join(', ')})`;
  return `${metrics.function}(${given.join(', ')})${by}`;
}

/** A field expression; in parentheses when it binds less than `minPrecedence`. */
export function printField(field: FieldExpression, minPrecedence = 1): string {
  switch (field.kind) {
    case 'static':
      return printStatic(field);
    case 'intrinsic':
      return field.name;
    case 'attribute':
      return printAttribute(field);
    case 'unary': {
      const level = unaryPrecedence[field.operator];
      const text = `${field.operator}${printUnaryOperand(field.operand, level)}`;
      return level < minPrecedence ? `(${text})` : text;
    }
    case 'binary': {
      const level = fieldPrecedence.get(field.operator) ?? 1;
      const rightFirst = field.operator === '^';
      const left = printField(field.left, rightFirst ? level + 1 : level);
      const right = printField(field.right, rightFirst ? level : level + 1);
      const text = `${left} ${field.operator} ${right}`;
      return level < minPrecedence ? `(${text})` : text;
    }
  }
}

/** `-(-1)`: a sign before a number would become part of it. */
function printUnaryOperand(operand: FieldExpression, level: number): string {
  return operand.kind === 'static' ? `(${printStatic(operand)})` : printField(operand, level);
}

function printAttribute({ ofParent, scope, name }: Attribute): string {
  const prefix = `${ofParent ? 'parent' : ''}${ofParent && scope !== undefined ? '.' : ''}${scope ?? ''}.`;
  const plain =
    /^[^\s{}()=~!<>&|^,"]+$/.test(name) && !/^(span|resource|event|link|instrumentation|parent)\./.test(name);
  return prefix + (plain && !/^\d/.test(name) ? name : quoteText(name));
}

function printStatic(value: Static): string {
  switch (value.type) {
    case 'string':
      return quoteText(value.value);
    case 'duration':
      return printNanoDuration(value.value);
    case 'float':
      return printFloatLiteral(value.value);
    case 'nil':
      return 'nil';
    default:
      return String(value.value);
  }
}

/** A float that reads back as a float: `1` would be an integer. */
function printFloatLiteral(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
