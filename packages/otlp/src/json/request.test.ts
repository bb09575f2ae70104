import { variedRequest } from '@maru/testkit';
import { describe, expect, test } from 'vitest';
import { checkLogs } from '../check/logs.ts';
import { checkMetrics } from '../check/metrics.ts';
import { checkTraces } from '../check/traces.ts';
import {
  doubleField,
  fixed32Field,
  fixed64Field,
  lengthDelimited,
  stringField,
  varintField,
  zigzagField,
} from '../encode.ts';
import type { Signal } from '../signal.ts';
import { Malformed } from '../wire.ts';
import { requestFromJson } from './request.ts';

function encode(signal: Signal, value: unknown): Buffer {
  return Buffer.from(requestFromJson(signal, Buffer.from(JSON.stringify(value))));
}

function logRecord(fields: object): unknown {
  return { resourceLogs: [{ scopeLogs: [{ logRecords: [fields] }] }] };
}

function logRequest(...fields: readonly Uint8Array[]): Uint8Array {
  return lengthDelimited(1, lengthDelimited(2, lengthDelimited(2, ...fields)));
}

test('a span with every field', () => {
  const json = {
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'board' } }] },
        scopeSpans: [
          {
            scope: { name: 'lib', version: '1' },
            spans: [
              {
                traceId: '5B8EFFF798038103D269B633813FC60C',
                spanId: 'eee19b7ec3c1b174',
                parentSpanId: '',
                name: '글',
                kind: 2,
                startTimeUnixNano: '1544712660000000000',
                endTimeUnixNano: 5,
                status: { code: 2, message: 'no' },
                flags: 257,
                futureField: { x: [1] },
                events: [{ timeUnixNano: '7', name: 'e' }],
                traceState: null,
              },
            ],
          },
        ],
      },
    ],
  };
  const span = lengthDelimited(
    2,
    lengthDelimited(1, Buffer.from('5b8efff798038103d269b633813fc60c', 'hex')),
    lengthDelimited(2, Buffer.from('eee19b7ec3c1b174', 'hex')),
    lengthDelimited(4),
    stringField(5, '글'),
    varintField(6, 2),
    fixed64Field(7, 1_544_712_660_000_000_000n),
    fixed64Field(8, 5n),
    lengthDelimited(15, varintField(3, 2), stringField(2, 'no')),
    fixed32Field(16, 257),
    lengthDelimited(11, fixed64Field(1, 7n), stringField(2, 'e')),
  );
  const attribute = lengthDelimited(
    1,
    stringField(1, 'service.name'),
    lengthDelimited(2, stringField(1, 'board')),
  );
  const scope = lengthDelimited(1, stringField(1, 'lib'), stringField(2, '1'));
  const expected = lengthDelimited(1, lengthDelimited(1, attribute), lengthDelimited(2, scope, span));
  expect(encode('traces', json).equals(expected)).toBe(true);
  expect(checkTraces(encode('traces', json))).toMatchObject({ items: 1, rejected: 0 });
});

test.each([
  ['text', { stringValue: '' }, stringField(1, '')],
  ['false', { boolValue: false }, varintField(2, 0)],
  ['an integer as text', { intValue: '-9223372036854775808' }, varintField(3, -(2n ** 63n))],
  ['an integer as a number', { intValue: 5 }, varintField(3, 5)],
  ['a double', { doubleValue: 1.5 }, doubleField(4, 1.5)],
  ['infinity', { doubleValue: '-Infinity' }, doubleField(4, Number.NEGATIVE_INFINITY)],
  ['bytes', { bytesValue: 'aGkh' }, lengthDelimited(7, Buffer.from('hi!'))],
  [
    'an array',
    { arrayValue: { values: [{ intValue: 1 }] } },
    lengthDelimited(5, lengthDelimited(1, varintField(3, 1))),
  ],
  [
    'a list',
    { kvlistValue: { values: [{ key: 'k', value: {} }] } },
    lengthDelimited(6, lengthDelimited(1, stringField(1, 'k'), lengthDelimited(2))),
  ],
])('an AnyValue of %s', (_, value, expected) => {
  expect(encode('logs', logRecord({ body: value })).equals(logRequest(lengthDelimited(5, expected)))).toBe(
    true,
  );
});

test('an exponential histogram', () => {
  const point = {
    timeUnixNano: 9,
    scale: -2,
    zeroCount: '1',
    positive: { offset: -3, bucketCounts: ['1', 300] },
    sum: 0,
  };
  const json = {
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              { name: 'x', exponentialHistogram: { aggregationTemporality: 1, dataPoints: [point] } },
            ],
          },
        ],
      },
    ],
  };
  const buckets = lengthDelimited(8, zigzagField(1, -3), varintField(2, 1), varintField(2, 300));
  const encodedPoint = lengthDelimited(
    1,
    fixed64Field(3, 9n),
    zigzagField(6, -2),
    fixed64Field(7, 1n),
    buckets,
    doubleField(5, 0),
  );
  const metric = lengthDelimited(
    2,
    stringField(1, 'x'),
    lengthDelimited(10, varintField(2, 1), encodedPoint),
  );
  expect(encode('metrics', json).equals(lengthDelimited(1, lengthDelimited(2, metric)))).toBe(true);
  expect(checkMetrics(encode('metrics', json)).kinds.exponentialHistogram).toBe(1);
});

test('ids of a wrong length pass here and are rejected by the check, one by one', () => {
  const checked = checkLogs(encode('logs', logRecord({ traceId: 'abcd' })));
  expect(checked.rejections).toMatchObject([{ reason: 'invalid_trace_id' }]);
});

describe('a request is malformed when', () => {
  test.each([
    ['it is no JSON', Buffer.from('{'), 'not valid JSON'],
    ['it is protobuf', Buffer.from(variedRequest(1, 'logs')), 'not valid JSON'],
    ['it is an array', Buffer.from('[]'), 'the request must be an object'],
    ['a list is an object', Buffer.from('{"resourceLogs":{}}'), 'resourceLogs must be an array'],
    [
      'an enum is a name',
      Buffer.from(JSON.stringify(logRecord({ severityNumber: 'INFO' }))),
      'severityNumber must be',
    ],
    [
      'an id is base64',
      Buffer.from(JSON.stringify(logRecord({ traceId: 'zz==' }))),
      'traceId must be hexadecimal',
    ],
    [
      'a time is negative',
      Buffer.from(JSON.stringify(logRecord({ timeUnixNano: -1 }))),
      'timeUnixNano must be from 0',
    ],
    [
      'a string is a number',
      Buffer.from(JSON.stringify(logRecord({ severityText: 1 }))),
      'severityText must be a string',
    ],
  ])('%s', (_, bytes, sentence) => {
    expect(() => requestFromJson('logs', bytes)).toThrow(Malformed);
    expect(() => requestFromJson('logs', bytes)).toThrow(sentence);
  });

  test('values nest without end', () => {
    let body: unknown = { intValue: 1 };
    for (let depth = 0; depth < 1000; depth++) body = { arrayValue: { values: [body] } };
    expect(() => encode('logs', logRecord({ body }))).toThrow('nests too deeply');
  });
});

test('keys that mean something to JavaScript are unknown fields like others', () => {
  const bytes = Buffer.from('{"__proto__":{"resourceLogs":[1]},"constructor":1}');
  expect(requestFromJson('logs', bytes)).toHaveLength(0);
});

test('a 64-bit integer keeps its digits when it is written as a number', () => {
  const text = '{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"timeUnixNano":1795594113923331834}]}]}]}';
  const encoded = requestFromJson('logs', Buffer.from(text));
  expect(Buffer.from(encoded).equals(logRequest(fixed64Field(1, 1_795_594_113_923_331_834n)))).toBe(true);
});

test('a key-value list may be a bare array, as in an example that OTLP publishes', () => {
  const values = [{ key: 'k', value: { intValue: '1' } }];
  const strict = encode('logs', logRecord({ body: { kvlistValue: { values } } }));
  expect(encode('logs', logRecord({ body: { kvlistValue: values } })).equals(strict)).toBe(true);
});

test('a request may hold very many elements', () => {
  const logRecords = Array.from({ length: 300_000 }, () => ({}));
  const encoded = encode('logs', { resourceLogs: [{ scopeLogs: [{ logRecords }] }] });
  expect(checkLogs(encoded).items).toBe(300_000);
});
