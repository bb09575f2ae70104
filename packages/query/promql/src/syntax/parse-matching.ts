import type { VectorMatching } from './ast.ts';
import type { Cursor } from './cursor.ts';
import { numberValue } from './number-literal.ts';
import { isLabelWord } from './token.ts';

/** What stands between a binary operator and its right side. */
export interface BinaryModifiers {
  readonly returnBool: boolean;
  readonly matching: VectorMatching;
}

/** Matching by all labels, one to one. */
const defaultMatching: VectorMatching = {
  mode: 'ignoring',
  labels: [],
  isExplicit: false,
  group: undefined,
  include: [],
  fill: { left: undefined, right: undefined },
};

/** Reads `bool on (a, b) group_left (c) fill(0)`, all of it optional. */
export function parseMatching(cursor: Cursor): BinaryModifiers {
  const returnBool = cursor.takeIf('keyword', 'bool') !== undefined;
  const matched = parseOn(cursor);
  const grouped = matched.isExplicit ? parseGroup(cursor, matched) : matched;
  return { returnBool, matching: { ...grouped, fill: parseFill(cursor) } };
}

function parseOn(cursor: Cursor): VectorMatching {
  if (!cursor.is('keyword', 'on') && !cursor.is('keyword', 'ignoring')) return defaultMatching;
  const mode = cursor.take().value === 'on' ? 'on' : 'ignoring';
  return { ...defaultMatching, mode, labels: parseLabelList(cursor), isExplicit: true };
}

function parseGroup(cursor: Cursor, matching: VectorMatching): VectorMatching {
  if (!cursor.is('keyword', 'group_left') && !cursor.is('keyword', 'group_right')) return matching;
  const group = cursor.take().value === 'group_left' ? 'left' : 'right';
  return { ...matching, group, include: cursor.is('(') ? parseLabelList(cursor) : [] };
}

/** `fill(0)`, or `fill_left(0)` and `fill_right(0)` in either order; without a bracket they are metrics' names. */
function parseFill(cursor: Cursor): VectorMatching['fill'] {
  let { left, right } = defaultMatching.fill;
  while (isFill(cursor)) {
    const side = cursor.take().value;
    const value = parseFillValue(cursor);
    if (side !== 'fill_right') left = value;
    if (side !== 'fill_left') right = value;
  }
  return { left, right };
}

function isFill(cursor: Cursor): boolean {
  return cursor.peek().value.startsWith('fill') && cursor.is('keyword') && cursor.peekSecond().kind === '(';
}

function parseFillValue(cursor: Cursor): number {
  cursor.take();
  const sign = cursor.takeIf('operator', '-') ? -1 : 1;
  if (sign === 1) cursor.takeIf('operator', '+');
  const number = cursor.expect('number', 'fill modifier', 'number');
  cursor.expect(')', 'fill modifier', '")"');
  return sign * numberValue(number.text);
}

/** Reads `(a, b)`; a comma may end it. Names may be quoted. */
export function parseLabelList(cursor: Cursor): readonly string[] {
  cursor.expect('(', 'grouping opts', '"("');
  const names: string[] = [];
  while (!cursor.takeIf(')')) {
    if (names.length > 0) {
      cursor.expect(',', 'grouping opts', '"," or ")"');
      if (cursor.takeIf(')')) return names;
    }
    names.push(parseLabelName(cursor));
  }
  return names;
}

function parseLabelName(cursor: Cursor): string {
  const token = cursor.peek();
  if (token.kind === 'string') return cursor.take().value;
  if (!isLabelWord(token)) cursor.unexpected('grouping opts', 'label');
  return cursor.take().text;
}
