import { describe, expect, it } from 'vitest';
import type { Expression } from './ast.ts';
import { parse } from './parse.ts';
import { print } from './print.ts';

/** The tree without places, for comparisons that do not care where things stand. */
function shape(expression: Expression): unknown {
  return JSON.parse(
    JSON.stringify(expression, (key, value) => (key === 'span' ? undefined : printable(value))),
  );
}

function printable(value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
}

/** What each comes back as; `undefined` for unchanged. */
const printed: readonly (readonly [query: string, text?: string])[] = [
  ['1'],
  ['-1'],
  ['1h', '1h'],
  ['0x1F', '31'],
  ['1_000.5e-3', '1.0005'],
  ['.5', '0.5'],
  ['Inf', '+Inf'],
  ['-inf', '-Inf'],
  ['NaN'],
  ["'it\\'s'", '"it\'s"'],
  ['`raw \\n`', '"raw \\\\n"'],
  ['"\\u00e9\\x41\\101"', '"éAA"'],
  ['metric'],
  ['job:metric:rate5m'],
  ['sum'],
  ['by'],
  ['metric{a="b", c!="d",e=~"f.*",g!~"h"}', 'metric{a="b",c!="d",e=~"f.*",g!~"h"}'],
  ['metric{a="b",}', 'metric{a="b"}'],
  ['{__name__="metric"}'],
  ['{"metric"}', 'metric'],
  ['{"http.size","http.method"="GET"}'],
  ['metric[5m]'],
  ['metric[90]', 'metric[90]'],
  ['metric[1h30m] offset -5m @ 100', 'metric[1h30m] @ 100.000 offset -5m'],
  ['metric offset 1d @ start()', 'metric @ start() offset 1d'],
  ['metric @ -0.5', 'metric @ -0.500'],
  ['rate(metric[5m])[1h:]'],
  ['max_over_time(rate(metric[5m])[1h:1m] @ end() offset 1w)'],
  ['metric[5m * 2 + step()]'],
  ['metric offset (1m + min_of(step(), 30s))'],
  ['SUM(metric) BY (a, b)', 'sum by (a, b) (metric)'],
  ['sum without (a,) (metric)', 'sum without (a) (metric)'],
  ['sum without () (metric)'],
  ['sum by ("http.method", on) (metric)'],
  ['topk by (a) (3, metric)'],
  ['count_values("version", build)'],
  ['a + b * c'],
  ['(a + b) * c'],
  ['a ^ b ^ c'],
  ['-a ^ b'],
  ['-(1 + a)'],
  ['a and b or c unless d'],
  ['a == bool 1'],
  ['a / on (job) group_left (version) b'],
  ['a * ignoring (x, y) group_right () b'],
  ['a + on () b'],
  ['a + fill (0) b'],
  ['a + on (x) group_left () fill_left (1) fill_right (-Inf) b'],
  ['a atan2 b'],
  ['a </ 5'],
  ['label_replace(up, "a", "$1", "b", "(.*)")'],
  ['# a comment\nup # and another', 'up'],
  ['fill + fill(0) other', 'fill + fill (0) other'],
];

describe('print and parse', () => {
  it.each(printed)('%s', (query = '', text = query) => {
    const tree = parse(query);
    expect(print(tree)).toBe(text);
    expect(shape(parse(print(tree)))).toEqual(shape(tree));
  });
});

describe('precedence', () => {
  it.each([
    ['1 - 2 - 3', '(1 - 2) - 3'],
    ['2 ^ 3 ^ 2', '2 ^ (3 ^ 2)'],
    ['a or b and c', 'a or (b and c)'],
    ['a < b + c', 'a < (b + c)'],
    ['-a ^ 2', '-(a ^ 2)'],
    ['-a * b', '(-a) * b'],
    ['x offset 2 ^ 2', '(x offset 2) ^ 2'],
  ])('%s is %s', (query, grouped) => {
    expect(withoutParentheses(parse(query))).toEqual(withoutParentheses(parse(grouped)));
  });

  function withoutParentheses(expression: Expression): unknown {
    return JSON.parse(
      JSON.stringify(expression, (key, value) => {
        if (key === 'span') return undefined;
        return value?.kind === 'parentheses' ? value.inner : value;
      }),
    );
  }
});

describe('places', () => {
  it('are those of the text', () => {
    const query = 'sum(rate(x{a="b"}[5m] offset 1m))';
    const tree = parse(query);
    if (tree.kind !== 'aggregation' || tree.expression.kind !== 'call') throw new Error('another tree');
    const [range] = tree.expression.arguments;
    expect(query.slice(tree.expression.span.start, tree.expression.span.end)).toBe(
      'rate(x{a="b"}[5m] offset 1m)',
    );
    expect(query.slice(range?.span.start, range?.span.end)).toBe('x{a="b"}[5m] offset 1m');
  });
});

describe('errors in the words of Prometheus', () => {
  it.each([
    ['', '1:1: parse error: no expression found in input'],
    ['# only a comment', '1:1: parse error: no expression found in input'],
    ['1+', '1:3: parse error: unexpected end of input'],
    ['.', "1:1: parse error: unexpected character: '.'"],
    ['2.5.', "1:4: parse error: unexpected character: '.'"],
    ['100..4', '1:5: parse error: unexpected number ".4"'],
    ['0deadbeef', '1:1: parse error: bad number or duration syntax: "0de"'],
    ['*1', '1:1: parse error: unexpected <op:*>'],
    ['(1))', "1:4: parse error: unexpected right parenthesis ')'"],
    ['((1)', '1:5: parse error: unclosed left parenthesis'],
    ['1 !~ 1', "1:3: parse error: unexpected character after '!': '~'"],
    ['foo{', '1:5: parse error: unexpected end of input inside braces'],
    ['}', "1:1: parse error: unexpected character: '}'"],
    ['foo{a=b}', '1:7: parse error: unexpected identifier "b" in label matching, expected string'],
    ['foo{a:b="c"}', "1:6: parse error: unexpected character inside braces: ':'"],
    ['foo{bar}', '1:8: parse error: unexpected "}" in label matching, expected label matching operator'],
    ['foo{a="b" c}', '1:11: parse error: unexpected identifier "c" in label matching, expected "," or "}"'],
    ['foo{,}', '1:5: parse error: unexpected "," in label matching, expected identifier or "}"'],
    ['foo{"a", "b"', '1:13: parse error: unexpected end of input inside braces'],
    ['a{"b"}', '1:1: parse error: metric name must not be set twice: "a" or "b"'],
    ['a - on(b) ignoring(c) d', '1:11: parse error: unexpected <ignoring>'],
    ['sum without(==)(x)', '1:13: parse error: unexpected <op:==> in grouping opts, expected label'],
    ['sum x', '1:5: parse error: unexpected identifier "x"'],
    ['topk(x,)', '1:7: parse error: trailing commas not allowed in function call args'],
    ['sum()', '1:1: parse error: no arguments for aggregate expression provided'],
    [
      'topk(x)',
      '1:1: parse error: wrong number of arguments for aggregate expression provided, expected 2, got 1',
    ],
    ['x offset 1m offset 2m', '1:1: parse error: offset may not be set multiple times'],
    ['1 offset 1d', /^1:1: parse error: offset modifier must be preceded by an instant vector selector/],
    ['x offset 1m[5m]', '1:1: parse error: no offset modifiers allowed before range'],
    ['sum(x)[5m]', '1:1: parse error: ranges only allowed for vector selectors'],
    ['x[5mm]', '1:3: parse error: bad number or duration syntax: "5mm"'],
    ['x @', '1:4: parse error: unexpected end of input in @, expected timestamp'],
    ['"\\c"', "1:1: parse error: unknown escape sequence U+0063 'c'"],
    ['"abc', '1:1: parse error: unterminated quoted string'],
    ['up\n  +\n  *', '3:3: parse error: unexpected <op:*>'],
  ])('%s', (query, message) => {
    expect(() => parse(query)).toThrow(message);
  });

  it('refuses what is nested too deep, without overflowing', () => {
    const depth = 100_000;
    expect(() => parse('('.repeat(depth) + 1 + ')'.repeat(depth))).toThrow(
      /nested more than 250 levels deep/,
    );
    expect(() => parse(`${'-'.repeat(depth)}x`)).toThrow(/nested more than 250 levels deep/);
  });
});
