import { QueryError } from '@maru/query-core';
import { join, type Sql, sql } from '@maru/store';
import type {
  Aggregate,
  Attribute,
  Expression,
  FieldExpression,
  Intrinsic,
  ScalarFilter,
  SpansetOperation,
} from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';
import { compareSql, conditionSql } from './condition.ts';
import { nearby, type PlanContext, within } from './context.ts';
import { alternativesOf } from './operand.ts';

/** Spans as one condition on a row of `spans`; what a trace must have besides is inside it, as a sub-select of trace ids. */
export interface Spanset {
  readonly where: Sql;
  /** Whether the condition looks at nothing but the row: then a part of the time range can be searched on its own. */
  readonly rowOnly: boolean;
  /** What the query names: shown with every span found. */
  readonly fields: readonly (Attribute | Intrinsic)[];
}

/** The engine takes 256 KiB of query text. */
const maxConditionLength = 100_000;

/** Plans an expression that gives spans. Throws QueryError for what is not supported yet, with its position. */
export function planSpanset(expression: Expression, context: PlanContext): Spanset {
  const spanset = plan(expression, context);
  if (spanset.where.text.length <= maxConditionLength) return spanset;
  throw new QueryError('bad_data', 'the query is too complex: shorten it or split it');
}

function plan(expression: Expression, context: PlanContext): Spanset {
  switch (expression.kind) {
    case 'spansetFilter':
      return planFilter(expression.condition, context);
    case 'spansetOperation':
      return planOperation(expression, context);
    case 'pipeline':
      return planPipeline(expression.elements, context);
    case 'scalarFilter':
      throw notSupported(context.text, expression.start, 'a comparison of the numbers of two pipelines');
    default:
      throw notSupported(context.text, expression.start, `${describe(expression)} in a search`);
  }
}

function describe(expression: Expression): string {
  if (expression.kind === 'metricsOperation' || expression.kind === 'metricsFilter')
    return 'metrics arithmetic';
  return 'function' in expression ? `${expression.function}()` : expression.kind;
}

function planFilter(condition: FieldExpression | undefined, context: PlanContext): Spanset {
  if (condition === undefined) return { where: sql`true`, rowOnly: true, fields: [] };
  const where = conditionSql(condition, context);
  return { where, rowOnly: true, fields: fieldsOf(condition) };
}

/** The attributes and intrinsics that an expression names. */
function fieldsOf(field: FieldExpression): readonly (Attribute | Intrinsic)[] {
  switch (field.kind) {
    case 'static':
      return [];
    case 'unary':
      return fieldsOf(field.operand);
    case 'binary':
      return [...fieldsOf(field.left), ...fieldsOf(field.right)];
    default:
      return [field];
  }
}

function planOperation(operation: SpansetOperation, context: PlanContext): Spanset {
  switch (operation.operator) {
    case '&&':
      return planAnd(operation, context);
    case '||':
      return planOr(operation, context);
    case '>':
      return planRelated(operation, context, sql`(trace_id, parent_span_id)`, sql`trace_id, span_id`);
    case '<':
      return planRelated(operation, context, sql`(trace_id, span_id)`, sql`trace_id, parent_span_id`);
    default:
      throw notSupported(context.text, operation.left.start, `spanset operator ${operation.operator}`);
  }
}

function planOr({ left, right }: SpansetOperation, context: PlanContext): Spanset {
  const [l, r] = [plan(left, context), plan(right, context)];
  return {
    where: sql`(${l.where} OR ${r.where})`,
    rowOnly: l.rowOnly && r.rowOnly,
    fields: [...l.fields, ...r.fields],
  };
}

/** Spans of every side, in traces that have some of each. A chain is planned as one: pairs would double the text. */
function planAnd(operation: SpansetOperation, context: PlanContext): Spanset {
  const sides = chainOf(operation).map((side) => plan(side, context));
  const any = join(
    sides.map((side) => side.where),
    ' OR ',
  );
  const each = join(
    sides.map((side) => sql`countIf(${side.where}) > 0`),
    ' AND ',
  );
  return {
    where: sql`((${any}) AND ${inTraces(any, each, context)})`,
    rowOnly: false,
    fields: sides.flatMap((side) => side.fields),
  };
}

function chainOf(expression: Expression): readonly Expression[] {
  if (expression.kind !== 'spansetOperation' || expression.operator !== '&&') return [expression];
  return [...chainOf(expression.left), ...chainOf(expression.right)];
}

/** The right side's spans whose `own` key is among the left side's `other` keys: parents, or children. */
function planRelated(operation: SpansetOperation, context: PlanContext, own: Sql, other: Sql): Spanset {
  const [left, right] = [plan(operation.left, context), plan(operation.right, context)];
  const related = sql`${own} IN (SELECT ${other} FROM spans WHERE ${nearby(context.range)} AND ${left.where})`;
  return {
    where: sql`(${right.where} AND ${related})`,
    rowOnly: false,
    fields: [...left.fields, ...right.fields],
  };
}

function planPipeline(elements: readonly Expression[], context: PlanContext): Spanset {
  return elements
    .slice(1)
    .reduce<Spanset>((before, element) => planStage(before, element, context), planFirst(elements, context));
}

function planFirst([first]: readonly Expression[], context: PlanContext): Spanset {
  return first === undefined ? planFilter(undefined, context) : plan(first, context);
}

function planStage(before: Spanset, element: Expression, context: PlanContext): Spanset {
  switch (element.kind) {
    case 'spansetFilter':
      return planFurtherFilter(before, planFilter(element.condition, context));
    case 'scalarFilter':
      return planScalarFilter(before, element, context);
    case 'select':
      return { ...before, fields: [...before.fields, ...element.fields.flatMap(fieldsOf)] };
    case 'coalesce':
      return before;
    default:
      throw notSupported(context.text, element.start, `${describe(element)} in a search`);
  }
}

function planFurtherFilter(before: Spanset, filter: Spanset): Spanset {
  return {
    where: sql`(${before.where} AND ${filter.where})`,
    rowOnly: before.rowOnly && filter.rowOnly,
    fields: [...before.fields, ...filter.fields],
  };
}

/** Keeps the spans of traces for which the comparison of their numbers is true. */
function planScalarFilter(before: Spanset, filter: ScalarFilter, context: PlanContext): Spanset {
  const compared = compareSql(
    filter.operator,
    numberSql(filter.left, context),
    numberSql(filter.right, context),
  );
  return {
    where: sql`(${before.where} AND ${inTraces(before.where, sql`ifNull(${compared}, false)`, context)})`,
    rowOnly: false,
    fields: [...before.fields, ...aggregatedFields(filter.left), ...aggregatedFields(filter.right)],
  };
}

function inTraces(where: Sql, having: Sql, context: PlanContext): Sql {
  return sql`trace_id IN (SELECT trace_id FROM spans
    WHERE ${within(context.range)} AND (${where}) GROUP BY trace_id HAVING ${having})`;
}

/** A number of each trace, or a constant; NULL where no span has what is aggregated. */
function numberSql(expression: Expression, context: PlanContext): Sql {
  switch (expression.kind) {
    case 'static':
      return 'value' in expression ? sql`${expression.value}` : sql`NULL`;
    case 'aggregate':
      return aggregateSql(expression, context);
    case 'scalarOperation':
      return arithmeticSql(
        expression.operator,
        numberSql(expression.left, context),
        numberSql(expression.right, context),
      );
    default:
      throw notSupported(context.text, expression.start, 'a number of another pipeline');
  }
}

function arithmeticSql(operator: string, left: Sql, right: Sql): Sql {
  switch (operator) {
    case '+':
      return sql`(${left} + ${right})`;
    case '-':
      return sql`(${left} - ${right})`;
    case '*':
      return sql`(${left} * ${right})`;
    case '/':
      return sql`(${left} / ${right})`;
    case '%':
      return sql`(${left} % ${right})`;
    default:
      return sql`pow(${left}, ${right})`;
  }
}

function aggregateSql(aggregate: Aggregate, context: PlanContext): Sql {
  if (aggregate.argument === undefined) return sql`count()`;
  const value = measured(aggregate.argument, context);
  switch (aggregate.function) {
    case 'avg':
      return sql`avgOrNull(${value})`;
    case 'max':
      return sql`maxOrNull(${value})`;
    case 'min':
      return sql`minOrNull(${value})`;
    default:
      return sql`sumOrNull(${value})`;
  }
}

/** A field's number in a row, NULL where it has none. */
function measured(field: FieldExpression, context: PlanContext): Sql {
  const numbers = alternativesOf(field, context.text).filter(
    (each) => each.type === 'int' || each.type === 'float',
  );
  const readable = numbers.filter((each) => each.over === undefined && each.table === 'spans');
  if (readable.length === 0) throw notSupported(context.text, field.start, 'an aggregate of this field');
  const cases = readable.map((each) => sql`${each.present ?? sql`true`}, toFloat64(${each.value})`);
  return sql`multiIf(${join(cases, ', ')}, NULL)`;
}

function aggregatedFields(expression: Expression): readonly (Attribute | Intrinsic)[] {
  if (expression.kind === 'aggregate')
    return expression.argument === undefined ? [] : fieldsOf(expression.argument);
  if (expression.kind !== 'scalarOperation') return [];
  return [...aggregatedFields(expression.left), ...aggregatedFields(expression.right)];
}
