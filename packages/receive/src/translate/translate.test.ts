import { Refusal } from '@maru/ledger';
import {
  checkLogs,
  checkMetrics,
  checkTraces,
  concat,
  double,
  doubleField,
  fixed64Field,
  lengthDelimited,
  Malformed,
  stringField,
  varint,
  varintField,
  zigzagField,
} from '@maru/otlp';
import { mutated } from '@maru/testkit';
import { describe, expect, test } from 'vitest';
import { foreignDoors } from './foreign.ts';
import { parseStreamLabels } from './stream-labels.ts';

const timeMs = 1_780_000_000_000;
const label = (name: string, value: string): Uint8Array =>
  lengthDelimited(1, stringField(1, name), stringField(2, value));
const histogram = (field: number): Uint8Array =>
  lengthDelimited(
    field,
    varintField(1, 6),
    doubleField(3, 9.5),
    zigzagField(4, 2),
    varintField(6, 1),
    lengthDelimited(11, zigzagField(1, -3), varintField(2, 2)),
    lengthDelimited(11, zigzagField(1, 4), varintField(2, 1)),
    lengthDelimited(12, varint(4), varint(2), varint(1)),
    varintField(15, timeMs),
  );
const sample = lengthDelimited(2, doubleField(1, 1.5), varintField(2, timeMs));
const write1 = concat(
  lengthDelimited(1, label('__name__', 'x_total'), label('job', 'a'), sample),
  lengthDelimited(1, label('__name__', 'h'), histogram(4)),
);
const write2 = concat(
  ...['', '__name__', 'x', 'job', 'a'].map((symbol) => stringField(4, symbol)),
  lengthDelimited(5, lengthDelimited(1, Uint8Array.of(1, 2, 3, 4)), sample, histogram(3)),
);
const push = lengthDelimited(
  1,
  stringField(1, '{app="a", level="info"}'),
  lengthDelimited(2, lengthDelimited(1, varintField(1, 1_780_000_000)), stringField(2, 'line')),
);
const pushJson = Buffer.from(
  '{"streams":[{"stream":{"app":"a"},"values":[["1780000000000000000","line",{"k":"v"}]]}]}',
);
const spansJson = Buffer.from(
  '[{"traceId":"463ac35c9f6413ad","id":"a2fb4a1d1a96d312","name":"n","kind":"CLIENT","timestamp":1780000000000000,' +
    '"duration":5,"localEndpoint":{"serviceName":"s"},"tags":{"error":"e","a":"b"},"annotations":[{"timestamp":1,"value":"v"}]}]',
);

const spansProtobuf = lengthDelimited(
  1,
  lengthDelimited(1, Buffer.from('463ac35c9f6413ad', 'hex')),
  lengthDelimited(3, Buffer.from('a2fb4a1d1a96d312', 'hex')),
  varintField(4, 1),
  stringField(5, 'n'),
  fixed64Field(6, 1_780_000_000_000_000n),
  varintField(7, 5),
  lengthDelimited(8, stringField(1, 's'), lengthDelimited(2, Uint8Array.of(10, 0, 0, 7))),
  lengthDelimited(9, lengthDelimited(3, Buffer.alloc(16, 1)), varintField(4, 80)),
  lengthDelimited(10, fixed64Field(1, 1n), stringField(2, 'v')),
  lengthDelimited(11, stringField(1, 'error'), stringField(2, 'e')),
  lengthDelimited(11, stringField(1, 'a'), stringField(2, 'b')),
);

const protobuf = 'application/x-protobuf';
const checks = { traces: checkTraces, metrics: checkMetrics, logs: checkLogs };

describe.each([
  ['remote write 1.0', '/api/v1/write', protobuf, write1, 2],
  ['remote write 2.0', '/api/v1/write', `${protobuf};proto=io.prometheus.write.v2.Request`, write2, 2],
  ['Loki protobuf', '/loki/api/v1/push', protobuf, push, 1],
  ['Loki JSON', '/loki/api/v1/push', 'application/json', pushJson, 1],
  ['Zipkin JSON', '/api/v2/spans', 'application/json', spansJson, 1],
  ['Zipkin protobuf', '/api/v2/spans', protobuf, spansProtobuf, 1],
])('%s', (_, path, contentType, body, items) => {
  const door = foreignDoors.get(path);
  if (door === undefined) throw new Error(`there is no door at ${path}`);
  const translate = (bytes: Uint8Array): Uint8Array =>
    door.translate(bytes, { 'content-type': contentType }).request;

  test('becomes OTLP that the check takes whole', () => {
    expect(checks[door.signal](translate(body))).toMatchObject({ items, rejected: 0 });
  });

  test('mutants are refused for their form or become OTLP that is no nonsense', () => {
    for (let seed = 0; seed < 3000; seed += 1) {
      const request = translatedOrRefused(() => translate(mutated(seed, body)), seed);
      if (request !== undefined)
        expect(checks[door.signal](request).malformed, `seed ${seed}`).toBeUndefined();
    }
  });
});

function translatedOrRefused(translate: () => Uint8Array, seed: number): Uint8Array | undefined {
  try {
    return translate();
  } catch (error) {
    if (error instanceof Malformed || error instanceof Refusal) return undefined;
    throw new Error(`seed ${seed}: ${String(error)}`, { cause: error });
  }
}

describe('native histograms that OTLP cannot say', () => {
  const door = foreignDoors.get('/api/v1/write');
  const floats = (...counts: readonly number[]): Uint8Array => lengthDelimited(13, ...counts.map(double));
  const span = (offset: number, length: number): Uint8Array =>
    lengthDelimited(11, zigzagField(1, offset), varintField(2, length));
  const write = (...fields: readonly Uint8Array[]): Uint8Array =>
    lengthDelimited(
      1,
      label('__name__', 'h'),
      sample,
      lengthDelimited(4, ...fields, varintField(15, timeMs)),
    );
  const bounds = (...values: readonly number[]): Uint8Array => lengthDelimited(16, ...values.map(double));
  const checked = (body: Uint8Array): ReturnType<typeof checkMetrics> =>
    checkMetrics(door?.translate(body, { 'content-type': protobuf }).request ?? new Uint8Array(0));

  test.each([
    ['counts of fractions', [doubleField(2, 1.5), span(0, 2), floats(1, 0.5)]],
    ['bounds of their own', [doubleField(2, 3), zigzagField(4, -53), span(0, 2), floats(1, 2), bounds(0.5)]],
    ['a gauge', [varintField(1, 1), varintField(14, 3), doubleField(5, 0.001)]],
    ['a zero bucket without width', [varintField(1, 1), varintField(6, 1)]],
  ])('%s are kept as they are', (_, fields) => {
    expect(checked(write(...fields))).toMatchObject({ items: 2, rejected: 0, kinds: { nativeHistogram: 1 } });
  });

  test.each([
    ['a schema that is none', [doubleField(2, 1), zigzagField(4, 9)]],
    ['a count below 0', [doubleField(2, 1), span(0, 1), floats(-1)]],
    ['a count that is no number', [doubleField(2, Number.NaN)]],
    ['fewer counts than buckets', [doubleField(2, 1), span(0, 2), floats(1)]],
    ['a span that goes back', [doubleField(2, 1), span(0, 1), span(-1, 1), floats(1, 1)]],
    ['bounds out of order', [doubleField(2, 1), zigzagField(4, -53), bounds(2, 1)]],
    [
      'a bucket beyond the bounds',
      [doubleField(2, 1), zigzagField(4, -53), span(2, 1), floats(1), bounds(1)],
    ],
    ['a span of four billion buckets', [doubleField(2, 1), span(0, 2 ** 32 - 1), floats(1)]],
  ])('%s is rejected, and the rest kept', (_, fields) => {
    const { items, rejections } = checked(write(...fields));
    expect(items).toBe(1);
    expect(rejections).toMatchObject([{ reason: 'native_histogram_invalid', count: 1 }]);
  });
});

test.each([
  ['{}', []],
  ['{a="b"}', [['a', 'b']]],
  [
    '{ a = "b" , c="d\\"e\\n" }',
    [
      ['a', 'b'],
      ['c', 'd"e\n'],
    ],
  ],
  ['{a=`b\\n`}', [['a', 'b\\n']]],
  ['{a="\\x41\\u00e9"}', [['a', 'Aé']]],
])('stream labels %s', (text, expected) => {
  expect(parseStreamLabels(text)).toEqual(expected);
});

test.each(['', 'a="b"', '{a=b}', '{a="b"', '{a="b" c="d"}', '{"a"="b"}'])(
  'stream labels %s are refused',
  (text) => {
    expect(() => parseStreamLabels(text)).toThrow(Malformed);
  },
);
