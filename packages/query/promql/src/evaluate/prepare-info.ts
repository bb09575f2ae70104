import { compileMatcher, type LabelMatcher, metricName } from '@maru/query-core';
import {
  type Call,
  childrenOf,
  type DurationExpression,
  type Expression,
  type Modifiers,
  type Subquery,
  unwrapParentheses,
  type VectorSelector,
} from '../syntax/ast.ts';
import type { QueryRange } from './context.ts';
import { durationMs } from './duration.ts';

/**
 * The expression with what `info` leaves unsaid written out: its selector names the info metrics, and looks at the time
 * at which the first selector of the other argument looks.
 */
export function prepareInfo(expression: Expression, query: QueryRange): Expression {
  const prepared = (child: Expression) => prepareInfo(child, query);
  switch (expression.kind) {
    case 'call': {
      const call: Call = { ...expression, arguments: expression.arguments.map(prepared) };
      return call.name === 'info' ? writtenOut(call, query) : call;
    }
    case 'aggregation':
      return {
        ...expression,
        expression: prepared(expression.expression),
        parameter: expression.parameter && prepared(expression.parameter),
      };
    case 'binary':
      return { ...expression, left: prepared(expression.left), right: prepared(expression.right) };
    case 'unary':
      return { ...expression, operand: prepared(expression.operand) };
    case 'parentheses':
      return { ...expression, inner: prepared(expression.inner) };
    case 'subquery':
      return { ...expression, expression: prepared(expression.expression) };
    default:
      return expression;
  }
}

function writtenOut(call: Call, query: QueryRange): Call {
  const [base, given] = call.arguments;
  if (base === undefined) return call;
  const selector = given === undefined ? undefined : unwrapParentheses(given);
  const matchers = selector?.kind === 'vectorSelector' ? selector.matchers : [];
  const info: VectorSelector = {
    kind: 'vectorSelector',
    name: '',
    matchers: [...matchers, ...impliedNames(matchers)],
    span: selector?.span ?? call.span,
    rangeMode: undefined,
    ...timeOf(base, query),
  };
  return { ...call, arguments: [base, info] };
}

/** `target_info` when no name is asked for; any `…_info` when names are only ruled out. */
function impliedNames(matchers: readonly LabelMatcher[]): readonly LabelMatcher[] {
  const names = matchers.filter(({ name }) => name === metricName);
  if (names.length === 0) return [{ name: metricName, operator: '=', value: 'target_info' }];
  const hasPositive = names.some((matcher) => matcher.operator === '=' || matcher.operator === '=~');
  return hasPositive ? [] : [{ name: metricName, operator: '=~', value: '.+_info' }];
}

type TimeModifiers = Pick<Modifiers, 'at' | 'offset'>;

const now: TimeModifiers = { at: undefined, offset: undefined };

/** Where the first selector below an expression looks, as the modifiers of one selector. */
function timeOf(expression: Expression, query: QueryRange): TimeModifiers {
  if (expression.kind === 'vectorSelector') return { at: expression.at, offset: expression.offset };
  for (const child of childrenOf(expression)) {
    const inside = timeOf(child, query);
    if (!hasSelector(child)) continue;
    return expression.kind === 'subquery' ? shifted(inside, expression, query) : inside;
  }
  return now;
}

function hasSelector(expression: Expression): boolean {
  return expression.kind === 'vectorSelector' || childrenOf(expression).some(hasSelector);
}

/** What is fixed by `@` inside a subquery stays there; all else moves with it. */
function shifted(inside: TimeModifiers, subquery: Subquery, query: QueryRange): TimeModifiers {
  if (inside.at !== undefined) return inside;
  const milliseconds = durationMs(inside.offset, query) + durationMs(subquery.offset, query);
  return { at: subquery.at, offset: literal(milliseconds / 1000, subquery) };
}

function literal(seconds: number, { span }: Subquery): DurationExpression {
  return { kind: 'literal', seconds, isDuration: true, span };
}

/** Whether a label set passes every matcher. */
export function matchesAll(labels: ReadonlyMap<string, string>, matchers: readonly LabelMatcher[]): boolean {
  return matchers.every((matcher) => compileMatcher(matcher)(labels.get(matcher.name) ?? ''));
}
