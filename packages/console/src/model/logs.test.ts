import { expect, test } from 'vitest';
import { levelOf, logRecords } from './logs.ts';

const answer = [
  {
    stream: { service_name: 'api' },
    values: [
      [
        '1700000000000000002',
        'second',
        { structuredMetadata: { trace_id: 'ab', span_id: 'cd', detected_level: 'error' } },
      ],
      ['1700000000000000001', 'first', { parsed: { user: 'kim' } }],
    ],
  },
  { stream: { service_name: 'web' }, values: [['1700000000000000003', 'third']] },
] as const;

test('lines of all streams are merged newest first, to the nanosecond', () => {
  expect(logRecords(answer).map((record) => record.line)).toEqual(['third', 'second', 'first']);
});

test('labels of all categories are joined', () => {
  const [, second, first] = logRecords(answer);
  expect(second).toMatchObject({ service: 'api', level: 'error', traceId: 'ab', spanId: 'cd' });
  expect(first?.labels).toEqual({ service_name: 'api', user: 'kim' });
});

test('lines of one nanosecond have different keys', () => {
  const twins = logRecords([
    {
      stream: { service_name: 'a' },
      values: [
        ['1', 'x'],
        ['1', 'x'],
      ],
    },
  ]);
  expect(new Set(twins.map((record) => record.key)).size).toBe(2);
});

test('levels outside the list are unknown', () => {
  expect(levelOf('warn')).toBe('warn');
  expect(levelOf('LOUD')).toBe('unknown');
  expect(levelOf(undefined)).toBe('unknown');
});
