import { lengthDelimited, stringField } from '@maru/otlp';
import { describe, expect, test } from 'vitest';
import {
  itemsIn,
  logRecord,
  processed,
  requestOf,
  resourceAttributes,
  span,
  spanAttributes,
  spanNames,
  textIn,
} from '../test-telemetry.ts';

function redacted(text: string, yaml = '{}'): string | undefined {
  return spanAttributes(processed(`redact: ${yaml}`, requestOf([span({ attributes: { text } })])))[0]?.text;
}

describe('what must not be sent is replaced', () => {
  test.each([
    ['mail to kim.minsu+x@example.co.kr now', 'mail to [email] now'],
    ['card 4111 1111 1111 1111 ok', 'card [card] ok'],
    ['card=5500005555555559', 'card=[card]'],
    ['amex 3782-822463-10005.', 'amex [card].'],
    ['Authorization: Bearer abcdef0123456789', 'Authorization: Bearer [token]'],
    ['jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl end', 'jwt [token] end'],
    ['https://h/?api_key=abcd1234&x=1', 'https://h/?api_key=[token]&x=1'],
    ['{"password":"hunter22"}', '{"password":"[token]"}'],
    ['주민번호 800101-1234567 은 틀리고', '주민번호 800101-1234567 은 틀리고'],
    ['신생아 201101-3123456', '신생아 [resident number]'],
  ])('%s', (text, expected) => {
    expect(redacted(text)).toBe(expected);
  });

  test('a resident number with its check digit', () => {
    const digits = [8, 0, 0, 1, 0, 1, 1, 2, 3, 4, 5, 6];
    const sum = digits.reduce(
      (total, digit, index) => total + digit * ([2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5][index] ?? 0),
      0,
    );
    const last = (11 - (sum % 11)) % 10;
    expect(redacted(`no 800101-123456${last}.`)).toBe('no [resident number].');
    expect(redacted(`no 800101-123456${(last + 1) % 10}.`)).toBe(`no 800101-123456${(last + 1) % 10}.`);
    expect(redacted(`no 801301-123456${last}.`)).toBe(`no 801301-123456${last}.`);
  });

  test.each([
    '1234567890123456',
    'trace 0102030405060708090a0b0c0d0e0f10',
    'at 1764355200000000000',
    'took 12.5 ms, 3 rows',
    'user@localhost',
    'v1.2.3-4567890123',
    '0000000000000000',
  ])('%s stays', (text) => {
    expect(redacted(text)).toBe(text);
  });
});

test('only the rules that are asked for, patterns of one’s own, and keys that are left out', () => {
  expect(redacted('a@b.de 4111111111111111', '{rules: [email]}')).toBe('[email] 4111111111111111');
  expect(redacted('order 12345', '{rules: [], patterns: ["order [0-9]+"]}')).toBe('[redacted]');
  expect(redacted('a@b.de', '{except: [text]}')).toBe('a@b.de');
});

test('names, messages, log bodies, resources and lists are looked at, too', () => {
  const request = requestOf([span({ name: 'GET /users/a@b.de', error: 'no a@b.de' })], { owner: 'a@b.de' });
  const changed = processed('redact: {}', request);
  expect(spanNames(changed)).toEqual(['GET /users/[email]']);
  expect(resourceAttributes(changed)).toEqual({ owner: '[email]' });
  expect(Buffer.from(changed).includes('a@b.de')).toBe(false);
  const list = lengthDelimited(6, stringField(1, 'k'), lengthDelimited(2, stringField(15, '["a@b.de",1]')));
  const logs = requestOf([logRecord('from a@b.de'), lengthDelimited(2, list)]);
  const redactedLogs = processed('redact: {}', logs, 'logs');
  expect(itemsIn(redactedLogs).map((item) => textIn(item, 5))).toEqual([
    expect.stringContaining('from [email]'),
    '',
  ]);
  expect(Buffer.from(redactedLogs).includes('["[email]",1]')).toBe(true);
});

test('long hostile texts take no long time', () => {
  for (const text of [
    'a@'.repeat(50_000),
    '1 '.repeat(50_000),
    'eyJ'.repeat(30_000),
    'password='.repeat(10_000),
  ]) {
    const started = performance.now();
    redacted(text);
    expect(performance.now() - started).toBeLessThan(20_000);
  }
});
