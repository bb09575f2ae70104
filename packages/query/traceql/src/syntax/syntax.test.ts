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
  '{ }',
  '{ .foo }',
  '{ resource.service.name = "x" && name = "y" }',
  '{ .a = 1 || .b = 2 && .c = 3 }',
  '{ .a = 1 || (.b = 2 && .c = 3) }',
  '{ !(.a = 1) }',
  '{ !.a = 1 }',
  '{ -.a * 2 > 1.5 }',
  '{ -.a + 2 ^ 3 ^ 2 = 1 }',
  '{ (2 ^ 3) ^ 2 = .x }',
  '{ span.http.route =~ "/api/.*" }',
  '{ span."name with spaces" != nil }',
  '{ parent.span.foo = 1 }',
  '{ parent.foo = 1 }',
  '{ duration > 1h30m && traceDuration < 1s500ms }',
  '{ status = error && kind = server && span:kind != client }',
  '{ event:name = "exception" && event.exception.message =~ ".*" }',
  '{ trace:id = "0af7651916cd43dd8448eb211c80319c" }',
  '{ .x = true && .y = -1 && .z = -1.5 && .w = 2.0 }',
  '{ .a } && { .b } || { .c }',
  '{ .a } >> { .b } && { .c }',
  '{ .a } >> ({ .b } && { .c })',
  '({ .a } | count() > 2) && { .b }',
  '{ .a } !>> { .b } &>> { .c } ~ { .d } !~ { .e } &~ { .f }',
  '{ .a } | { .b } | count() > 2',
  '{ } | avg(duration) > 1s',
  '{ } | by(.x) | count() * 2 + 1 >= max(duration)',
  '{ } | by(.x) | coalesce() | select(.a, resource.b, status)',
  '({ .a } | count()) > ({ .b } | count())',
  '{ } | rate()',
  '{ } | rate() by (resource.service.name, status)',
  '{ } | quantile_over_time(duration, 0.5, 0.9) by (span.http.route) | topk(5)',
  '{ } | histogram_over_time(duration) with (exemplars=true)',
  '{ } | compare({ status = error }, 10, 1000, 2000)',
  '{ } | rate() > 5',
  '({ .a } | rate()) / ({ .b } | rate()) * 100',
  '{ .a } &>> { .b } || { .a } | select(status, nestedSetParent, nestedSetLeft, nestedSetRight)',
];

test.each(printed)('%s is printed as it was written', (text) => {
  expect(print(parse(text))).toBe(text);
});

/** Other ways to write the same. */
const written: readonly (readonly [text: string, printed: string])[] = [
  ['{}', '{ }'],
  ['{.a=1}', '{ .a = 1 }'],
  ['{ `raw "text"` = .a }', '{ "raw \\"text\\"" = .a }'],
  ['{ .a = "\\u00e9\\x41\\101" }', '{ .a = "éAA" }'],
  ['{ duration > 0.5s } // slow', '{ duration > 500ms }'],
  ['{ duration > 1d /* long */ }', '{ duration > 24h }'],
  ['{ .a = .5 }', '{ .a = 0.5 }'],
  ['{ ((.a = 1)) }', '{ .a = 1 }'],
  ['{ span."a"."b c".d = 1 }', '{ span."a.b c.d" = 1 }'],
  ['({ .a } | rate())', '{ .a } | rate()'],
  ['{ .a-b/c = 1 }', '{ .a-b/c = 1 }'],
  ['{ .서비스 = "한글" }', '{ .서비스 = "한글" }'],
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
  [
    '{',
    'line 1, col 2: syntax error: unexpected end of query, expected an attribute, an intrinsic or a value',
  ],
  ['{ .a = }', 'line 1, col 8: syntax error: unexpected "}", expected an attribute, an intrinsic or a value'],
  ['{ .a = 1 ', 'line 1, col 10: syntax error: unexpected end of query, expected "}"'],
  ['{ .a = "x }', 'line 1, col 8: the string is not closed: a " is missing'],
  ['{ .a = "\\q" }', 'line 1, col 9: unknown escape \\q'],
  [
    '{ foo = 1 }',
    'line 1, col 3: syntax error: unexpected "foo", expected an attribute, an intrinsic or a value',
  ],
  ['{ span. = 1 }', 'line 1, col 8: an attribute name is missing'],
  [
    '{ .a }\n&& ',
    'line 2, col 4: syntax error: unexpected end of query, expected "{", "(", a function or a number',
  ],
  [
    '{ .a } { .b }',
    'line 1, col 8: syntax error: unexpected "{", expected an operator or the end of the query',
  ],
  ['{ } | count()', 'line 1, col 1: a query must give spans or series: compare the number with another'],
  ['{ } | count() | { }', 'line 1, col 17: syntax error: nothing can follow an aggregate; compare it first'],
  ['{ } | rate() | { }', 'line 1, col 16: syntax error: only topk() and bottomk() can follow series'],
  ['{ } | topk(1)', 'line 1, col 7: syntax error: topk() and bottomk() follow a metrics function'],
  ['rate()', 'line 1, col 1: syntax error: a query cannot begin with this stage; begin with { }'],
  ['{ .a = 99999999999999999999 }', 'line 1, col 8: integer 99999999999999999999 needs more than 64 bits'],
  [
    '{ .a } + { .b }',
    'line 1, col 8: operator + cannot stand between these: it needs spansets, numbers or series on both sides',
  ],
  ['{ .a # }', 'line 1, col 6: unexpected "#"'],
];

test.each(refused)('%s is refused: %s', (text, message) => {
  expect(() => parse(text)).toThrow(`invalid TraceQL query: parse error at ${message}`);
});

test('deep nesting is refused, not a crash', () => {
  expect(() => parse(`{ ${'('.repeat(100_000)}1`)).toThrow('nested deeper than 200 levels');
  expect(() => parse(`{ ${'!'.repeat(100_000)}.a }`)).toThrow('nested deeper than 200 levels');
});
