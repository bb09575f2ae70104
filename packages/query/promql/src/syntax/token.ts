import type { Span } from '@maru/query-core';

/** One word of a query. `text` is as written; `value` is what it means (a string's content, a keyword in lower case). */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly value: string;
  readonly span: Span;
}

export type TokenKind =
  | 'number'
  | 'duration'
  | 'string'
  | 'identifier'
  /** An identifier with a colon in it: a metric's name and nothing else. */
  | 'metricIdentifier'
  | 'keyword'
  | 'aggregator'
  | 'operator'
  | '('
  | ')'
  | '{'
  | '}'
  | '['
  | ']'
  | ','
  | ':'
  | '@'
  /** `=`, `!=`, `=~`, `!~` inside braces, and a lone `=` outside them. */
  | 'matchOperator'
  | 'end'
  /** What the lexer could not read; `value` is the error. Reported only when the parser comes to it. */
  | 'error';

/** Aggregation operators; each is also a metric's name where no bracket or grouping follows. */
export const aggregators: ReadonlySet<string> = new Set([
  'avg',
  'bottomk',
  'count',
  'count_values',
  'group',
  'limit_ratio',
  'limitk',
  'max',
  'min',
  'quantile',
  'stddev',
  'stdvar',
  'sum',
  'topk',
]);

/** Operators that are words. */
export const wordOperators: ReadonlySet<string> = new Set(['and', 'or', 'unless', 'atan2']);

export const keywords: ReadonlySet<string> = new Set([
  'anchored',
  'bool',
  'by',
  'end',
  'fill',
  'fill_left',
  'fill_right',
  'group_left',
  'group_right',
  'ignoring',
  'offset',
  'on',
  'range',
  'smoothed',
  'start',
  'step',
  'without',
]);

/** Keywords that may not be a metric's name. */
const neverMetricNames: ReadonlySet<string> = new Set([
  'atan2',
  'bool',
  'group_left',
  'group_right',
  'ignoring',
  'on',
]);

/** Whether the token may be a metric's name where an operand is wanted. */
export function isMetricName(token: Token): boolean {
  if (token.kind === 'identifier' || token.kind === 'metricIdentifier' || token.kind === 'aggregator') {
    return true;
  }
  return isWord(token) && !neverMetricNames.has(token.value);
}

/** Whether the token may be a label's name in `by (…)`, `on (…)` and the like: any word. */
export function isLabelWord(token: Token): boolean {
  return token.kind === 'identifier' || token.kind === 'aggregator' || isWord(token);
}

function isWord(token: Token): boolean {
  return token.kind === 'keyword' || (token.kind === 'operator' && wordOperators.has(token.value));
}

/** The token as Prometheus's errors speak of it: `identifier "x"`, `<by>`, `<op:+>`, `end of input`. */
export function describeToken(token: Token): string {
  switch (token.kind) {
    case 'end':
      return 'end of input';
    case 'keyword':
      return `<${token.text}>`;
    case 'aggregator':
      return `<aggr:${token.text}>`;
    case 'operator':
      return `<op:${token.text}>`;
    case 'matchOperator':
      return token.text === '=' ? '"="' : `<op:${token.text}>`;
    case 'metricIdentifier':
      return `metric identifier "${token.text}"`;
    case 'identifier':
      return `identifier "${token.text}"`;
    case 'number':
    case 'duration':
    case 'string':
      return `${token.kind} ${shortened(token.text)}`;
    default:
      return `"${token.text}"`;
  }
}

function shortened(text: string): string {
  const quoted = (part: string) => `"${part.replace(/[\\"]/g, '\\$&')}"`;
  return text.length > 10 ? `${quoted(text.slice(0, 10))}...` : quoted(text);
}
