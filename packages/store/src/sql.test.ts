import chdb from 'chdb';
import { describe, expect, test } from 'vitest';
import { identifier, join, sql } from './sql.ts';

const hostile = [
  "'",
  "\\'",
  "\\\\' OR 1=1 --",
  "x'; DROP TABLE spans; --",
  '/* */ union all select 1',
  '\0\u0001\b\f\n\r\t\u001a',
  '관리자 로그인 성공',
  '\u{1F600}\u2028\u2029',
  '{param:String}',
  '`"$$ $tag$ x $tag$',
  '%_\\%',
  '\\u0027 \\x27 \\47',
  'a'.repeat(100_000),
];

describe('a quoted value', () => {
  test.each(hostile.map((value) => [value.slice(0, 40), value]))('comes back as it was: %j', (_, value) => {
    const query = sql`SELECT ${value} AS v`;
    expect(JSON.parse(chdb.query(query.text, 'JSONCompactEachRow'))).toEqual([value]);
  });

  test('never ends its literal, whatever two bytes meet', () => {
    const specials = ["'", '\\', '\0', '\n', '`', '"', '-', ';', '/', '*', '\u00df', 'ￜ'];
    for (const first of specials) {
      for (const second of specials) {
        const value = `${first}${second}${first}`;
        expect(chdb.query(sql`SELECT hex(${value})`.text, 'TSV').trim()).toBe(
          Buffer.from(value).toString('hex').toUpperCase(),
        );
      }
    }
  });

  test('a lone surrogate, which UTF-8 cannot say, becomes U+FFFD', () => {
    expect(chdb.query(sql`SELECT hex(${'a\ud800b'})`.text, 'TSV').trim()).toBe('61EFBFBD62');
  });
});

test.each([
  [0, '0'],
  [-0, '-0'],
  [1.5, '1.5'],
  [-1e-7, '-1e-7'],
  [Number.MAX_VALUE, '1.7976931348623157e308'],
  [Number.NaN, 'nan'],
  [Number.POSITIVE_INFINITY, 'inf'],
  [Number.NEGATIVE_INFINITY, '-inf'],
])('the number %s stays that number', (value, text) => {
  expect(chdb.query(sql`SELECT toFloat64(${value})`.text, 'TSV').trim()).toBe(text);
});

test('64-bit integers are exact, larger ones are refused', () => {
  const largest = 2n ** 64n - 1n;
  expect(chdb.query(sql`SELECT ${largest}, ${-(2n ** 63n)}`.text, 'TSV').trim()).toBe(
    '18446744073709551615\t-9223372036854775808',
  );
  expect(() => sql`SELECT ${2n ** 64n}`).toThrow(
    'cannot quote 18446744073709551616 for SQL: it needs more than 64 bits',
  );
});

test('lists and nested templates', () => {
  const condition = join([sql`name IN ${['a', "b'"]}`, sql`kind = ${2}`], ' AND ');
  expect(sql`WHERE ${condition}`.text).toBe("WHERE name IN ('a', 'b\\'') AND kind = 2");
});

test('identifiers cannot leave their quotes', () => {
  expect(identifier('a`; DROP TABLE x; --').text).toBe('`a\\`; DROP TABLE x; --`');
});
