import { compilePattern, positionAt, QueryError } from '@maru/query-core';
import type { BinaryOperation, Expression, FieldExpression, Query, UnaryOperation } from '../syntax/ast.ts';
import { printField } from '../syntax/print.ts';
import { areComparable, isNumeric, knowsOperator, typeOf } from './types.ts';

/**
 * Refuses what can have no sense whatever the data: operands that never meet, conditions that are no truth value,
 * patterns that RE2 does not take.
 *
 * @param text the query, for positions
 * @throws QueryError of kind `bad_data`
 */
export function check(query: Query, text: string): void {
  checkExpression(query.expression, text);
}

function checkExpression(expression: Expression, text: string): void {
  switch (expression.kind) {
    case 'pipeline':
      for (const element of expression.elements) checkExpression(element, text);
      break;
    case 'spansetFilter':
      if (expression.condition !== undefined) checkCondition(expression.condition, text);
      break;
    case 'groupBy':
      checkReferencesSpan(expression.expression, text, 'by()');
      break;
    case 'select':
      for (const field of expression.fields) checkField(field, text);
      break;
    case 'aggregate':
      if (expression.argument !== undefined)
        checkMeasured(expression.argument, text, `${expression.function}()`);
      break;
    case 'metrics':
      if (expression.argument !== undefined)
        checkMeasured(expression.argument, text, `${expression.function}()`);
      if (expression.selection !== undefined) checkExpression(expression.selection, text);
      for (const field of expression.by) checkField(field, text);
      break;
    default:
      if ('left' in expression) checkExpression(expression.left, text);
      if ('right' in expression) checkExpression(expression.right, text);
  }
}

function checkCondition(condition: FieldExpression, text: string): void {
  checkField(condition, text);
  const type = typeOf(condition);
  if (type === 'bool' || type === 'any') return;
  throw invalid(
    text,
    condition,
    `a span filter must be a condition, and ${printField(condition)} is a ${type}`,
  );
}

function checkMeasured(field: FieldExpression, text: string, where: string): void {
  checkReferencesSpan(field, text, where);
  const type = typeOf(field);
  if (type === 'any' || isNumeric(type)) return;
  throw invalid(text, field, `${where} needs a number, and ${printField(field)} is a ${type}`);
}

function checkReferencesSpan(field: FieldExpression, text: string, where: string): void {
  checkField(field, text);
  if (referencesSpan(field)) return;
  throw invalid(text, field, `${where} needs something of the span, and ${printField(field)} is a constant`);
}

function referencesSpan(field: FieldExpression): boolean {
  switch (field.kind) {
    case 'static':
      return false;
    case 'unary':
      return referencesSpan(field.operand);
    case 'binary':
      return referencesSpan(field.left) || referencesSpan(field.right);
    default:
      return true;
  }
}

function checkField(field: FieldExpression, text: string): void {
  if (field.kind === 'unary') checkUnary(field, text);
  if (field.kind === 'binary') checkBinary(field, text);
}

function checkUnary(field: UnaryOperation, text: string): void {
  checkField(field.operand, text);
  const type = typeOf(field.operand);
  if (type === 'any' || (field.operator === '!' ? type === 'bool' : isNumeric(type))) return;
  throw invalid(text, field, `operator ${field.operator} does not apply to a ${type}: ${printField(field)}`);
}

function checkBinary(field: BinaryOperation, text: string): void {
  checkField(field.left, text);
  checkField(field.right, text);
  const [left, right] = [typeOf(field.left), typeOf(field.right)];
  if (!areComparable(left, right)) {
    const why = `binary operations must operate on the same type, not ${left} and ${right}`;
    throw invalid(text, field, `${why}: ${printField(field)}`);
  }
  if (!knowsOperator(left, field.operator) || !knowsOperator(right, field.operator)) {
    const type = knowsOperator(left, field.operator) ? right : left;
    throw invalid(text, field, `illegal operation for the type ${type}: ${printField(field)}`);
  }
  if (field.operator === '=~' || field.operator === '!~') checkPattern(field, text);
}

function checkPattern({ right }: BinaryOperation, text: string): void {
  if (right.kind !== 'static' || right.type !== 'string') {
    throw invalid(text, right, `a regular expression must be a string, not ${printField(right)}`);
  }
  try {
    compilePattern(right.value);
  } catch (error) {
    if (error instanceof QueryError) throw invalid(text, right, error.message);
    throw error;
  }
}

function invalid(text: string, { start }: FieldExpression, problem: string): QueryError {
  const position = positionAt(text, start);
  const where = `line ${position.line}, col ${position.column}`;
  return new QueryError('bad_data', `invalid TraceQL query: ${problem} at ${where}`, position);
}
