import { type Sql, sql } from '@maru/store';
import type { Attribute, BinaryOperation, FieldExpression, Intrinsic, Static } from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';
import type { Alternative } from './alternative.ts';
import { attributeAlternatives, hasAttribute, jsonAlternatives } from './attribute.ts';
import { intrinsicAlternatives } from './intrinsic.ts';

/** What an operand may be. */
export function alternativesOf(field: FieldExpression, text: string): readonly Alternative[] {
  switch (field.kind) {
    case 'static':
      return staticAlternatives(field);
    case 'attribute':
      return attributeOperand(field, text);
    case 'intrinsic':
      return intrinsicAlternatives(field, text);
    case 'unary':
      return alternativesOf(field.operand, text).filter(isNumber).map(negated);
    case 'binary':
      return arithmetic(field, text);
  }
}

function staticAlternatives(field: Static): readonly Alternative[] {
  switch (field.type) {
    case 'nil':
      return [];
    case 'duration':
    case 'int':
      return [{ type: 'int', table: 'constant', value: sql`toInt64(${field.value})` }];
    default:
      return [{ type: field.type, table: 'constant', value: sql`${field.value}` }];
  }
}

function attributeOperand(field: Attribute, text: string): readonly Alternative[] {
  if (field.ofParent) throw notSupported(text, field.start, 'parent.');
  switch (field.scope) {
    case 'span':
      return attributeAlternatives(field.name, 'spans');
    case 'resource':
      return resourceAlternatives(field.name);
    case 'event':
      return eachOf(sql`arrayMap(a -> a[${field.name}], \`events.attributes\`)`);
    case 'link':
      return eachOf(sql`arrayMap(a -> a[${field.name}], \`links.attributes\`)`);
    case 'instrumentation':
      return jsonAlternatives(sql`scope_attributes[${field.name}]`);
    default:
      return unscopedAlternatives(field.name);
  }
}

/** service.name stands in the span's own row, so it needs no look-up of the resource. */
function resourceAlternatives(name: string): readonly Alternative[] {
  if (name === 'service.name') return [{ type: 'string', table: 'spans', value: sql`service_name` }];
  return attributeAlternatives(name, 'resources');
}

/** Without a scope, the span's attribute counts, and the resource's only where the span has none. */
function unscopedAlternatives(name: string): readonly Alternative[] {
  const guard = sql`NOT ${hasAttribute(name)}`;
  return [
    ...attributeAlternatives(name, 'spans'),
    ...resourceAlternatives(name).map((alternative) => ({ ...alternative, guard })),
  ];
}

function eachOf(items: Sql): readonly Alternative[] {
  return jsonAlternatives(sql`item`).map((alternative) => ({
    ...alternative,
    over: { items, negation: 'some' },
  }));
}

/** Whether a row has the operand at all: `!= nil`. Undefined when every row has. */
export function presence(field: Attribute | Intrinsic, text: string): Sql | undefined {
  if (field.kind === 'intrinsic') return intrinsicPresence(field, text);
  switch (field.scope) {
    case 'span':
      return hasAttribute(field.name);
    case 'resource':
      return resourcePresence(field.name);
    case 'event':
      return sql`arrayExists(a -> mapContains(a, ${field.name}), \`events.attributes\`)`;
    case 'link':
      return sql`arrayExists(a -> mapContains(a, ${field.name}), \`links.attributes\`)`;
    case 'instrumentation':
      return sql`mapContains(scope_attributes, ${field.name})`;
    default: {
      const ofResource = resourcePresence(field.name);
      return ofResource && sql`(${hasAttribute(field.name)} OR ${ofResource})`;
    }
  }
}

function resourcePresence(name: string): Sql | undefined {
  if (name === 'service.name') return undefined;
  return sql`resource_id IN (SELECT resource_id FROM resources WHERE ${hasAttribute(name)})`;
}

function intrinsicPresence(field: Intrinsic, text: string): Sql | undefined {
  const [first] = intrinsicAlternatives(field, text);
  return first?.over === undefined ? first?.present : sql`notEmpty(${first.over.items})`;
}

function isNumber(alternative: Alternative): boolean {
  return alternative.type === 'int' || alternative.type === 'float';
}

function negated(alternative: Alternative): Alternative {
  return { ...alternative, value: sql`negate(${alternative.value})` };
}

/** Numbers of both sides, pair by pair. Both must be read from the same place. */
function arithmetic(field: BinaryOperation, text: string): readonly Alternative[] {
  const left = alternativesOf(field.left, text).filter(isNumber);
  const right = alternativesOf(field.right, text).filter(isNumber);
  return left.flatMap((l) => right.flatMap((r) => combined(field, text, l, r)));
}

function combined(
  field: BinaryOperation,
  text: string,
  left: Alternative,
  right: Alternative,
): readonly Alternative[] {
  const varying = [left, right].filter((side) => side.table !== 'constant');
  const [first, second] = varying;
  // An element of an array is no operand of arithmetic: Tempo computes with single values only.
  if (varying.some((side) => side.over?.negation === 'every')) return [];
  if (second !== undefined && (first?.table !== second.table || first.over !== second.over)) {
    throw notSupported(text, field.start, 'arithmetic between a span and its resource, events or trace');
  }
  const present = both(both(left.present, right.present), divisible(field.operator, left, right));
  return [
    {
      ...(first ?? left),
      type: resultType(left, right),
      value: arithmeticSql(field.operator, left, right),
      ...(present && { present }),
    },
  ];
}

function resultType(left: Alternative, right: Alternative): 'int' | 'float' {
  return left.type === 'int' && right.type === 'int' ? 'int' : 'float';
}

/** Both conditions; undefined when there is none. */
export function both(left: Sql | undefined, right: Sql | undefined): Sql | undefined {
  if (left === undefined || right === undefined) return left ?? right;
  return sql`(${left} AND ${right})`;
}

/** An integer divided by zero gives no number, and so no match. */
function divisible(operator: string, left: Alternative, right: Alternative): Sql | undefined {
  const divides = operator === '/' || operator === '%';
  return divides && resultType(left, right) === 'int' ? sql`${right.value} != 0` : undefined;
}

/** Integers divide as integers, as in Tempo. */
function arithmeticSql(operator: string, left: Alternative, right: Alternative): Sql {
  const integers = resultType(left, right) === 'int';
  const [l, r] = [left.value, right.value];
  switch (operator) {
    case '+':
      return sql`(${l} + ${r})`;
    case '-':
      return sql`(${l} - ${r})`;
    case '*':
      return sql`(${l} * ${r})`;
    case '/':
      return integers ? sql`intDivOrZero(${l}, ${r})` : sql`(${l} / ${r})`;
    case '%':
      return integers ? sql`moduloOrZero(${l}, ${r})` : sql`(${l} % ${r})`;
    default:
      return sql`pow(${l}, ${r})`;
  }
}
