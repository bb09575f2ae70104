import { join, type Sql, sql } from '@maru/store';
import type { BinaryOperation, FieldExpression, Static } from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';
import { intrinsics } from '../syntax/vocabulary.ts';
import type { Alternative } from './alternative.ts';
import { nearby, type PlanContext } from './context.ts';
import { alternativesOf, both, presence } from './operand.ts';

/**
 * A field expression as a condition on one row of `spans`, never NULL. A comparison with what the span does not have
 * is false, whatever the operator (Tempo); `!` of it is then true.
 */
export function conditionSql(field: FieldExpression, context: PlanContext): Sql {
  switch (field.kind) {
    case 'unary':
      return sql`(NOT ${conditionSql(field.operand, context)})`;
    case 'binary':
      return binaryCondition(field, context);
    case 'static':
      return field.type === 'bool' && field.value ? sql`true` : sql`false`;
    default:
      return comparison(
        '=',
        field,
        { kind: 'static', type: 'bool', value: true, start: field.start },
        context,
      );
  }
}

function binaryCondition(field: BinaryOperation, context: PlanContext): Sql {
  switch (field.operator) {
    case '&&':
      return sql`(${conditionSql(field.left, context)} AND ${conditionSql(field.right, context)})`;
    case '||':
      return sql`(${conditionSql(field.left, context)} OR ${conditionSql(field.right, context)})`;
    case '=':
    case '!=':
      return (
        existence(field, context) ??
        idEquality(field) ??
        comparison(field.operator, field.left, field.right, context)
      );
    default:
      return comparison(field.operator, field.left, field.right, context);
  }
}

/** `x = nil` and `x != nil`. */
function existence({ operator, left, right }: BinaryOperation, context: PlanContext): Sql | undefined {
  const other = isNil(left) ? right : isNil(right) ? left : undefined;
  if (other === undefined) return undefined;
  const present =
    other.kind === 'attribute' || other.kind === 'intrinsic' ? presence(other, context.text) : undefined;
  const exists = isNil(other) ? sql`false` : (present ?? sql`true`);
  return operator === '!=' ? sql`(${exists})` : sql`(NOT ${exists})`;
}

function isNil(field: FieldExpression): boolean {
  return field.kind === 'static' && field.type === 'nil';
}

const idColumns: ReadonlyMap<string, readonly [column: Sql, hexDigits: number]> = new Map([
  ['traceId', [sql`trace_id`, 32]],
  ['spanId', [sql`span_id`, 16]],
  ['parentId', [sql`parent_span_id`, 16]],
]);

/** Equality with a whole id compares bytes, which the index on trace_id answers; the general way compares hex text. */
function idEquality({ operator, left, right }: BinaryOperation): Sql | undefined {
  if (operator !== '=' || left.kind !== 'intrinsic' || right.kind !== 'static' || right.type !== 'string')
    return undefined;
  const column = idColumns.get(intrinsics.get(left.name) ?? '');
  if (column === undefined || !/^[0-9a-fA-F]+$/.test(right.value) || right.value.length > column[1])
    return undefined;
  return sql`${column[0]} = unhex(${right.value.padStart(column[1], '0')})`;
}

function comparison(
  operator: string,
  left: FieldExpression,
  right: FieldExpression,
  context: PlanContext,
): Sql {
  const special = rootTest(operator, left, right);
  if (special !== undefined) return special;
  const pairs = alternativesOf(left, context.text).flatMap((l) =>
    alternativesOf(right, context.text)
      .filter((r) => meet(l, r))
      .map((r) => pairCondition(operator, l, r, left, context)),
  );
  return pairs.length === 0 ? sql`false` : sql`(${join(pairs, ' OR ')})`;
}

/**
 * Nested-set numbers are not stored yet, but whether a span is a root is known: nestedSetParent is -1 for a root and
 * above 0 for all others, so a comparison with -1 or 0 needs no more.
 */
function rootTest(operator: string, left: FieldExpression, right: FieldExpression): Sql | undefined {
  if (left.kind !== 'intrinsic' || left.name !== 'nestedSetParent' || !isRootBound(right)) return undefined;
  const number = sql`if(parent_span_id = toFixedString('', 8), -1, 1)`;
  return compareSql(operator, number, sql`${right.value}`);
}

function isRootBound(field: FieldExpression): field is Extract<Static, { readonly type: 'int' }> {
  return field.kind === 'static' && field.type === 'int' && (field.value === -1n || field.value === 0n);
}

/** Whether two alternatives are compared at all: of one type, and not the elements of one array with those of another. */
function meet(left: Alternative, right: Alternative): boolean {
  if (left.over !== undefined && right.over !== undefined) return false;
  const numbers = [left, right].every((side) => side.type === 'int' || side.type === 'float');
  return numbers || left.type === right.type;
}

function pairCondition(
  operator: string,
  left: Alternative,
  right: Alternative,
  at: FieldExpression,
  context: PlanContext,
): Sql {
  const [first, second] = [left, right].filter((side) => side.table !== 'constant');
  if (second !== undefined && first?.table !== second.table) {
    throw notSupported(context.text, at.start, 'a comparison of a span with its resource or trace');
  }
  const compared =
    both(neededPresence(operator, left, right), compareSql(operator, left.value, right.value)) ?? sql`true`;
  const listed = [left, right].find((side) => side.over !== undefined);
  const row = listed === undefined ? compared : overItems(operator, listed, compared);
  const placed = first === undefined ? row : inTable(first.table, row, context);
  return both(both(left.guard, right.guard), placed) ?? placed;
}

/** A string that equals a text other than '' is there: the map's look-up gives '' where it is not. */
function neededPresence(operator: string, left: Alternative, right: Alternative): Sql | undefined {
  const constant = right.table === 'constant' && right.type === 'string' && right.value.text !== "''";
  const implied = operator === '=' && constant && left.over === undefined;
  return implied ? undefined : both(left.present, right.present);
}

function overItems(operator: string, { over, arrayGuard }: Alternative, condition: Sql): Sql {
  const items = over?.items ?? sql`[]`;
  const negative = operator === '!=' || operator === '!~';
  const quantified =
    negative && over?.negation === 'every'
      ? sql`(notEmpty(${items}) AND arrayAll(item -> ${condition}, ${items}))`
      : sql`arrayExists(item -> ${condition}, ${items})`;
  return both(arrayGuard, quantified) ?? quantified;
}

function inTable(table: Alternative['table'], condition: Sql, { range }: PlanContext): Sql {
  switch (table) {
    case 'resources':
      return sql`resource_id IN (SELECT resource_id FROM resources WHERE ${condition})`;
    case 'roots':
      return sql`trace_id IN (SELECT trace_id FROM spans
        WHERE ${nearby(range)} AND parent_span_id = toFixedString('', 8) AND ${condition})`;
    case 'traces':
      return sql`trace_id IN (SELECT trace_id FROM spans WHERE ${nearby(range)} GROUP BY trace_id HAVING ${condition})`;
    default:
      return condition;
  }
}

/** The operator between two values. */
export function compareSql(operator: string, left: Sql, right: Sql): Sql {
  switch (operator) {
    case '=':
      return sql`${left} = ${right}`;
    case '!=':
      return sql`${left} != ${right}`;
    case '<':
      return sql`${left} < ${right}`;
    case '<=':
      return sql`${left} <= ${right}`;
    case '>':
      return sql`${left} > ${right}`;
    case '>=':
      return sql`${left} >= ${right}`;
    case '!~':
      return sql`NOT match(${left}, concat('^(?-s:', ${right}, ')$'))`;
    default:
      return sql`match(${left}, concat('^(?-s:', ${right}, ')$'))`;
  }
}
