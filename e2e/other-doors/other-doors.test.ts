import { join } from 'node:path';
import {
  concat,
  double,
  doubleField,
  fixed64Field,
  lengthDelimited,
  snap,
  stringField,
  tag,
  varint,
  varintField,
  wireType,
  zigzagField,
} from '@maru/otlp';
import { openStore, sql } from '@maru/store';
import { RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { byKey, eventually, getJson, lokiLines, prometheusSeries, tempoTrace } from '../support/query.ts';

// What Prometheus, Loki's clients and Zipkin's send, against what the query side returns.
let stack: RunningStack;
beforeAll(async () => {
  stack = await RunningStack.start();
});
afterAll(() => stack.stop());

const nowMs = Date.now();

function post(path: string, body: Uint8Array, headers: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${stack.otlpHttpUrl}${path}`, { method: 'POST', headers, body: Uint8Array.from(body) });
}

const staleMarker = concat(tag(1, wireType.fixed64), Buffer.from('020000000000f07f', 'hex'));

describe('remote write 1.0', () => {
  const headers = { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' };
  const label = (name: string, value: string): Uint8Array =>
    lengthDelimited(1, stringField(1, name), stringField(2, value));
  const series = (name: string, ...rest: readonly Uint8Array[]): Uint8Array =>
    lengthDelimited(1, label('__name__', name), label('job', 'node'), label('instance', 'a:9100'), ...rest);
  const sample = (value: Uint8Array, timeMs = nowMs): Uint8Array =>
    lengthDelimited(2, value, varintField(2, timeMs));
  const labels = { job: 'node', instance: 'a:9100' };

  test('samples keep their names and labels, and metadata its type', async () => {
    const request = concat(
      series('node_cpu_seconds_total', label('mode', 'idle'), sample(doubleField(1, 12.5))),
      series('node_load1', sample(doubleField(1, 0.25))),
      lengthDelimited(
        3,
        varintField(1, 1),
        stringField(2, 'node_cpu_seconds_total'),
        stringField(4, 'CPU time'),
      ),
    );
    const response = await post('/api/v1/write', snap(request), headers);
    expect(response.status).toBe(204);
    expect(response.headers.get('x-prometheus-remote-write-samples-written')).toBe('2');
    expect(await prometheusSeries(stack.queryUrl, 'node_cpu_seconds_total')).toMatchObject([
      {
        metric: { __name__: 'node_cpu_seconds_total', ...labels, mode: 'idle' },
        value: [expect.anything(), '12.5'],
      },
    ]);
    const [load] = await prometheusSeries(stack.queryUrl, 'node_load1');
    expect(load?.metric).toEqual({ __name__: 'node_load1', ...labels });
    const { data } = await getJson<{ data: object }>(`${stack.queryUrl}/api/v1/metadata`);
    expect(data).toMatchObject({
      node_cpu_seconds_total: [{ type: 'counter', help: 'CPU time' }],
      node_load1: [{ type: 'gauge' }],
    });
  });

  test('a stale marker ends a series', async () => {
    const request = concat(
      series('gone', sample(doubleField(1, 1), nowMs - 10_000), sample(staleMarker, nowMs - 5_000)),
      series('stays', sample(doubleField(1, 1), nowMs - 10_000)),
    );
    expect((await post('/api/v1/push', snap(request), headers)).status).toBe(204);
    await prometheusSeries(stack.queryUrl, 'stays', nowMs / 1000);
    expect(await prometheusSeries(stack.queryUrl, 'gone', nowMs / 1000 - 7)).toHaveLength(1);
    const { data } = await getJson<{ data: { result: unknown[] } }>(
      `${stack.queryUrl}/api/v1/query?query=gone&time=${nowMs / 1000}`,
    );
    expect(data.result).toEqual([]);
  });

  test('an exemplar goes with its series, though senders write it apart', async () => {
    const exemplar = lengthDelimited(
      3,
      lengthDelimited(1, stringField(1, 'trace_id'), stringField(2, '5b8efff798038103d269b633813fc60c')),
      doubleField(2, 3),
      varintField(3, nowMs),
    );
    const request = concat(series('seen_total', sample(doubleField(1, 3))), series('seen_total', exemplar));
    const response = await post('/api/v1/write', snap(request), headers);
    expect(response.headers.get('x-prometheus-remote-write-exemplars-written')).toBe('1');
    const found = await eventually('the exemplar', async () => {
      const parameters = `query=seen_total&start=${nowMs / 1000 - 60}&end=${nowMs / 1000 + 60}`;
      const { data } = await getJson<{ data: readonly { exemplars: readonly object[] }[] }>(
        `${stack.queryUrl}/api/v1/query_exemplars?${parameters}`,
      );
      return data[0];
    });
    expect(found.exemplars).toMatchObject([
      { labels: { trace_id: '5b8efff798038103d269b633813fc60c' }, value: '3' },
    ]);
  });

  test('what is no Snappy, no protobuf or no remote write is refused for good', async () => {
    expect((await post('/api/v1/write', Buffer.from('hello'), headers)).status).toBe(400);
    expect((await post('/api/v1/write', snap(Buffer.from('hello')), headers)).status).toBe(400);
    expect(
      (await post('/api/v1/write', snap(series('x')), { ...headers, 'content-encoding': 'gzip' })).status,
    ).toBe(415);
    expect(
      (await post('/api/v1/write', snap(series('x')), { ...headers, 'content-type': 'text/plain' })).status,
    ).toBe(415);
    expect((await fetch(`${stack.otlpHttpUrl}/api/v1/write`)).status).toBe(405);
  });
});

describe('remote write 2.0', () => {
  const headers = {
    'content-type': 'application/x-protobuf;proto=io.prometheus.write.v2.Request',
    'content-encoding': 'snappy',
    'x-prometheus-remote-write-version': '2.0.0',
  };
  const symbols = ['', '__name__', 'queue_wait', 'job', 'worker', 'Time in the queue', 'queue_done_total'];
  const table = concat(...symbols.map((symbol) => stringField(4, symbol)));
  const series = (name: number, ...rest: readonly Uint8Array[]): Uint8Array =>
    lengthDelimited(5, lengthDelimited(1, Uint8Array.of(1, name, 3, 4)), ...rest);

  test('a native histogram of fractions with bounds of its own comes back as it was sent', async () => {
    const histogram = lengthDelimited(
      3,
      doubleField(2, 2.5),
      doubleField(3, 9.5),
      zigzagField(4, -53),
      lengthDelimited(11, zigzagField(1, 0), varintField(2, 2)),
      lengthDelimited(13, double(1), double(1.5)),
      varintField(15, nowMs),
      lengthDelimited(16, double(0.5)),
    );
    const name = '__wait.time';
    const own = concat(...['', '__name__', name, '_job', 'worker'].map((symbol) => stringField(4, symbol)));
    const response = await post('/api/v1/write', snap(concat(own, series(2, histogram))), headers);
    expect(response.status).toBe(204);
    const query = new URLSearchParams({ query: `{"${name}"}`, time: `${nowMs / 1000}` });
    const [found] = await eventually(name, async () => {
      const { data } = await getJson<{ data: { result: readonly object[] } }>(
        `${stack.queryUrl}/api/v1/query?${query}`,
      );
      return data.result.length === 0 ? undefined : data.result;
    });
    expect(found).toEqual({
      metric: { __name__: name, _job: 'worker' },
      histogram: [
        nowMs / 1000,
        {
          count: '2.5',
          sum: '9.5',
          buckets: [
            [3, '-Inf', '0.5', '1'],
            [0, '0.5', '+Inf', '1.5'],
          ],
        },
      ],
    });
  });

  test('symbols, metadata and a native histogram', async () => {
    const spans = lengthDelimited(11, zigzagField(1, 1), varintField(2, 2));
    const histogram = lengthDelimited(
      3,
      varintField(1, 6),
      doubleField(3, 9.5),
      zigzagField(4, 0),
      doubleField(5, 0.001),
      varintField(6, 1),
      spans,
      lengthDelimited(12, varint(4), varint(2)),
      varintField(15, nowMs),
    );
    const sample = lengthDelimited(2, doubleField(1, 7), varintField(2, nowMs));
    const metadata = lengthDelimited(5, varintField(1, 1), varintField(3, 5));
    const request = concat(table, series(2, histogram), series(6, sample, metadata));
    const response = await post('/api/v1/write', snap(request), headers);
    expect(response.status).toBe(204);
    expect(response.headers.get('x-prometheus-remote-write-samples-written')).toBe('1');
    expect(response.headers.get('x-prometheus-remote-write-histograms-written')).toBe('1');
    const [done] = await prometheusSeries(stack.queryUrl, 'queue_done_total');
    expect(done?.metric).toEqual({ __name__: 'queue_done_total', job: 'worker' });
    const metadataOf = async (): Promise<{ readonly queue_wait?: object }> =>
      (await getJson<{ data: object }>(`${stack.queryUrl}/api/v1/metadata`)).data;
    const data = await eventually('the histogram', async () => {
      const found = await metadataOf();
      return found.queue_wait === undefined ? undefined : found;
    });
    expect(data).toMatchObject({
      queue_wait: [{ type: 'histogram' }],
      queue_done_total: [{ type: 'counter', help: 'Time in the queue' }],
    });
  });

  test('a symbol that is not in the table is refused', async () => {
    const response = await post('/api/v1/write', snap(concat(table, series(60))), headers);
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('symbol 60');
    expect(response.headers.get('x-prometheus-remote-write-samples-written')).toBe('0');
  });
});

describe('Loki push', () => {
  const line = { stream: { app: 'shop' }, values: [[`${nowMs}000001`, 'from JSON', { order: '17' }]] };

  test('JSON, with structured metadata', async () => {
    const headers = { 'content-type': 'application/json' };
    const response = await post(
      '/loki/api/v1/push',
      Buffer.from(JSON.stringify({ streams: [line] })),
      headers,
    );
    expect(response.status).toBe(204);
    const [found] = await lokiLines(stack.queryUrl, '{service_name="shop"}');
    expect(found).toMatchObject({ timeUnixNano: `${nowMs}000001`, line: 'from JSON' });
    expect(found?.structuredMetadata).toMatchObject({ order: '17', app: 'shop' });
  });

  test('protobuf in Snappy, as its agents send it', async () => {
    const time = lengthDelimited(1, varintField(1, Math.floor(nowMs / 1000)), varintField(2, 5));
    const metadata = lengthDelimited(
      3,
      stringField(1, 'trace_id'),
      stringField(2, '5b8efff798038103d269b633813fc60c'),
    );
    const entry = lengthDelimited(2, time, stringField(2, 'from "protobuf"'), metadata);
    const stream = lengthDelimited(1, stringField(1, '{service_name="till", k8s_pod_name="till-1"}'), entry);
    const response = await post('/loki/api/v1/push', snap(stream), {
      'content-type': 'application/x-protobuf',
    });
    expect(response.status).toBe(204);
    const [found] = await lokiLines(stack.queryUrl, '{service_name="till"}');
    expect(found?.line).toBe('from "protobuf"');
    expect(found?.stream).toMatchObject({ service_name: 'till', k8s_pod_name: 'till-1' });
    expect(found?.structuredMetadata).toMatchObject({ trace_id: '5b8efff798038103d269b633813fc60c' });
  });

  test('a time that is a number is refused', async () => {
    const streams = [{ ...line, values: [[nowMs, 'x']] }];
    const body = Buffer.from(JSON.stringify({ streams }));
    const response = await post('/loki/api/v1/push', body, { 'content-type': 'application/json' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('must be a string of nanoseconds');
  });
});

test('Loki and Mimir take OTLP at paths of their own', async () => {
  const headers = { 'content-type': 'application/json' };
  for (const path of ['/otlp/v1/logs', '/otlp/v1/metrics', '/otlp/v1/traces', '/api/v1/otlp/v1/metrics'])
    expect((await post(path, Buffer.from('{}'), headers)).status).toBe(200);
});

describe('Zipkin', () => {
  const json = (traceId: string): Uint8Array =>
    Buffer.from(
      JSON.stringify([
        {
          traceId,
          id: 'a2fb4a1d1a96d312',
          parentId: '0020000000000001',
          name: 'get /cart',
          kind: 'SERVER',
          timestamp: nowMs * 1000,
          duration: 1500,
          localEndpoint: { serviceName: 'cart' },
          remoteEndpoint: { serviceName: 'shop', ipv6: '2001:db8::7', port: 40_000 },
          annotations: [{ timestamp: nowMs * 1000 + 5, value: 'cache.miss' }],
          tags: { 'http.method': 'GET', error: 'timed out' },
        },
      ]),
    );
  const address = Buffer.from('20010db8000000000000000000000007', 'hex');
  const protobuf = (traceId: string): Uint8Array =>
    lengthDelimited(
      1,
      lengthDelimited(1, Buffer.from(traceId, 'hex')),
      lengthDelimited(2, Buffer.from('0020000000000001', 'hex')),
      lengthDelimited(3, Buffer.from('a2fb4a1d1a96d312', 'hex')),
      varintField(4, 2),
      stringField(5, 'get /cart'),
      fixed64Field(6, BigInt(nowMs) * 1000n),
      varintField(7, 1500),
      lengthDelimited(8, stringField(1, 'cart')),
      lengthDelimited(9, stringField(1, 'shop'), lengthDelimited(3, address), varintField(4, 40_000)),
      lengthDelimited(10, fixed64Field(1, BigInt(nowMs) * 1000n + 5n), stringField(2, 'cache.miss')),
      lengthDelimited(11, stringField(1, 'http.method'), stringField(2, 'GET')),
      lengthDelimited(11, stringField(1, 'error'), stringField(2, 'timed out')),
    );

  test.each([
    ['JSON', 'application/json', json, '463ac35c9f6413ad'],
    ['protobuf', 'application/x-protobuf', protobuf, '463ac35c9f6413ae'],
  ])('%s spans', async (_, contentType, body, traceId) => {
    const response = await post('/api/v2/spans', body(traceId), { 'content-type': contentType });
    expect(response.status).toBe(202);
    const { resourceSpans } = await tempoTrace(stack.queryUrl, traceId);
    expect(byKey(resourceSpans[0]?.resource.attributes)).toEqual({ 'service.name': { stringValue: 'cart' } });
    const [found] = resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
    expect({ ...found, attributes: byKey(found?.attributes) }).toMatchObject({
      spanId: Buffer.from('a2fb4a1d1a96d312', 'hex').toString('base64'),
      parentSpanId: Buffer.from('0020000000000001', 'hex').toString('base64'),
      name: 'get /cart',
      kind: 'SPAN_KIND_SERVER',
      startTimeUnixNano: `${nowMs}000000`,
      endTimeUnixNano: `${nowMs + 1}500000`,
      attributes: {
        'http.method': { stringValue: 'GET' },
        'peer.service': { stringValue: 'shop' },
        'network.peer.address': { stringValue: '2001:db8::7' },
        'network.peer.port': { intValue: '40000' },
      },
      events: [{ timeUnixNano: `${nowMs}005000`, name: 'cache.miss' }],
      status: { code: 'STATUS_CODE_ERROR', message: 'timed out' },
    });
  });

  test('what is no list of spans is refused', async () => {
    const send = (body: string, contentType: string): Promise<Response> =>
      post('/api/v2/spans', Buffer.from(body), { 'content-type': contentType });
    expect((await send('{}', 'application/json')).status).toBe(400);
    expect((await send('hello', 'application/x-protobuf')).status).toBe(400);
    expect((await send('<spans/>', 'application/x-thrift')).status).toBe(415);
  });
});

// Last, because it stops the stack.
test('a native histogram is stored bucket by bucket', async () => {
  await stack.stopProcesses();
  const store = openStore({ directory: join(stack.dataDir, 'engine'), memoryBytes: 512 * 1024 * 1024 });
  try {
    const rows = await store.reader.rows(sql`
      SELECT toString(count) AS count, sum, scale, toString(zero_count) AS zero_count, zero_threshold, positive_offset,
        arrayMap(c -> toString(c), positive_counts) AS positive_counts, negative_counts
      FROM exponential_histogram_points`);
    // Prometheus's bucket 1 is (1, 2], which OTLP calls 0; the second delta of 1 makes 2 and 3.
    const expected = {
      count: '6',
      sum: 9.5,
      scale: 0,
      zero_count: '1',
      zero_threshold: 0.001,
      positive_offset: 0,
      positive_counts: ['2', '3'],
      negative_counts: [],
    };
    expect(rows).toEqual([expected]);
  } finally {
    await store.close();
  }
});
