import { expect, test } from 'vitest';
import { varint } from './encode.ts';
import { Cursor, Malformed } from './wire.ts';

test.each([0n, 1n, 127n, 128n, 300n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])(
  'a varint of %s is read as it was written',
  (value) => {
    const bytes = varint(value);
    const cursor = new Cursor(bytes);
    expect(cursor.varint64(bytes.length)).toBe(value);
    expect(cursor.position).toBe(bytes.length);
  },
);

test.each([
  ['that does not end', Uint8Array.of(0x80, 0x80)],
  ['of more than 10 bytes', new Uint8Array(11).fill(0x80)],
  ['of more than 64 bits', Uint8Array.of(...new Uint8Array(9).fill(0xff), 2)],
])('a varint %s is refused', (_, bytes) => {
  expect(() => new Cursor(bytes).varint(bytes.length)).toThrow(Malformed);
});

test('a length beyond the enclosing message is refused, also one of nearly 2^64', () => {
  for (const bytes of [Uint8Array.of(3, 0, 0), varint(2n ** 64n - 1n)]) {
    expect(() => new Cursor(bytes).length(bytes.length)).toThrow(/a length of .* where/);
  }
});

test.each([
  ['field 0', Uint8Array.of(0x02)],
  ['a field number above the legal ones', varint(0x20000000n * 8n)],
])('the key of %s is refused', (_, bytes) => {
  expect(() => new Cursor(bytes).tag(bytes.length)).toThrow('is not legal');
});
