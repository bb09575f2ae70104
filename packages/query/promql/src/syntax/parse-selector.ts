import { type LabelMatcher, type MatchOperator, metricName } from '@maru/query-core';
import type { VectorSelector } from './ast.ts';
import type { Cursor } from './cursor.ts';

/** Reads `name`, `name{…}` or `{…}`. */
export function parseVectorSelector(cursor: Cursor): VectorSelector {
  const start = cursor.peek().span.start;
  const name = cursor.is('{') ? '' : cursor.take().text;
  const inside = cursor.is('{') ? parseMatchers(cursor) : [];
  const span = { start, end: cursor.previous.span.end };
  const quoted = inside.find((item) => item.isBareName)?.matcher.value;
  if (name !== '' && quoted !== undefined) {
    cursor.fail(span, `metric name must not be set twice: "${name}" or "${quoted}"`);
  }
  const outside: readonly LabelMatcher[] = name === '' ? [] : [nameMatcher(name)];
  const matchers = [...outside, ...inside.map((item) => item.matcher)];
  const modifiers = { offset: undefined, at: undefined, rangeMode: undefined };
  return { kind: 'vectorSelector', name: name || (quoted ?? ''), matchers, ...modifiers, span };
}

function nameMatcher(name: string): LabelMatcher {
  return { name: metricName, operator: '=', value: name };
}

interface Item {
  readonly matcher: LabelMatcher;
  /** A quoted metric name that stands in the braces by itself. */
  readonly isBareName: boolean;
}

function parseMatchers(cursor: Cursor): readonly Item[] {
  cursor.take();
  const items: Item[] = [];
  while (!cursor.takeIf('}')) {
    if (items.length > 0) {
      cursor.expect(',', 'label matching', '"," or "}"');
      if (cursor.takeIf('}')) break;
    }
    items.push(parseMatcher(cursor));
  }
  return items;
}

function parseMatcher(cursor: Cursor): Item {
  const label = cursor.takeIf('identifier') ?? cursor.takeIf('string');
  if (label === undefined) return cursor.unexpected('label matching', 'identifier or "}"');
  if (label.kind === 'string' && (cursor.is(',') || cursor.is('}'))) {
    return { matcher: nameMatcher(label.value), isBareName: true };
  }
  const operator = cursor.expect('matchOperator', 'label matching', 'label matching operator');
  const value = cursor.expect('string', 'label matching', 'string');
  const matcher = { name: label.value, operator: operator.text as MatchOperator, value: value.value };
  return { matcher, isBareName: false };
}
