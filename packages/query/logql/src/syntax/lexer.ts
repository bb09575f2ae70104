import { parseFloatText, parseNanoDuration, readGoString } from '@maru/query-core';
import { parseBytes } from './bytes.ts';
import { parseError } from './error.ts';
import type { Token } from './token.ts';

const spaces = /(?:\s|#[^\n]*)+/y;
const word = /[a-zA-Z_][a-zA-Z0-9_]*/y;
const flag = /--[a-z][a-z-]*/y;
/** A number with whatever unit follows it at once. */
const quantity = /(?:0x[0-9a-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)[a-zA-Zµμ0-9.]*/y;

/** Longest first. */
const operators = [
  '|=',
  '|~',
  '|>',
  '!=',
  '!~',
  '!>',
  '=~',
  '==',
  '>=',
  '<=',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ',',
  '|',
  '=',
  '<',
  '>',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
];

/**
 * Splits a query into tokens, the last of them `end`.
 *
 * @throws QueryError with the position of the first text that is no token.
 */
export function tokenize(text: string): readonly [...Token[], Token] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at += matchAt(spaces, text, at)?.length ?? 0;
    if (at >= text.length) return [...tokens, { kind: 'end', start: text.length, end: text.length }];
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
}

function readToken(text: string, start: number): Token {
  const token =
    readString(text, start) ??
    readQuantity(text, start) ??
    readNamed(text, start) ??
    readOperator(text, start);
  if (token === undefined)
    throw parseError(text, start, `unexpected character ${JSON.stringify(text[start])}`);
  return token;
}

function readString(text: string, start: number): Token | undefined {
  if (text[start] !== '"' && text[start] !== '`') return undefined;
  const read = readGoString(text, start);
  if ('problem' in read) throw parseError(text, read.at, read.problem);
  return { kind: 'string', value: read.value, start, end: read.end };
}

function readQuantity(text: string, start: number): Token | undefined {
  const found = matchAt(quantity, text, start);
  if (found === undefined) return undefined;
  const place = { start, end: start + found.length };
  const number = parseFloatText(found);
  if (number !== undefined) return { kind: 'number', value: number, ...place };
  const nanos = parseNanoDuration(found);
  if (nanos !== undefined) return { kind: 'duration', value: nanos, ...place };
  const bytes = parseBytes(found);
  if (bytes !== undefined) return { kind: 'bytes', value: bytes, ...place };
  throw parseError(text, start, `${JSON.stringify(found)} is no number, duration or size`);
}

function readNamed(text: string, start: number): Token | undefined {
  const name = matchAt(word, text, start);
  if (name !== undefined) return { kind: 'word', text: name, start, end: start + name.length };
  const given = matchAt(flag, text, start);
  return given === undefined ? undefined : { kind: 'flag', text: given, start, end: start + given.length };
}

function readOperator(text: string, start: number): Token | undefined {
  const operator = operators.find((each) => text.startsWith(each, start));
  return operator === undefined
    ? undefined
    : { kind: 'operator', text: operator, start, end: start + operator.length };
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}
