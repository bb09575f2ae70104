import { mutated, seededRandom, tracesRequest, variedRequest } from '@maru/testkit';
import { describe, expect, test } from 'vitest';
import { concat, fixed64Field, lengthDelimited, stringField, varintField } from '../encode.ts';
import { type Signal, signals } from '../signal.ts';
import type { Checked, CheckLimits } from './checked.ts';
import { checkLogs } from './logs.ts';
import { checkMetrics } from './metrics.ts';
import { checkTraces } from './traces.ts';

const checks: Readonly<Record<Signal, (bytes: Uint8Array, limits?: CheckLimits) => Checked>> = {
  traces: checkTraces,
  metrics: checkMetrics,
  logs: checkLogs,
};

describe.each(signals)('check of %s, over generated requests', (signal) => {
  const requests = Array.from({ length: 300 }, (_, seed) => variedRequest(seed, signal));

  test('what it accepts passes a second check unchanged', () => {
    for (const request of requests) {
      const first = checks[signal](request);
      const second = checks[signal](first.bytes);
      expect(first.malformed).toBeUndefined();
      expect({ items: second.items, rejected: second.rejected }).toEqual({ items: first.items, rejected: 0 });
      expect(second.kinds).toEqual(first.kinds);
    }
  });

  test('the services hold all items', () => {
    for (const request of requests) {
      const { items, services, rejected, rejectedServices, rejections } = checks[signal](request);
      expect(sum(services.values())).toBe(items);
      expect(sum(rejectedServices.values())).toBe(rejected);
      expect(sum(rejections.map(({ count }) => count))).toBe(rejected);
    }
  });

  test('the bytes that came in are never written to', () => {
    for (const request of requests) {
      const before = Buffer.from(request);
      checks[signal](request);
      expect(before.equals(request)).toBe(true);
    }
  });

  test('mutated requests are accepted or refused, and never throw', () => {
    let refused = 0;
    for (const [seed, request] of requests.entries()) {
      for (let round = 0; round < 20; round++) {
        const checked = checks[signal](mutated(seed * 100 + round, request));
        if (checked.malformed === undefined) expect(checks[signal](checked.bytes).rejected).toBe(0);
        else refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(1000);
  });
});

test('no prefix of a request is read beyond its end', () => {
  const request = tracesRequest(1, 2);
  const outcomes = Array.from({ length: request.length }, (_, end) => checkTraces(request.subarray(0, end)));
  expect(outcomes.filter(({ malformed }) => malformed === undefined)).toHaveLength(1);
  expect(outcomes[0]?.items).toBe(0);
});

test('random bytes are refused with a place and a sentence', () => {
  const random = seededRandom(7);
  for (let round = 0; round < 500; round++) {
    const bytes = Uint8Array.from({ length: 200 }, () => random() * 256);
    const { malformed, items } = checkTraces(bytes);
    expect(items).toBe(0);
    if (malformed !== undefined) expect(malformed.offset).toBeLessThanOrEqual(bytes.length);
  }
});

test('a request that needs no change is passed on as the same buffer', () => {
  const request = tracesRequest(3, 50, { service: 'board-web' });
  const checked = checkTraces(request);
  expect(checked.bytes).toBe(request);
  expect([...checked.services]).toEqual([['board-web', 50]]);
});

test('an empty request is accepted and holds nothing', () => {
  expect(checkLogs(new Uint8Array(0))).toMatchObject({ items: 0, rejected: 0, rejections: [] });
});

describe('spans', () => {
  const traceId = Buffer.alloc(16, 1);
  const spanId = Buffer.alloc(8, 2);
  const sound = [lengthDelimited(1, traceId), lengthDelimited(2, spanId), fixed64Field(7, 5n)];

  test.each([
    ['no trace id', [sound[1], sound[2]], 'invalid_trace_id', '.trace_id'],
    [
      'a short trace id',
      [lengthDelimited(1, traceId.subarray(1)), sound[1], sound[2]],
      'invalid_trace_id',
      '.trace_id',
    ],
    [
      'a zero trace id',
      [lengthDelimited(1, Buffer.alloc(16)), sound[1], sound[2]],
      'invalid_trace_id',
      '.trace_id',
    ],
    ['no span id', [sound[0], sound[2]], 'invalid_span_id', '.span_id'],
    [
      'a zero span id',
      [sound[0], lengthDelimited(2, Buffer.alloc(8)), sound[2]],
      'invalid_span_id',
      '.span_id',
    ],
    [
      'a short parent id',
      [...sound, lengthDelimited(4, spanId.subarray(1))],
      'invalid_parent_span_id',
      '.parent_span_id',
    ],
    ['no start time', [sound[0], sound[1]], 'time_missing', '.start_time_unix_nano'],
    ['start time 0', [sound[0], sound[1], fixed64Field(7, 0n)], 'time_missing', '.start_time_unix_nano'],
    ['an end after 2262', [...sound, fixed64Field(8, 2n ** 63n)], 'time_out_of_range', '.end_time_unix_nano'],
    [
      'an event after 2262',
      [...sound, lengthDelimited(11, fixed64Field(1, 2n ** 63n))],
      'time_out_of_range',
      '.events[0].time_unix_nano',
    ],
    [
      'a link with a short trace id',
      [...sound, lengthDelimited(13, lengthDelimited(1, spanId))],
      'invalid_trace_id',
      '.links[0].trace_id',
    ],
  ] as const)('a span with %s is cut out and its neighbours stay', (_, fields, reason, path) => {
    const good = lengthDelimited(2, ...sound);
    const bad = lengthDelimited(2, ...fields.map((field) => field ?? new Uint8Array(0)));
    const checked = checkTraces(spans(good, bad, good));
    expect(checked.items).toBe(2);
    expect(checked.rejections).toMatchObject([
      { reason, count: 1, field: `resource_spans[0].scope_spans[0].spans[1]${path}` },
    ]);
    expect(Buffer.from(checked.bytes).equals(spans(good, good))).toBe(true);
  });

  test('a zero parent id means a root span and is cut', () => {
    const checked = checkTraces(spans(lengthDelimited(2, ...sound, lengthDelimited(4, Buffer.alloc(8)))));
    expect(Buffer.from(checked.bytes).equals(spans(lengthDelimited(2, ...sound)))).toBe(true);
  });

  test('an enum value that OTLP does not know is stored as unspecified', () => {
    const checked = checkTraces(spans(lengthDelimited(2, ...sound, varintField(6, 9))));
    expect(Buffer.from(checked.bytes).equals(spans(lengthDelimited(2, ...sound, varintField(6, 0))))).toBe(
      true,
    );
  });

  test('a field that stands twice makes the request malformed, since decoders differ on it', () => {
    const { malformed } = checkTraces(spans(lengthDelimited(2, ...sound, lengthDelimited(2, spanId))));
    expect(malformed?.field).toBe('resource_spans[0].scope_spans[0].spans[0].span_id');
    expect(malformed?.what).toContain('set twice');
  });

  test('a known field with another wire type makes the request malformed', () => {
    const { malformed } = checkTraces(spans(lengthDelimited(2, ...sound, varintField(5, 1))));
    expect(malformed?.what).toBe('name with wire type 0');
  });

  test('groups make the request malformed', () => {
    expect(checkTraces(Uint8Array.of(0x0b, 0x0c)).malformed?.what).toContain('wire type 3');
  });

  test('bytes that are no UTF-8 become U+FFFD', () => {
    const checked = checkTraces(
      spans(lengthDelimited(2, ...sound, lengthDelimited(5, Buffer.from([0x61, 0xff])))),
    );
    expect(
      Buffer.from(checked.bytes).equals(spans(lengthDelimited(2, ...sound, stringField(5, 'a\ufffd')))),
    ).toBe(true);
  });
});

describe('values', () => {
  test('a client cannot forge our own alternative of AnyValue', () => {
    const checked = checkLogs(logs(lengthDelimited(5, stringField(15, '{"forged":true}'))));
    expect(Buffer.from(checked.bytes).equals(logs(lengthDelimited(5)))).toBe(true);
  });

  test("a client cannot forge the journal's trailer", () => {
    const request = logs(lengthDelimited(5, stringField(1, 'x')));
    const checked = checkLogs(
      concat(request, fixed64Field(1001, 1n), lengthDelimited(1002), stringField(5, 'kept')),
    );
    expect(Buffer.from(checked.bytes).equals(concat(request, stringField(5, 'kept')))).toBe(true);
  });

  test('values that nest too deeply make the request malformed', () => {
    const nested = (depth: number): Uint8Array =>
      depth === 0 ? stringField(1, 'x') : lengthDelimited(5, lengthDelimited(1, nested(depth - 1)));
    expect(checkLogs(logs(lengthDelimited(5, nested(32)))).malformed).toBeUndefined();
    expect(checkLogs(logs(lengthDelimited(5, nested(33)))).malformed?.what).toContain('nested');
  });

  test('values that become too long as text make the request malformed', () => {
    const long = lengthDelimited(5, lengthDelimited(1, stringField(1, 'x'.repeat(100))));
    const many = lengthDelimited(5, ...Array.from({ length: 30 }, () => lengthDelimited(1)));
    const limits = { maxDepth: 32, maxJsonLength: 100 };
    for (const value of [long, many]) {
      expect(checkLogs(logs(lengthDelimited(5, value))).malformed).toBeUndefined();
      expect(checkLogs(logs(lengthDelimited(5, value)), limits).malformed?.what).toContain('too large');
    }
  });

  test('a request that would have to be rewritten in a million places is refused', () => {
    const body = lengthDelimited(
      5,
      new Uint8Array(3 * 2 ** 21).fill(0x40).map((_, at) => (at % 2 === 0 ? 0x40 : 0)),
    );
    expect(checkLogs(logs(body)).malformed?.what).toContain('places that would have to be rewritten');
  });

  test('a request that is rewritten in very many places is rewritten right', () => {
    const attribute = lengthDelimited(
      6,
      stringField(1, 'k'),
      lengthDelimited(2, stringField(1, 'v'), varintField(9, 1)),
    );
    const clean = lengthDelimited(6, stringField(1, 'k'), lengthDelimited(2, stringField(1, 'v')));
    const of = (one: Uint8Array): Uint8Array =>
      logs(Buffer.concat(Array.from({ length: 50_000 }, () => one)));
    expect(Buffer.from(checkLogs(of(attribute)).bytes).equals(of(clean))).toBe(true);
  });

  test('services of a request beyond a thousand are counted together', () => {
    const record = lengthDelimited(2, lengthDelimited(2));
    const groups = Array.from({ length: 1200 }, (_, index) =>
      lengthDelimited(
        1,
        lengthDelimited(
          1,
          lengthDelimited(1, stringField(1, 'service.name'), lengthDelimited(2, stringField(1, `s${index}`))),
        ),
        record,
      ),
    );
    const { services, items } = checkLogs(concat(...groups));
    expect(items).toBe(1200);
    expect(services.size).toBe(1001);
    expect(services.get('other')).toBe(200);
  });

  test('services are counted by name, and without a name as unknown_service', () => {
    const resource = lengthDelimited(
      1,
      lengthDelimited(1, stringField(1, 'service.name'), lengthDelimited(2, stringField(1, '게시판'))),
    );
    const record = lengthDelimited(2, lengthDelimited(2, varintField(2, 9)));
    const checked = checkLogs(
      concat(lengthDelimited(1, record, resource), lengthDelimited(1, record, record)),
    );
    expect([...checked.services]).toEqual([
      ['게시판', 1],
      ['unknown_service', 2],
    ]);
  });
});

describe('metrics', () => {
  const point = lengthDelimited(1, fixed64Field(3, 5n), fixed64Field(6, 1n));
  const name = stringField(1, 'x');

  test.each([
    [
      'without temporality',
      [name, lengthDelimited(7, point, point)],
      'temporality_unspecified',
      2,
      '.sum.aggregation_temporality',
    ],
    [
      'with temporality 0',
      [name, lengthDelimited(7, varintField(2, 0), point)],
      'temporality_unspecified',
      1,
      '.sum.aggregation_temporality',
    ],
    ['without a name', [lengthDelimited(5, point)], 'metric_name_missing', 1, '.name'],
    ['without data', [name], 'metric_data_missing', 1, ''],
    [
      'with a point without a value',
      [name, lengthDelimited(5, lengthDelimited(1, fixed64Field(3, 5n)))],
      'value_missing',
      1,
      '.gauge.data_points[0]',
    ],
    [
      'with a point without a time',
      [name, lengthDelimited(5, lengthDelimited(1, fixed64Field(6, 5n)))],
      'time_missing',
      1,
      '.gauge.data_points[0].time_unix_nano',
    ],
    [
      'with buckets that do not fit the bounds',
      [
        name,
        lengthDelimited(
          9,
          varintField(2, 2),
          lengthDelimited(
            1,
            fixed64Field(3, 5n),
            lengthDelimited(6, Buffer.alloc(16)),
            lengthDelimited(7, Buffer.alloc(16)),
          ),
        ),
      ],
      'bucket_counts_mismatch',
      1,
      '.histogram.data_points[0]',
    ],
  ] as const)('a metric %s is rejected with a reason', (_, fields, reason, count, path) => {
    const bad = lengthDelimited(2, ...fields);
    const good = lengthDelimited(2, name, lengthDelimited(5, point));
    const checked = checkMetrics(lengthDelimited(1, lengthDelimited(2, good, bad)));
    expect(checked.items).toBe(1);
    expect(checked.kinds).toEqual({
      number: 1,
      histogram: 0,
      exponentialHistogram: 0,
      summary: 0,
      exemplars: 0,
      nativeHistogram: 0,
    });
    expect(checked.rejections).toMatchObject([
      { reason, count, field: `resource_metrics[0].scope_metrics[0].metrics[1]${path}` },
    ]);
  });

  test('a point without a value is kept when it says that none was recorded', () => {
    const stale = lengthDelimited(1, fixed64Field(3, 5n), varintField(8, 1));
    expect(checkMetrics(metrics(lengthDelimited(2, name, lengthDelimited(5, stale))))).toMatchObject({
      items: 1,
    });
  });

  test('kinds and exemplars are counted, those of rejected points not', () => {
    const exemplar = lengthDelimited(5, fixed64Field(2, 1n));
    const bad = lengthDelimited(1, fixed64Field(6, 1n), exemplar);
    const kept = lengthDelimited(1, fixed64Field(3, 5n), fixed64Field(6, 1n), exemplar, exemplar);
    const { kinds } = checkMetrics(metrics(lengthDelimited(2, name, lengthDelimited(5, bad, kept))));
    expect(kinds).toEqual({
      number: 1,
      histogram: 0,
      exponentialHistogram: 0,
      summary: 0,
      exemplars: 2,
      nativeHistogram: 0,
    });
  });
});

function spans(...list: readonly Uint8Array[]): Uint8Array {
  return lengthDelimited(1, lengthDelimited(2, ...list));
}

function logs(...record: readonly Uint8Array[]): Uint8Array {
  return lengthDelimited(1, lengthDelimited(2, lengthDelimited(2, ...record)));
}

function metrics(...list: readonly Uint8Array[]): Uint8Array {
  return lengthDelimited(1, lengthDelimited(2, ...list));
}

function sum(counts: Iterable<number>): number {
  return [...counts].reduce((total, count) => total + count, 0);
}
