import {
  checkLogs,
  checkMetrics,
  checkTraces,
  doubleField,
  fixed64Field,
  lengthDelimited,
  stringField,
  varintField,
  zigzagField,
} from '@maru/otlp';
import { mutated, variedRequest } from '@maru/testkit';
import { describe, expect, test } from 'vitest';
import { fixed64Of, readFields, varintOf, viewOf } from '../model/fields.ts';
import { halves } from '../model/split.ts';
import { countItems, pointsOf, readTelemetry, writeTelemetry } from '../model/telemetry.ts';
import { itemsIn } from '../test-telemetry.ts';
import { anyValueOfJson } from './json-value.ts';
import { standardRequest } from './standard.ts';

function array(...values: readonly Uint8Array[]): Uint8Array {
  return lengthDelimited(5, ...values.map((value) => lengthDelimited(1, value)));
}

function keyValueList(...members: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  return lengthDelimited(
    6,
    ...members.map(([key, value]) => lengthDelimited(1, stringField(1, key), lengthDelimited(2, value))),
  );
}

const values: readonly (readonly [string, Uint8Array])[] = [
  ['an empty array', array()],
  ['an empty list', keyValueList()],
  [
    'every scalar',
    array(stringField(1, 'a"\\\n가'), varintField(2, 1), varintField(3, -7n), doubleField(4, 1.5)),
  ],
  [
    'whole doubles',
    array(doubleField(4, 1), doubleField(4, -0), doubleField(4, 1e300), doubleField(4, 5e-324)),
  ],
  ['64 bits', array(varintField(3, 2n ** 63n - 1n), varintField(3, -(2n ** 63n)))],
  ['an unset value', array(new Uint8Array(0))],
  ['equal keys', keyValueList(['k', varintField(3, 1)], ['k', varintField(3, 2)], ['', varintField(3, 3)])],
  ['nesting', array(keyValueList(['a', array(array(varintField(3, 1)))]))],
];

describe('an array or list comes out of the check and back as it was', () => {
  test.each(values)('%s', (_, value) => {
    const record = lengthDelimited(2, fixed64Field(1, 1n), lengthDelimited(5, value));
    const request = lengthDelimited(1, lengthDelimited(2, record));
    const checked = checkLogs(request);
    expect(checked.nestedValues).toBe(1);
    expect(Buffer.from(checked.bytes).equals(Buffer.from(request))).toBe(false);
    expect(Buffer.from(standardRequest('logs', checked.bytes)).equals(Buffer.from(request))).toBe(true);
  });

  test('what the text does not tell apart becomes a string', () => {
    expect(anyValueOfJson('["NaN","AQI="]')).toEqual(array(stringField(1, 'NaN'), stringField(1, 'AQI=')));
  });

  test.each(['', '[', '[1', '{"a"}', '{"a":}', '[1]x', 'nul', '"a', '[1 2]'])('%j is refused', (text) => {
    expect(() => anyValueOfJson(text)).toThrow(/cannot be read at character/);
  });
});

const checks = { traces: checkTraces, metrics: checkMetrics, logs: checkLogs } as const;
const seeds = Array.from({ length: 200 }, (_, seed) => seed);

describe.each(['traces', 'metrics', 'logs'] as const)('a request of %s', (signal) => {
  test('says after the check the same as before it', () => {
    for (const seed of seeds) {
      const { bytes, malformed, items } = checks[signal](variedRequest(seed, signal));
      if (malformed !== undefined) continue;
      const again = checks[signal](standardRequest(signal, bytes));
      expect(again).toMatchObject({ items, rejected: 0 });
      expect(Buffer.from(again.bytes).equals(bytes)).toBe(true);
    }
  });

  test('has as many items as the check counted, opened and written again', () => {
    for (const seed of seeds) {
      const { bytes, items } = checks[signal](variedRequest(seed, signal));
      expect(countItems(signal, readTelemetry(bytes))).toBe(items);
      expect(countItems(signal, readTelemetry(writeTelemetry(readTelemetry(bytes))))).toBe(items);
    }
  });

  test('is halved without losing or doubling an item', () => {
    for (const seed of seeds) {
      const { bytes, items } = checks[signal](variedRequest(seed, signal));
      const two = halves(signal, bytes);
      if (two === undefined) expect(items).toBeLessThan(2);
      else expect(two.map((half) => half.items)).toEqual([Math.floor(items / 2), Math.ceil(items / 2)]);
    }
  });

  test('that was damaged before the check took it is still one', () => {
    for (const seed of seeds) {
      const { bytes, malformed, items } = checks[signal](mutated(seed, variedRequest(seed, signal)));
      if (malformed === undefined) expect(checks[signal](standardRequest(signal, bytes)).items).toBe(items);
    }
  });
});

describe('a native histogram of Prometheus', () => {
  const attributes = lengthDelimited(1, stringField(1, 'le'), lengthDelimited(2, stringField(1, 'x')));

  function metricOf(...point: readonly Uint8Array[]): Uint8Array {
    const native = lengthDelimited(29, lengthDelimited(1, attributes, fixed64Field(3, 5n), ...point));
    return lengthDelimited(
      1,
      lengthDelimited(2, lengthDelimited(2, stringField(1, 'rpc'), varintField(28, 1), native)),
    );
  }

  function bucket(field: number, index: number, count: number): Uint8Array {
    return lengthDelimited(field, zigzagField(1, index), doubleField(2, count));
  }

  test('becomes an exponential one, one bucket further down', () => {
    const request = metricOf(
      doubleField(4, 6.4),
      doubleField(5, 12),
      zigzagField(6, 3),
      doubleField(7, 1),
      bucket(8, -2, 2),
      bucket(8, 1, 3),
    );
    const [metric = Buffer.alloc(0)] = itemsIn(standardRequest('metrics', request));
    const data = pointsOf(metric);
    expect(readFields(metric).map(({ number }) => number)).toEqual([1, 10]);
    const point = readFields(data?.points[0] ?? Buffer.alloc(0));
    expect([fixed64Of(point, 4), varintOf(point, 6), fixed64Of(point, 7)]).toEqual([6n, 6, 1n]);
    const buckets = readFields(point.find(({ number }) => number === 8)?.content ?? Buffer.alloc(0));
    expect(varintOf(buckets, 1)).toBe(5);
    expect([...(buckets.find(({ number }) => number === 2)?.content ?? [])]).toEqual([2, 0, 0, 3]);
  });

  test('with bounds of its own becomes one with bounds', () => {
    const bounds = lengthDelimited(12, Buffer.concat([doubleBytes(0.5), doubleBytes(1)]));
    const request = metricOf(
      doubleField(4, 6),
      zigzagField(6, -53),
      bucket(8, 0, 2),
      bucket(8, 2, 4),
      bounds,
    );
    const [metric = Buffer.alloc(0)] = itemsIn(standardRequest('metrics', request));
    const point = readFields(pointsOf(metric)?.points[0] ?? Buffer.alloc(0));
    expect(pointsOf(metric)?.kind).toBe(9);
    const packed = (number: number): Uint8Array =>
      point.find((field) => field.number === number)?.content ?? Buffer.alloc(0);
    expect([0, 8, 16].map((at) => viewOf(packed(6)).getBigUint64(at, true))).toEqual([2n, 0n, 4n]);
    expect([0, 8].map((at) => viewOf(packed(7)).getFloat64(at, true))).toEqual([0.5, 1]);
    expect(point.some(({ number }) => number === 9)).toBe(true);
  });

  function doubleBytes(value: number): Buffer {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return bytes;
  }
});
