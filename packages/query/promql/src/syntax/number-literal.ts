import { parseDuration } from '@maru/query-core';

/** A number or duration at some place of the text, or why there is none. */
export type NumberResult =
  | { readonly kind: 'number' | 'duration'; readonly end: number }
  | { readonly kind: 'error'; readonly message: string; readonly end: number };

const numberShape = /(?:0[xX][0-9a-fA-F_]+|(?:[0-9][0-9_]*)?\.?[0-9_]*(?:[eE][+-]?[0-9]+)?)/y;
const durationShape = /(?:[0-9]+(?:ms|[smhdwy]))+/y;

/** Reads what starts with a digit, or with a point and a digit. Nothing alphanumeric may follow it directly. */
export function readNumberOrDuration(text: string, start: number): NumberResult {
  const numberEnd = endOfShape(numberShape, text, start);
  if (numberEnd > start && isBoundary(text, numberEnd)) return { kind: 'number', end: numberEnd };
  const durationEnd = endOfShape(durationShape, text, start);
  if (durationEnd > start && isBoundary(text, durationEnd)) return { kind: 'duration', end: durationEnd };
  const end = Math.max(numberEnd, durationEnd) + 1;
  const shown = text.slice(start, end);
  return { kind: 'error', message: `bad number or duration syntax: "${shown}"`, end };
}

function endOfShape(shape: RegExp, text: string, start: number): number {
  shape.lastIndex = start;
  return shape.test(text) ? shape.lastIndex : start;
}

function isBoundary(text: string, at: number): boolean {
  return !/[a-zA-Z0-9_]/.test(text.charAt(at));
}

/** The value of a number token: decimal, hexadecimal, octal with a leading 0 (Go's rules), Inf, NaN. */
export function numberValue(text: string): number {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (plain === 'inf') return Number.POSITIVE_INFINITY;
  if (plain === 'nan') return Number.NaN;
  if (/^0[0-7]+$/.test(plain)) return Number.parseInt(plain, 8);
  return Number(plain);
}

/** Seconds of a duration token; `undefined` when its units are out of order or it is too long to hold. */
export function durationSeconds(text: string): number | undefined {
  const milliseconds = parseDuration(text);
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}
