import { describe, expect, it } from 'vitest';
import { defaultPromqlSettings } from '../settings.ts';
import { parse } from '../syntax/parse.ts';
import { check } from './check.ts';

function checked(query: string, experimental = false): void {
  check(query, parse(query), { ...defaultPromqlSettings, experimental });
}

describe('errors in the words of Prometheus', () => {
  it.each([
    ['{}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['{a=~".*"}', '1:1: parse error: vector selector must contain at least one non-empty matcher'],
    ['x{a=~"("}', /^1:1: parse error: error parsing regexp: missing closing \)/],
    ['foo{__name__="bar"}', '1:1: parse error: metric name must not be set twice: "foo" or "bar"'],
    [
      'rate(x)',
      '1:6: parse error: expected type range vector in call to function "rate", got instant vector',
    ],
    ['floor()', '1:1: parse error: expected 1 argument(s) in call to "floor", got 0'],
    ['label_join()', '1:1: parse error: expected at least 3 argument(s) in call to "label_join", got 0'],
    ['hour(x, y)', '1:1: parse error: expected at most 1 argument(s) in call to "hour", got 2'],
    ['nope(x)', '1:1: parse error: unknown function with name "nope"'],
    [
      'sum(x[5m])',
      '1:5: parse error: expected type instant vector in aggregation expression, got range vector',
    ],
    ['topk(x, y)', '1:6: parse error: expected type scalar in aggregation parameter, got instant vector'],
    ['count_values(5, x)', '1:14: parse error: expected type string in aggregation parameter, got scalar'],
    ['1 == 1', '1:1: parse error: comparisons between scalars must use BOOL modifier'],
    ['a + bool b', '1:1: parse error: bool modifier can only be used on comparison operators'],
    ['a and 1', '1:1: parse error: set operator "and" not allowed in binary scalar expression'],
    ['a and on(b) group_left(c) d', '1:1: parse error: no grouping allowed for "and" operation'],
    [
      'a * on(b) group_left(b) c',
      '1:1: parse error: label "b" must not occur in ON and GROUP clause at once',
    ],
    ['a * on(b) 1', '1:1: parse error: vector matching only allowed between instant vectors'],
    ['a + "b"', '1:5: parse error: binary expression must contain only scalar and instant vector types'],
    [
      '-"x"',
      '1:1: parse error: unary expression only allowed on expressions of type scalar or instant vector, got "string"',
    ],
    ['x[5m][1h:]', '1:1: parse error: subquery is only allowed on instant vector, got matrix instead'],
    ['x[0s]', '1:3: parse error: duration must be greater than 0'],
  ])('%s', (query, message) => {
    expect(() => checked(query)).toThrow(message);
  });
});

describe('what is switched off', () => {
  it.each([
    ['mad_over_time(x[5m])', '1:1: parse error: function "mad_over_time" is not enabled'],
    ['limitk(1, x)', '1:1: parse error: limitk() is experimental and is not enabled'],
    ['x[5m * 2]', '1:3: parse error: experimental duration expression is not enabled'],
    ['a + fill(0) b', '1:1: parse error: fill modifiers are experimental and not enabled'],
  ])('%s', (query, message) => {
    expect(() => checked(query)).toThrow(message);
    expect(() => checked(query, true)).not.toThrow();
  });
});
