import { expect, test } from 'vitest';
import { parse } from './parse.ts';
import { print } from './print.ts';

/** A tree without its offsets, to be compared with another. */
function shape(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, each) =>
      key === 'start' ? undefined : typeof each === 'bigint' ? `${each}n` : each,
    ),
  );
}

/** Each is already in the printed form. */
const printed: readonly string[] = [
  '{a="b"}',
  '{a="b", c!="d", e=~"f.*", g!~"h"}',
  '{a="b"} |= "x" != "y" |~ "z.*" !~ "w" |> "<_> x" !> "y <_>"',
  '{a="b"} |= "x" or "y" or ip("10.0.0.0/8")',
  '{a="b"} | json | logfmt | unpack | decolorize',
  '{a="b"} | json x="a.b[0]", y | logfmt --strict --keep-empty z',
  '{a="b"} | regexp "(?P<code>\\\\d+)" | pattern "<ip> - <_>"',
  '{a="b"} | trace_id="ab" | code >= 500 | took > 1.5s | size < 5MB | addr = ip("::1")',
  '{a="b"} | x="1" and y="2" or z="3"',
  '{a="b"} | (x="1" or y="2") and z="3"',
  '{a="b"} | line_format "{{.x}}" | label_format a=b, c="{{.d}}"',
  '{a="b"} | drop __error__, level="debug" | keep x',
  'count_over_time({a="b"} |= "x" [5m])',
  'rate({a="b"} [1m30s] offset 1h)',
  'sum by (level, detected_level) (count_over_time({a="b"} | drop __error__ [1m]))',
  'sum without (pod) (rate({a="b"} [1m]))',
  'quantile_over_time(0.99, {a="b"} | json | unwrap duration(took) | __error__="" [1m]) by (path)',
  'topk(5, sum by (x) (bytes_over_time({a="b"} [1h])))',
  'sum(rate({a="b"} [1m])) / sum(rate({a="c"} [1m])) * 100',
  '(1 + 2) * 3 ^ 2 ^ 1',
  'vector(1) + vector(1)',
  'sum(rate({a="b"} [1m])) > bool on (x) group_left (y) sum(rate({a="c"} [1m]))',
  'label_replace(rate({a="b"} [1m]), "x", "$1", "y", "(.*)")',
  'rate({a="b"} [1m]) and ignoring (x) rate({a="c"} [1m]) unless rate({a="d"} [1m])',
];

test.each(printed)('%s is printed as it was written', (text) => {
  expect(print(parse(text))).toBe(text);
});

/** Other ways to write the same. */
const written: readonly (readonly [text: string, printed: string])[] = [
  ['{a="b",}', '{a="b"}'],
  ['{ a = `b` }|="x"# comment', '{a="b"} |= "x"'],
  ['{a="b"} | x="1", y="2" z="3"', '{a="b"} | x="1" and y="2" and z="3"'],
  ['{a="b"} | code == 500', '{a="b"} | code = 500'],
  ['sum(count_over_time({a="b"}[1m])) by (x)', 'sum by (x) (count_over_time({a="b"} [1m]))'],
  ['sum by(x)(rate(({a="b"} |= "y")[1m]))', 'sum by (x) (rate({a="b"} |= "y" [1m]))'],
  ['rate({a="b"}[1m] |= "y")', 'rate({a="b"} |= "y" [1m])'],
  ['(({a="b"}))', '{a="b"}'],
  ['-1', '-1'],
  ['{a="b"} | json = "x"', '{a="b"} | json="x"'],
  ['{a="b"} | size > 1KiB', '{a="b"} | size > 1KiB'],
  ['count_over_time({a="b"} [60000ms])', 'count_over_time({a="b"} [1m])'],
];

test.each(written)('%s is printed as %s', (text, expected) => {
  expect(print(parse(text))).toBe(expected);
});

test.each([...printed, ...written.map(([text]) => text)])(
  'printing %s and parsing that gives the same tree',
  (text) => {
    const tree = parse(text);
    expect(shape(parse(print(tree)))).toEqual(shape(tree));
  },
);

const refused: readonly (readonly [text: string, message: string])[] = [
  ['', 'line 1, col 1: syntax error: unexpected end of query, expected "{", "(", a function or a number'],
  ['{', 'line 1, col 2: syntax error: unexpected end of query, expected a label name'],
  ['{a="b"', 'line 1, col 7: syntax error: unexpected end of query, expected "}"'],
  ['{}', 'line 1, col 1: queries require at least one regexp or equality matcher'],
  ['{a=~".*"}', 'line 1, col 1: queries require at least one regexp or equality matcher'],
  ['{a!="b"}', 'line 1, col 1: queries require at least one regexp or equality matcher'],
  ['{a="b"} |= x', 'line 1, col 12: syntax error: unexpected "x", expected a string'],
  ['{a="b"} |~ "("', 'line 1, col 12: error parsing regexp'],
  ['{a=~"("}', 'line 1, col 5: error parsing regexp'],
  ['{a="b"}\n| code > ', 'line 2, col 10: syntax error: unexpected end of query, expected a number'],
  ['{a="b"} | code > 5x', 'line 1, col 18: "5x" is no number, duration or size'],
  ['rate({a="b"})', 'line 1, col 13: syntax error: unexpected ")", expected "["'],
  ['rate({a="b"}[0s])', 'line 1, col 13: the range must be longer than 0'],
  ['sum_over_time({a="b"}[1m])', 'line 1, col 1: invalid aggregation sum_over_time without unwrap'],
  [
    'count_over_time({a="b"} | unwrap x [1m])',
    'line 1, col 1: invalid aggregation count_over_time with unwrap',
  ],
  [
    'count_over_time({a="b"}[1m]) by (x)',
    'line 1, col 1: grouping not allowed for count_over_time aggregation',
  ],
  ['topk(0, rate({a="b"}[1m]))', 'line 1, col 6: invalid parameter (must be greater than 0) topk(0'],
  ['{a="b"} + 1', 'line 1, col 1: unexpected type for leg of binary operation'],
  [
    '1 and rate({a="b"}[1m])',
    'line 1, col 3: unexpected literal for side of logical/set binary operation (and)',
  ],
  ['1 + bool 2', 'line 1, col 3: bool modifier can only be used on comparison operators'],
  ['foo({a="b"})', 'line 1, col 1: syntax error: unexpected "foo", expected a function of LogQL'],
  ['{a="b"} | regexp "x"', 'line 1, col 18: at least one named capture must be supplied'],
  ['{a="b"} ; x', 'line 1, col 9: unexpected character ";"'],
];

test.each(refused)('%s is refused: %s', (text, message) => {
  expect(() => parse(text)).toThrow(`parse error at ${message}`);
});

test('deep nesting is refused, not a crash', () => {
  expect(() => parse(`${'('.repeat(100_000)}1`)).toThrow('nested deeper than 200 levels');
  expect(() => parse(`{a="b"} | ${'('.repeat(100_000)}x="1"`)).toThrow('nested deeper than 200 levels');
});
