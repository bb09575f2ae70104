import { parseNanoDuration, readGoString } from '@maru/query-core';
import type { Scope } from './ast.ts';
import { parseError } from './error.ts';
import type { Token } from './token.ts';

const spaces = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const durationRest = /[\dnsumhµμdwy.]+/y;
const word = /[\p{L}_][\p{L}\p{N}_]*/uy;
const scopedIntrinsic = /(?:trace|span|event|link|instrumentation):[A-Za-z]+/y;
const attributeStart = /(?:(parent)\.)?(?:(span|resource|event|link|instrumentation)\.|\.)|(parent)\./y;
/** What may stand in an attribute's name without quotes: everything but spaces, brackets and operators. */
const attributeRun = /[^\s{}()=~!<>&|^,"]+/y;

/** Longest first: `&>>` before `&>`. */
const operators = [
  '!>>',
  '!<<',
  '&>>',
  '&<<',
  '!>',
  '!<',
  '&>',
  '&<',
  '&~',
  '&&',
  '||',
  '>>',
  '<<',
  '>=',
  '<=',
  '!=',
  '!~',
  '=~',
  '{',
  '}',
  '(',
  ')',
  ',',
  '|',
  '=',
  '<',
  '>',
  '~',
  '!',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
];

const maxInt = 2n ** 63n - 1n;

/**
 * Splits a query into tokens, the last of them `end`.
 *
 * @throws QueryError with the position of the first text that is no token.
 */
export function tokenize(text: string): readonly [...Token[], Token] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = matchAt(spaces, text, at)?.end ?? at;
    if (at >= text.length) return [...tokens, { kind: 'end', start: text.length, end: text.length }];
    const token = readToken(text, at);
    tokens.push(token);
    at = token.end;
  }
}

function readToken(text: string, start: number): Token {
  const token =
    readQuoted(text, start) ??
    readNumber(text, start) ??
    readScopedIntrinsic(text, start) ??
    readAttribute(text, start) ??
    readWord(text, start) ??
    readOperator(text, start);
  if (token === undefined) throw parseError(text, start, `unexpected ${JSON.stringify(text[start])}`);
  return token;
}

function readQuoted(text: string, start: number): Token | undefined {
  if (text[start] !== '"' && text[start] !== '`') return undefined;
  const { value, end } = unquote(text, start);
  return { kind: 'string', value, start, end };
}

function unquote(text: string, start: number): { readonly value: string; readonly end: number } {
  const read = readGoString(text, start);
  if ('problem' in read) throw parseError(text, read.at, read.problem);
  return read;
}

/** A number is a duration when unit letters follow it at once and the whole reads as one. */
function readNumber(text: string, start: number): Token | undefined {
  const digits = matchAt(number, text, start);
  if (digits === undefined) return undefined;
  const whole = matchAt(durationRest, text, start);
  const nanos = whole === undefined ? undefined : parseNanoDuration(whole.text);
  if (whole !== undefined && nanos !== undefined)
    return { kind: 'duration', value: nanos, start, end: whole.end };
  if (/^\d+$/.test(digits.text)) return readInt(text, digits.text, start, digits.end);
  return { kind: 'float', value: Number(digits.text), start, end: digits.end };
}

function readInt(text: string, digits: string, start: number, end: number): Token {
  const value = BigInt(digits);
  if (value > maxInt) throw parseError(text, start, `integer ${digits} needs more than 64 bits`);
  return { kind: 'int', value, start, end };
}

function readScopedIntrinsic(text: string, start: number): Token | undefined {
  const match = matchAt(scopedIntrinsic, text, start);
  return match && { kind: 'intrinsic', text: match.text, start, end: match.end };
}

function readAttribute(text: string, start: number): Token | undefined {
  attributeStart.lastIndex = start;
  const match = attributeStart.exec(text);
  if (match === null) return undefined;
  const scope = match[2] as Scope | undefined;
  const { name, end } = readAttributeName(text, start + match[0].length);
  if (end === start + match[0].length) throw parseError(text, end, 'an attribute name is missing');
  return { kind: 'attribute', ofParent: (match[1] ?? match[3]) !== undefined, scope, name, start, end };
}

/** Runs of plain characters and quoted parts, joined: `http."request header".x`. */
function readAttributeName(text: string, start: number): { readonly name: string; readonly end: number } {
  let name = '';
  let end = start;
  for (;;) {
    const part = text[end] === '"' ? unquote(text, end) : matchAt(attributeRun, text, end);
    if (part === undefined) return { name, end };
    name += 'value' in part ? part.value : part.text;
    end = part.end;
  }
}

function readWord(text: string, start: number): Token | undefined {
  const match = matchAt(word, text, start);
  return match && { kind: 'word', text: match.text, start, end: match.end };
}

function readOperator(text: string, start: number): Token | undefined {
  const operator = operators.find((each) => text.startsWith(each, start));
  return operator === undefined
    ? undefined
    : { kind: 'operator', text: operator, start, end: start + operator.length };
}

function matchAt(
  pattern: RegExp,
  text: string,
  at: number,
): { readonly text: string; readonly end: number } | undefined {
  pattern.lastIndex = at;
  const match = pattern.exec(text);
  return match === null ? undefined : { text: match[0], end: at + match[0].length };
}
