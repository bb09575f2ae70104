import { expect, test } from 'vitest';
import { attributeName, conditionParameter, isGoDuration, parseCondition, traceqlOf } from './traceql.ts';

test('an empty filter asks for every trace', () => {
  expect(traceqlOf({})).toBe('{ }');
});

test('every field of the builder becomes one condition', () => {
  const filter = {
    service: 'board-api',
    operation: 'GET /api/posts',
    status: 'error',
    minDuration: '100ms',
    maxDuration: '2s',
    conditions: [{ key: 'span.http.route', operator: '=~', value: '/api/.*' }],
  } as const;
  expect(traceqlOf(filter)).toBe(
    '{ resource.service.name = "board-api" && name = "GET /api/posts" && status = error && duration >= 100ms && duration <= 2s && span.http.route =~ "/api/.*" }',
  );
});

test('quotes, backslashes and line ends in values cannot leave the literal', () => {
  expect(traceqlOf({ service: 'a" || true || "\\\n' })).toBe(
    '{ resource.service.name = "a\\" || true || \\"\\\\\\n" }',
  );
});

test.each([
  ['http.status_code', '=', '500', '{ .http.status_code = 500 }'],
  ['http.status_code', '=', '"500"', '{ .http.status_code = "500" }'],
  ['span.retry', '=', 'true', '{ span.retry = true }'],
  ['zip', '=~', '12345', '{ .zip =~ "12345" }'],
  ['kind', '=', 'server', '{ kind = server }'],
  ['duration', '>', '1s', '{ duration > 1s }'],
  ['db.query', '!=', 'SELECT 1', '{ .db.query != "SELECT 1" }'],
] as const)('%s %s %s', (key, operator, value, expected) => {
  expect(traceqlOf({ conditions: [{ key, operator, value }] })).toBe(expected);
});

test('names with unusual characters are quoted after their scope', () => {
  expect(attributeName('span.my key')).toBe('span."my key"');
  expect(attributeName('.http.route')).toBe('.http.route');
  expect(attributeName('사용자.이름')).toBe('.사용자.이름');
});

test('a condition survives the URL', () => {
  const condition = { key: 'span.db.query.text', operator: '!=', value: 'a = b != c' } as const;
  expect(parseCondition(conditionParameter(condition))).toEqual(condition);
  expect(parseCondition('nonsense')).toBeUndefined();
});

test('durations are told from other text', () => {
  expect(isGoDuration('1m30s')).toBe(true);
  expect(isGoDuration('1.5ms')).toBe(true);
  expect(isGoDuration('100')).toBe(false);
});
