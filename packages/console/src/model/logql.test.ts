import { expect, test } from 'vitest';
import { logqlOf, searchedTexts, volumeQuery } from './logql.ts';

test('an empty filter selects every service', () => {
  expect(logqlOf({})).toBe('{service_name=~".+"}');
});

test('the line filter stands before the label filters, where it is cheapest', () => {
  const filter = { service: 'board-api', text: '로그인 "성공"', level: 'error', traceId: 'ab', spanId: 'cd' };
  expect(logqlOf(filter)).toBe(
    '{service_name="board-api"} |= "로그인 \\"성공\\"" | detected_level="error" | trace_id="ab" | span_id="cd"',
  );
});

test('a value cannot leave its literal', () => {
  expect(logqlOf({ service: '"} | x="' })).toBe('{service_name="\\"} | x=\\""}');
});

test('volume counts the same lines by level', () => {
  expect(volumeQuery('{a="b"} |= "x"', 60)).toBe(
    'sum by (detected_level) (count_over_time({a="b"} |= "x" [60s]))',
  );
});

test('searched texts are found in both kinds of literals, negative filters left out', () => {
  expect(searchedTexts('{a="|= \\"no\\""} |= "a\\"b" |= `c\\d` != "e" |= ""')).toContain('a"b');
  expect(searchedTexts('{a="b"} |= "x" |= `c\\d` != "e" |= ""')).toEqual(['x', 'c\\d']);
});
