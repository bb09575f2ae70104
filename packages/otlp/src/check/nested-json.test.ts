import { expect, test } from 'vitest';
import { doubleField, lengthDelimited, stringField, varintField } from '../encode.ts';
import { Cursor } from '../wire.ts';
import { nestedJson } from './nested-json.ts';

const array = 5;
const list = 6;

function jsonOf(field: number, ...values: readonly Uint8Array[]): string {
  const bytes = lengthDelimited(field, ...values.map((value) => lengthDelimited(1, value)));
  const cursor = new Cursor(bytes);
  cursor.position = 1;
  return nestedJson(cursor, field, bytes.length, { depth: 32, left: 10_000 });
}

test.each([
  ['an empty value', new Uint8Array(0), 'null'],
  ['text', stringField(1, 'a"\n관'), '"a\\"\\n관"'],
  ['true', varintField(2, 1), 'true'],
  ['false', varintField(2, 0), 'false'],
  ['the largest int64', varintField(3, 2n ** 63n - 1n), '9223372036854775807'],
  ['a negative int64', varintField(3, -1), '-1'],
  ['a whole double', doubleField(4, 1), '1.0'],
  ['a negative zero', doubleField(4, -0), '-0.0'],
  ['a fraction', doubleField(4, 1.5), '1.5'],
  ['a huge double', doubleField(4, 1e300), '1e+300'],
  ['NaN', doubleField(4, Number.NaN), '"NaN"'],
  ['infinity', doubleField(4, Number.NEGATIVE_INFINITY), '"-Infinity"'],
  ['bytes', lengthDelimited(7, Buffer.from('hi!')), '"aGkh"'],
  ['an unknown alternative', stringField(15, 'x'), 'null'],
  ['a list within', lengthDelimited(5, lengthDelimited(1, varintField(3, 7))), '[7]'],
])('%s', (_, value, expected) => {
  expect(jsonOf(array, value)).toBe(`[${expected}]`);
  expect(() => JSON.parse(expected)).not.toThrow();
});

test('a key-value list keeps its order, an empty key, and a key without a value', () => {
  const members = [
    lengthDelimited(1, stringField(1, 'b'), lengthDelimited(2, varintField(3, 1))),
    lengthDelimited(1, lengthDelimited(2, stringField(1, 'x')), stringField(1, 'a')),
    lengthDelimited(1),
  ];
  const bytes = lengthDelimited(list, ...members);
  const cursor = new Cursor(bytes);
  cursor.position = 1;
  expect(nestedJson(cursor, list, bytes.length, { depth: 32, left: 10_000 })).toBe('{"b":1,"a":"x","":null}');
});

test('an empty array and an empty list', () => {
  expect(jsonOf(array)).toBe('[]');
  expect(jsonOf(list)).toBe('{}');
});
