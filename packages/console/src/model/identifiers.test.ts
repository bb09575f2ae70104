import { expect, test } from 'vitest';
import { hexFromBase64, hexIdentifier, looksLikeTraceId } from './identifiers.ts';

test('base64 bytes become lower-case hex, leading zeros kept', () => {
  expect(hexFromBase64('AAECAwQFBgcICQoLDA3+/w==')).toBe('000102030405060708090a0b0c0dfeff');
});

test.each([
  ['q80BI0VniavN7w==', 'abcd0123456789abcdef'],
  ['ASNFZ4mrze8=', '0123456789abcdef'],
  ['0123456789ABCDEF', '0123456789abcdef'],
  ['0af7651916cd43dd8448eb211c80319c', '0af7651916cd43dd8448eb211c80319c'],
  ['', ''],
  [undefined, ''],
  ['***', ''],
])('id %s reads as %s', (given, expected) => {
  expect(hexIdentifier(given)).toBe(expected);
});

test('only 16 to 32 hex digits look like a trace id', () => {
  expect(looksLikeTraceId(' 0af7651916cd43dd8448eb211c80319c ')).toBe(true);
  expect(looksLikeTraceId('GET /api/posts')).toBe(false);
  expect(looksLikeTraceId('abc')).toBe(false);
});
