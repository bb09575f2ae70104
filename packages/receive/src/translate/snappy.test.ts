import { Malformed } from '@maru/otlp';
import { expect, test } from 'vitest';
import { unsnap } from './snappy.ts';

const limit = 1024 * 1024;
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const text = (block: Uint8Array): string => Buffer.from(unsnap(block, limit)).toString();
const ascii = (value: string): number[] => [...Buffer.from(value)];

test.each([
  ['nothing', bytes(0), ''],
  ['a literal', bytes(3, 2 << 2, ...ascii('abc')), 'abc'],
  ['a copy with an offset of one byte', bytes(7, 2 << 2, ...ascii('abc'), 1, 3), 'abcabca'],
  ['a copy with an offset of two bytes', bytes(6, 2 << 2, ...ascii('abc'), (2 << 2) | 2, 3, 0), 'abcabc'],
  [
    'a copy with an offset of four bytes',
    bytes(6, 2 << 2, ...ascii('abc'), (2 << 2) | 3, 3, 0, 0, 0),
    'abcabc',
  ],
  ['a copy of what it writes', bytes(9, 0, ...ascii('a'), (7 << 2) | 2, 1, 0), 'aaaaaaaaa'],
  [
    'a literal whose length takes a byte of its own',
    bytes(70, 60 << 2, 69, ...ascii('x'.repeat(70))),
    'x'.repeat(70),
  ],
])('%s', (_, block, expected) => {
  expect(text(block)).toBe(expected);
});

test.each([
  ['is empty', bytes()],
  ['has a length without end', bytes(0x80, 0x80, 0x80, 0x80, 0x80, 1)],
  ['is shorter than it says', bytes(4, 2 << 2, ...ascii('abc'))],
  ['is longer than it says', bytes(2, 2 << 2, ...ascii('abc'))],
  ['copies from before its beginning', bytes(7, 2 << 2, ...ascii('abc'), 1, 4)],
  ['copies nothing over and over', bytes(7, 2 << 2, ...ascii('abc'), 1, 0)],
  ['ends within a literal', bytes(9, 8 << 2, ...ascii('abc'))],
  ['ends within a copy', bytes(7, 2 << 2, ...ascii('abc'), 2, 1)],
  ['says far more than it can hold', bytes(0x80, 0x80, 0x20, 0)],
])('a block is refused when it %s', (_, block) => {
  expect(() => unsnap(block, limit)).toThrow(Malformed);
});

test('a declared length over the limit is refused before anything of that size is made', () => {
  expect(() => unsnap(bytes(0xff, 0xff, 0xff, 0xff, 0x0f, 0), limit)).toThrow('larger than 1048576 bytes');
});
