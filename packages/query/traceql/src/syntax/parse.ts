import type {
  ArithmeticOperator,
  ComparisonOperator,
  Expression,
  Hint,
  Query,
  SpansetOperator,
  Static,
} from './ast.ts';
import { Cursor } from './cursor.ts';
import { fieldPrecedence, parseStatic } from './parse-field.ts';
import { functions, parseFilter, parseNumber } from './parse-functions.ts';

/**
 * Parses a query into its tree.
 *
 * @throws QueryError of kind `bad_data` with the position, for every text that is no TraceQL.
 */
export function parse(text: string): Query {
  const cursor = new Cursor(text);
  const expression = parsePipeline(cursor);
  const hints = parseHints(cursor);
  if (cursor.token.kind !== 'end') throw cursor.unexpected('an operator or the end of the query');
  if (categoryOf(expression) === 'number') {
    throw cursor.error(
      expression.start,
      'a query must give spans or series: compare the number with another',
    );
  }
  return { expression, hints };
}

/** What an expression gives: decides what its operators mean (`>` of spansets is "child of", of numbers "greater"). */
export type Category = 'spanset' | 'number' | 'series' | 'stage';

/** The category of an expression; `stage` stands for what only works on what came before it in its pipeline. */
export function categoryOf(expression: Expression): Category {
  switch (expression.kind) {
    case 'pipeline':
      return categoryOfPipeline(expression.elements);
    case 'spansetFilter':
    case 'spansetOperation':
    case 'scalarFilter':
    case 'groupBy':
      return 'spanset';
    case 'aggregate':
    case 'scalarOperation':
    case 'static':
      return 'number';
    case 'metricsOperation':
      return 'series';
    case 'metricsFilter':
      return categoryOf(expression.left) === 'series' ? 'series' : 'stage';
    default:
      return 'stage';
  }
}

function categoryOfPipeline(elements: readonly Expression[]): Category {
  const last = elements.at(-1);
  if (last === undefined) return 'spanset';
  if (last.kind === 'select' || last.kind === 'coalesce') return 'spanset';
  const category = categoryOf(last);
  return category === 'stage' ? 'series' : category;
}

/** `a | b | c`; a single element stands for itself. */
function parsePipeline(cursor: Cursor): Expression {
  return cursor.nested(() => {
    const first = parseElement(cursor);
    checkFirst(cursor, first);
    const elements = [first];
    while (cursor.takeOperator('|')) {
      const element = parseElement(cursor);
      checkFollows(cursor, elements, element);
      elements.push(element);
    }
    return elements.length === 1 ? first : { kind: 'pipeline', elements, start: first.start };
  });
}

function checkFirst(cursor: Cursor, first: Expression): void {
  if (categoryOf(first) !== 'stage') return;
  throw cursor.error(first.start, `syntax error: a query cannot begin with this stage; begin with { }`);
}

/** After a number nothing follows; after series only what works on series does. */
function checkFollows(cursor: Cursor, elements: readonly Expression[], element: Expression): void {
  const before = categoryOfPipeline(elements);
  if (before === 'number')
    throw cursor.error(element.start, 'syntax error: nothing can follow an aggregate; compare it first');
  const onSeries = element.kind === 'metricsRank';
  if ((before === 'series') !== onSeries) {
    const what = onSeries
      ? 'topk() and bottomk() follow a metrics function'
      : 'only topk() and bottomk() can follow series';
    throw cursor.error(element.start, `syntax error: ${what}`);
  }
}

/** Structural operators bind like comparisons; arithmetic binds as it does inside braces. */
const precedence: ReadonlyMap<string, number> = new Map([
  ...fieldPrecedence,
  ...['>>', '<<', '~', '!>', '!<', '!>>', '!<<', '!~', '&>', '&<', '&>>', '&<<', '&~'].map(
    (operator) => [operator, 2] as const,
  ),
]);

function parseElement(cursor: Cursor, minPrecedence = 1): Expression {
  return cursor.nested(() => {
    let left = parseOperand(cursor);
    for (let level = levelAt(cursor); level >= minPrecedence; level = levelAt(cursor)) {
      const operator = cursor.next();
      const right = parseElement(
        cursor,
        cursor.text.slice(operator.start, operator.end) === '^' ? level : level + 1,
      );
      left = combine(cursor, cursor.text.slice(operator.start, operator.end), operator.start, left, right);
    }
    return left;
  });
}

function levelAt({ token }: Cursor): number {
  return token.kind === 'operator' ? (precedence.get(token.text) ?? 0) : 0;
}

function parseOperand(cursor: Cursor): Expression {
  const { token } = cursor;
  if (cursor.isOperator('{')) return parseFilter(cursor);
  if (cursor.takeOperator('(')) {
    const inner = parsePipeline(cursor);
    cursor.expectOperator(')');
    return inner;
  }
  const parseFunction = token.kind === 'word' ? functions.get(token.text) : undefined;
  if (parseFunction !== undefined) {
    cursor.next();
    return parseFunction(cursor, token.start);
  }
  if (cursor.isOperator('-') || ['int', 'float', 'duration'].includes(token.kind)) return parseNumber(cursor);
  throw cursor.unexpected('"{", "(", a function or a number');
}

const comparisons: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);
const arithmetic: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '^']);

/** The node that an operator makes of its two sides. */
function combine(
  cursor: Cursor,
  operator: string,
  at: number,
  left: Expression,
  right: Expression,
): Expression {
  const sides = `${categoryOf(left)} ${categoryOf(right)}`;
  const { start } = left;
  const spansetOperator = !arithmetic.has(operator) && !['=', '!=', '<=', '>=', '=~'].includes(operator);
  if (sides === 'spanset spanset' && spansetOperator) {
    return { kind: 'spansetOperation', operator: operator as SpansetOperator, left, right, start };
  }
  if (sides === 'number number') return combineNumbers(cursor, operator, at, left, right);
  const onSeries = combineSeries(operator, left, right);
  if (onSeries !== undefined) return onSeries;
  throw cursor.error(
    at,
    `operator ${operator} cannot stand between these: it needs spansets, numbers or series on both sides`,
  );
}

function combineNumbers(
  cursor: Cursor,
  operator: string,
  at: number,
  left: Expression,
  right: Expression,
): Expression {
  const { start } = left;
  if (comparisons.has(operator))
    return { kind: 'scalarFilter', operator: operator as ComparisonOperator, left, right, start };
  if (arithmetic.has(operator))
    return { kind: 'scalarOperation', operator: operator as ArithmeticOperator, left, right, start };
  throw cursor.error(at, `operator ${operator} cannot stand between numbers`);
}

function combineSeries(operator: string, left: Expression, right: Expression): Expression | undefined {
  const { start } = left;
  const isSeries = (side: Expression): boolean => categoryOf(side) === 'series' || side.kind === 'metrics';
  if (comparisons.has(operator) && isSeries(left) && isNumber(right)) {
    return { kind: 'metricsFilter', operator: operator as ComparisonOperator, left, right, start };
  }
  const operands = [left, right].every((side) => categoryOf(side) === 'series' || isNumber(side));
  if (!operands || !arithmetic.has(operator)) return undefined;
  return { kind: 'metricsOperation', operator: operator as ArithmeticOperator, left, right, start };
}

function isNumber(side: Expression): side is Static {
  return side.kind === 'static';
}

/** `with (name=value, …)` at the end of a query. */
function parseHints(cursor: Cursor): readonly Hint[] {
  if (!cursor.isWord('with')) return [];
  cursor.next();
  return cursor.list(1, () => {
    const { token } = cursor;
    if (token.kind !== 'word') throw cursor.unexpected('the name of a hint');
    cursor.next();
    cursor.expectOperator('=');
    return { name: token.text, value: parseStatic(cursor), start: token.start };
  });
}
