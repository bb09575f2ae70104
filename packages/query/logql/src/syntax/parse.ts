import type {
  BinaryOperation,
  BinaryOperator,
  Expression,
  LabelReplace,
  LogExpression,
  Matching,
  MetricExpression,
  VectorAggregation,
  VectorFunction,
} from './ast.ts';
import { Cursor } from './cursor.ts';
import { parseLog } from './parse-log.ts';
import { parseGrouping, parseLabelList, parseRangeAggregation, rangeFunctions } from './parse-range.ts';

/**
 * Parses a query into its tree.
 *
 * @throws QueryError of kind `bad_data` with the position, for every text that is no LogQL.
 */
export function parse(text: string): Expression {
  const cursor = new Cursor(text);
  const expression = parseExpression(cursor, 1);
  if (cursor.token.kind !== 'end') throw cursor.unexpected('an operator or the end of the query');
  return expression;
}

/** Parses a query that must select log lines: no numbers. */
export function parseSelector(text: string): LogExpression {
  const expression = parse(text);
  if (expression.kind === 'log') return expression;
  throw new Cursor(text).error(expression.start, 'only a log query is possible here');
}

/** How strongly each operator binds; `^` binds from the right. */
export const precedence: ReadonlyMap<string, number> = new Map([
  ['or', 1],
  ['and', 2],
  ['unless', 2],
  ...['==', '!=', '<', '<=', '>', '>='].map((operator) => [operator, 3] as const),
  ['+', 4],
  ['-', 4],
  ['*', 5],
  ['/', 5],
  ['%', 5],
  ['^', 6],
]);

function parseExpression(cursor: Cursor, minPrecedence: number): Expression {
  return cursor.nested(() => {
    let left = parseOperand(cursor);
    for (let level = levelAt(cursor); level >= minPrecedence; level = levelAt(cursor)) {
      const { start, end } = cursor.next();
      const operator = cursor.text.slice(start, end) as BinaryOperator;
      const modifier = parseModifier(cursor);
      const right = parseExpression(cursor, operator === '^' ? level : level + 1);
      left = binary(cursor, start, operator, metric(cursor, left), metric(cursor, right), modifier);
    }
    return left;
  });
}

function levelAt({ token }: Cursor): number {
  return token.kind === 'operator' || token.kind === 'word' ? (precedence.get(token.text) ?? 0) : 0;
}

type Modifier = Pick<BinaryOperation, 'returnBool' | 'matching'>;

function parseModifier(cursor: Cursor): Modifier {
  return { returnBool: cursor.takeWord('bool'), matching: parseMatching(cursor) };
}

function parseMatching(cursor: Cursor): Matching | undefined {
  const on = cursor.isWord('on');
  if (!on && !cursor.isWord('ignoring')) return undefined;
  cursor.next();
  const labels = parseLabelList(cursor);
  return { on, labels, group: parseGroup(cursor) };
}

function parseGroup(cursor: Cursor): Matching['group'] {
  const side = cursor.isWord('group_left') ? 'left' : cursor.isWord('group_right') ? 'right' : undefined;
  if (side === undefined) return undefined;
  cursor.next();
  return { side, include: cursor.isOperator('(') ? parseLabelList(cursor) : [] };
}

const logical: ReadonlySet<string> = new Set(['or', 'and', 'unless']);
const comparisons: ReadonlySet<string> = new Set(['==', '!=', '<', '<=', '>', '>=']);

function binary(
  cursor: Cursor,
  at: number,
  operator: BinaryOperator,
  left: MetricExpression,
  right: MetricExpression,
  modifier: Modifier,
): BinaryOperation {
  if (modifier.returnBool && !comparisons.has(operator)) {
    throw cursor.error(at, 'bool modifier can only be used on comparison operators');
  }
  const literal = [left, right].some((side) => side.kind === 'literal');
  if (literal && logical.has(operator)) {
    throw cursor.error(at, `unexpected literal for side of logical/set binary operation (${operator})`);
  }
  return { kind: 'binary', operator, left, right, ...modifier, start: left.start };
}

function metric(cursor: Cursor, expression: Expression): MetricExpression {
  if (expression.kind !== 'log') return expression;
  throw cursor.error(
    expression.start,
    'unexpected type for leg of binary operation: a log query is no number; count its lines',
  );
}

function parseOperand(cursor: Cursor): Expression {
  const { token } = cursor;
  if (cursor.isOperator('{')) return parseLog(cursor);
  if (cursor.takeOperator('(')) {
    const inner = parseExpression(cursor, 1);
    cursor.expectOperator(')');
    return inner;
  }
  if (token.kind === 'number' || cursor.isOperator('-') || cursor.isOperator('+')) {
    return { kind: 'literal', value: cursor.expectNumber(), start: token.start };
  }
  if (token.kind === 'word') return parseCall(cursor, token.text);
  throw cursor.unexpected('"{", "(", a function or a number');
}

function parseCall(cursor: Cursor, name: string): MetricExpression {
  if (rangeFunctions.has(name)) return parseRangeAggregation(cursor);
  if (vectorFunctions.has(name)) return parseVectorAggregation(cursor);
  if (name === 'label_replace') return parseLabelReplace(cursor);
  if (name === 'vector') return parseVector(cursor);
  throw cursor.unexpected('a function of LogQL');
}

const vectorFunctions: ReadonlySet<string> = new Set<VectorFunction>([
  'sum',
  'avg',
  'count',
  'min',
  'max',
  'stddev',
  'stdvar',
  'bottomk',
  'topk',
  'approx_topk',
  'sort',
  'sort_desc',
]);

const withParameter: ReadonlySet<string> = new Set(['topk', 'bottomk', 'approx_topk']);

/** The grouping may stand before or after the parentheses. */
function parseVectorAggregation(cursor: Cursor): VectorAggregation {
  const { start } = cursor.token;
  const name = cursor.expectName('a function') as VectorFunction;
  const before = parseGrouping(cursor);
  cursor.expectOperator('(');
  const parameter = withParameter.has(name) ? parseCount(cursor, name) : undefined;
  const expression = metric(cursor, parseExpression(cursor, 1));
  cursor.expectOperator(')');
  const grouping = before ?? parseGrouping(cursor);
  return { kind: 'vectorAggregation', function: name, parameter, expression, grouping, start };
}

function parseCount(cursor: Cursor, name: string): number {
  const { start } = cursor.token;
  const count = cursor.expectNumber();
  if (!Number.isInteger(count) || count < 1) {
    throw cursor.error(start, `invalid parameter (must be greater than 0) ${name}(${count}`);
  }
  cursor.expectOperator(',');
  return count;
}

function parseLabelReplace(cursor: Cursor): LabelReplace {
  const { start } = cursor.next();
  cursor.expectOperator('(');
  const expression = metric(cursor, parseExpression(cursor, 1));
  const [destination = '', replacement = '', source = '', pattern = ''] = Array.from({ length: 4 }, () => {
    cursor.expectOperator(',');
    return cursor.expectString();
  });
  cursor.expectOperator(')');
  return { kind: 'labelReplace', expression, destination, replacement, source, pattern, start };
}

function parseVector(cursor: Cursor): MetricExpression {
  const { start } = cursor.next();
  cursor.expectOperator('(');
  const value = cursor.expectNumber();
  cursor.expectOperator(')');
  return { kind: 'vector', value, start };
}
