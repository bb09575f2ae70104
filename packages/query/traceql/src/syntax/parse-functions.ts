import type {
  Aggregate,
  AggregateFunction,
  Expression,
  FieldExpression,
  Metrics,
  MetricsFunction,
  SpansetFilter,
  Static,
} from './ast.ts';
import type { Cursor } from './cursor.ts';
import { parseField, parseStatic } from './parse-field.ts';

type ParseFunction = (cursor: Cursor, start: number) => Expression;

/** Every function that may begin an element of a pipeline, by its name; each reads from its opening parenthesis. */
export const functions: ReadonlyMap<string, ParseFunction> = new Map<string, ParseFunction>([
  ['by', parseGroupBy],
  ['coalesce', parseCoalesce],
  [
    'select',
    (cursor, start) => ({ kind: 'select', fields: cursor.list(1, () => parseField(cursor)), start }),
  ],
  ['count', parseCount],
  ...(['avg', 'max', 'min', 'sum'] as const).map((name) => [name, aggregateParser(name)] as const),
  ...(['rate', 'count_over_time'] as const).map((name) => [name, metricsParser(name, noArguments)] as const),
  ...(
    ['min_over_time', 'max_over_time', 'avg_over_time', 'sum_over_time', 'histogram_over_time'] as const
  ).map((name) => [name, metricsParser(name, oneArgument)] as const),
  ['quantile_over_time', metricsParser('quantile_over_time', argumentAndNumbers)],
  ['compare', metricsParser('compare', selectionAndNumbers)],
  ...(['topk', 'bottomk'] as const).map((name) => [name, rankParser(name)] as const),
]);

/** `{ }` or `{ condition }`. */
export function parseFilter(cursor: Cursor): SpansetFilter {
  const { start } = cursor.token;
  cursor.expectOperator('{');
  if (cursor.takeOperator('}')) return { kind: 'spansetFilter', condition: undefined, start };
  const condition = parseField(cursor);
  cursor.expectOperator('}');
  return { kind: 'spansetFilter', condition, start };
}

function parseGroupBy(cursor: Cursor, start: number): Expression {
  return { kind: 'groupBy', expression: onlyField(cursor), start };
}

function parseCoalesce(cursor: Cursor, start: number): Expression {
  nothing(cursor);
  return { kind: 'coalesce', start };
}

function parseCount(cursor: Cursor, start: number): Aggregate {
  nothing(cursor);
  return { kind: 'aggregate', function: 'count', argument: undefined, start };
}

function aggregateParser(name: AggregateFunction): ParseFunction {
  return (cursor, start) => ({ kind: 'aggregate', function: name, argument: onlyField(cursor), start });
}

function rankParser(name: 'topk' | 'bottomk'): ParseFunction {
  return (cursor, start) => {
    cursor.expectOperator('(');
    const limit = parseStatic(cursor);
    cursor.expectOperator(')');
    if (limit.type !== 'int' || limit.value < 1n)
      throw cursor.error(limit.start, `${name}() needs a whole number above 0`);
    return { kind: 'metricsRank', function: name, limit, start };
  };
}

interface MetricsArguments {
  readonly argument: FieldExpression | undefined;
  readonly selection: SpansetFilter | undefined;
  readonly numbers: readonly Static[];
}

const without: MetricsArguments = { argument: undefined, selection: undefined, numbers: [] };

function metricsParser(
  name: MetricsFunction,
  parseArguments: (cursor: Cursor) => MetricsArguments,
): ParseFunction {
  return (cursor, start): Metrics => {
    const given = parseArguments(cursor);
    return { kind: 'metrics', function: name, ...given, by: parseBy(cursor), start };
  };
}

function parseBy(cursor: Cursor): readonly FieldExpression[] {
  if (!cursor.isWord('by')) return [];
  cursor.next();
  return cursor.list(1, () => parseField(cursor));
}

function noArguments(cursor: Cursor): MetricsArguments {
  nothing(cursor);
  return without;
}

function oneArgument(cursor: Cursor): MetricsArguments {
  return { ...without, argument: onlyField(cursor) };
}

function argumentAndNumbers(cursor: Cursor): MetricsArguments {
  cursor.expectOperator('(');
  const argument = parseField(cursor);
  const numbers = parseNumbers(cursor);
  if (numbers.length === 0) throw cursor.unexpected('"," and a quantile');
  cursor.expectOperator(')');
  return { ...without, argument, numbers };
}

function selectionAndNumbers(cursor: Cursor): MetricsArguments {
  cursor.expectOperator('(');
  const selection = parseFilter(cursor);
  const numbers = parseNumbers(cursor);
  cursor.expectOperator(')');
  return { ...without, selection, numbers };
}

function parseNumbers(cursor: Cursor): readonly Static[] {
  const numbers: Static[] = [];
  while (cursor.takeOperator(',')) numbers.push(parseNumber(cursor));
  return numbers;
}

/** A number or duration, with its sign. */
export function parseNumber(cursor: Cursor): Static {
  const { start } = cursor.token;
  const value = parseField(cursor, 5);
  if (
    value.kind === 'static' &&
    (value.type === 'int' || value.type === 'float' || value.type === 'duration')
  )
    return value;
  throw cursor.error(start, 'syntax error: a number is expected');
}

function onlyField(cursor: Cursor): FieldExpression {
  cursor.expectOperator('(');
  const field = parseField(cursor);
  cursor.expectOperator(')');
  return field;
}

function nothing(cursor: Cursor): void {
  cursor.expectOperator('(');
  cursor.expectOperator(')');
}
