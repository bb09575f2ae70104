import type { FieldExpression } from '../syntax/ast.ts';
import { type IntrinsicName, intrinsics } from '../syntax/vocabulary.ts';

/** What an expression gives; `any` is an attribute, whose type only the data knows. */
export type FieldType = 'string' | 'int' | 'float' | 'duration' | 'bool' | 'status' | 'kind' | 'nil' | 'any';

const intrinsicTypes: Readonly<Record<IntrinsicName, FieldType>> = {
  duration: 'duration',
  name: 'string',
  status: 'status',
  statusMessage: 'string',
  kind: 'kind',
  childCount: 'int',
  parent: 'nil',
  rootName: 'string',
  rootServiceName: 'string',
  traceDuration: 'duration',
  nestedSetLeft: 'int',
  nestedSetRight: 'int',
  nestedSetParent: 'int',
  traceId: 'string',
  spanId: 'string',
  parentId: 'string',
  eventName: 'string',
  eventTimeSinceStart: 'duration',
  linkTraceId: 'string',
  linkSpanId: 'string',
  instrumentationName: 'string',
  instrumentationVersion: 'string',
};

const logical: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=', '=~', '!~', '&&', '||']);

/** The type of an expression, by its syntax alone. */
export function typeOf(field: FieldExpression): FieldType {
  switch (field.kind) {
    case 'static':
      return field.type;
    case 'attribute':
      return 'any';
    case 'intrinsic':
      return intrinsicTypes[intrinsics.get(field.name) ?? 'parent'];
    case 'unary':
      return field.operator === '!' ? 'bool' : typeOf(field.operand);
    case 'binary':
      return logical.has(field.operator) ? 'bool' : arithmeticType(typeOf(field.left), typeOf(field.right));
  }
}

function arithmeticType(left: FieldType, right: FieldType): FieldType {
  if (left === 'any' || right === 'any') return 'any';
  if (left === 'duration' || right === 'duration') return 'duration';
  return left === 'int' && right === 'int' ? 'int' : 'float';
}

/** Whether the type is a number; durations are numbers of nanoseconds. */
export function isNumeric(type: FieldType): boolean {
  return type === 'int' || type === 'float' || type === 'duration';
}

/** Whether values of these types can meet in one operation. */
export function areComparable(left: FieldType, right: FieldType): boolean {
  if (left === 'any' || right === 'any' || left === 'nil' || right === 'nil') return true;
  return left === right || (isNumeric(left) && isNumeric(right));
}

/** The operators each type knows. */
export function knowsOperator(type: FieldType, operator: string): boolean {
  switch (type) {
    case 'any':
      return true;
    case 'bool':
      return ['&&', '||', '=', '!='].includes(operator);
    case 'int':
    case 'float':
    case 'duration':
      return ['=', '!=', '<', '<=', '>', '>=', '+', '-', '*', '/', '%', '^'].includes(operator);
    case 'string':
      return ['=', '!=', '<', '<=', '>', '>=', '=~', '!~'].includes(operator);
    default:
      return operator === '=' || operator === '!=';
  }
}
