import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BoardProcess, clientOf, poll, startBoard } from './board.ts';
import { startMariaDb, type TestDatabase } from './mariadb.ts';
import { type OtlpSink, type SinkSpan, startSink } from './otlp-sink.ts';

const adminLoggedIn = '관리자 로그인 성공';
const quick = {
  OTEL_BSP_SCHEDULE_DELAY: '50',
  OTEL_BLRP_SCHEDULE_DELAY: '50',
  OTEL_METRIC_EXPORT_INTERVAL: '200',
};

let database: TestDatabase;
let sink: OtlpSink;
let board: BoardProcess;

beforeAll(async () => {
  database = await startMariaDb();
  sink = await startSink();
  board = await startBoard({
    ...quick,
    BOARD_DATABASE_URL: database.url,
    OTEL_SDK_DISABLED: 'false',
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  });
  await poll(async () => (await fetch(`${board.url}/readyz`)).status === 200);
}, 60_000);

afterAll(async () => {
  await board?.end();
  await sink?.close();
  await database?.close();
});

/** Makes a request as the middle of a trace and returns that trace's id. */
async function traced(client: ReturnType<typeof clientOf>, method: string, path: string, body?: unknown) {
  const traceId = crypto.randomUUID().replaceAll('-', '');
  const answer = await client.request(method, path, body, {
    traceparent: `00-${traceId}-00f067aa0ba902b7-01`,
  });
  return { traceId, answer };
}

function spansOf(traceId: string): SinkSpan[] {
  return sink.spans.filter((span) => span.traceId === traceId);
}

/** The trace once its server span, which ends last, has arrived. */
async function wholeTrace(traceId: string): Promise<SinkSpan[]> {
  await poll(() => spansOf(traceId).some(({ kind }) => kind === 2));
  return spansOf(traceId);
}

describe('the telemetry of POST /api/login', () => {
  test('is one trace from the caller’s span down to the SQL', async () => {
    const { traceId } = await traced(clientOf(board.url), 'POST', '/api/login', {
      username: 'admin',
      password: 'admin',
    });
    const spans = await wholeTrace(traceId);
    const named = (name: string) => spans.find((span) => span.name === name);
    const server = named('POST /api/login');
    expect(server).toMatchObject({
      service: 'board-api',
      kind: 2,
      parentSpanId: '00f067aa0ba902b7',
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/api/login',
        'http.response.status_code': 200,
        'url.path': '/api/login',
      },
    });
    const path = ['handler - login', 'request', 'POST /api/login'].map(named);
    expect(named('login.verify-password')?.parentSpanId).toBe(path[0]?.spanId);
    expect(named('SELECT')?.parentSpanId).toBe(path[0]?.spanId);
    expect(path[0]?.parentSpanId).toBe(path[1]?.spanId);
    expect(path[1]?.parentSpanId).toBe(path[2]?.spanId);
    expect(named('INSERT')).toMatchObject({
      kind: 3,
      parentSpanId: named('session.create')?.spanId,
      attributes: { 'db.system.name': 'mysql', 'db.namespace': 'board' },
    });
    expect(spans).toHaveLength(7);
  });

  test('has a log record of the same trace, and moves the duration metric by one', async () => {
    const count = () =>
      sink.points.findLast(
        ({ metric, attributes }) =>
          metric === 'http.server.request.duration' &&
          attributes['http.route'] === '/api/login' &&
          attributes['http.response.status_code'] === 200 &&
          attributes['http.request.method'] === 'POST',
      )?.value ?? 0;
    await poll(() => count() > 0);
    const before = count();
    const { traceId } = await traced(clientOf(board.url), 'POST', '/api/login', {
      username: 'admin',
      password: 'admin',
    });
    const record = await poll(() =>
      sink.logs.find((log) => log.body === adminLoggedIn && log.traceId === traceId),
    );
    expect(record.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(record.severityText).toBe('info');
    await poll(() => count() === before + 1);
    expect(sink.points.find(({ metric }) => metric === 'http.server.request.duration')?.unit).toBe('s');
  });
});

test('runtime, pool and business metrics arrive', async () => {
  const wanted = [
    'nodejs.eventloop.utilization',
    'v8js.memory.heap.used',
    'db.client.connection.count',
    'board.logins',
    'board.fault.active',
  ];
  await poll(() => wanted.every((name) => sink.points.some(({ metric }) => metric === name)));
});

test('nothing sensitive is sent: no password, session, search or message text, nor SQL values', async () => {
  const client = clientOf(board.url);
  const secrets = ['pass-secret-1', 'title-secret-2', 'body-secret-3', 'query-secret-4', 'who-secret-5'];
  await client.request('POST', '/api/register', { username: 'who-secret-5', password: 'pass-secret-1' });
  await client.request('POST', '/api/register', { username: 'who-secret-5', password: 'pass-secret-1' });
  await client.request('POST', '/api/login', { username: 'who-secret-5', password: 'pass-secret-1x' });
  await client.request('POST', '/api/messages', { title: 'title-secret-2', body: 'body-secret-3' });
  const { traceId } = await traced(client, 'GET', '/api/messages?q=query-secret-4');
  await wholeTrace(traceId);
  await poll(() => sink.logs.some((log) => log.traceId === traceId));
  const sent = sink.payloads.join('\n');
  const session = client.lastCookie().slice('board_session='.length, 'board_session='.length + 43);
  for (const secret of [...secrets, session]) expect(sent).not.toContain(secret);
  expect(spansOf(traceId).find(({ name }) => name === 'SELECT')?.attributes['db.query.text']).toContain(
    'LIKE ?',
  );
});

test('an unmatched path is a server span of its own, and probes are none', async () => {
  const { traceId } = await traced(clientOf(board.url), 'GET', '/wp-login.php');
  expect(
    (await wholeTrace(traceId)).find(({ kind }) => kind === 2)?.attributes['http.response.status_code'],
  ).toBe(404);
  const probe = await traced(clientOf(board.url), 'GET', '/readyz');
  const after = await traced(clientOf(board.url), 'GET', '/api/info');
  await wholeTrace(after.traceId);
  expect(spansOf(probe.traceId)).toEqual([]);
});

describe('faults show in telemetry', () => {
  async function admin() {
    const client = clientOf(board.url);
    await client.request('POST', '/api/login', { username: 'admin', password: 'admin' });
    return client;
  }

  test('latency: on the span, in the log, on the gauge', async () => {
    const client = await admin();
    await client.request('POST', '/api/faults/latency', { enabled: true, value: 50 });
    const { traceId } = await traced(client, 'GET', '/api/messages');
    const spans = await wholeTrace(traceId);
    expect(
      spans.some(({ attributes }) => JSON.stringify(attributes['board.faults.active']) === '["latency"]'),
    ).toBe(true);
    expect(spans.some(({ events }) => events.includes('fault.injected'))).toBe(true);
    await poll(() =>
      sink.logs.some(
        ({ body, attributes }) => body === 'fault started' && attributes['board.fault.name'] === 'latency',
      ),
    );
    await poll(() => gauge('latency') === 1);
    await client.request('POST', '/api/faults/latency', { enabled: false });
    await poll(() => gauge('latency') === 0);
    await poll(() =>
      sink.logs.some(
        ({ body, attributes }) => body === 'fault ended' && attributes['board.fault.name'] === 'latency',
      ),
    );
  });

  test('N+1: one statement per message', async () => {
    const client = await admin();
    for (const title of ['a', 'b', 'c']) await client.request('POST', '/api/messages', { title, body: 'b' });
    const statements = async () => {
      const { traceId } = await traced(client, 'GET', '/api/messages');
      return (await wholeTrace(traceId)).filter(({ name }) => name === 'SELECT').length;
    };
    const before = await statements();
    await client.request('POST', '/api/faults/n-plus-one', { enabled: true });
    expect(await statements()).toBeGreaterThanOrEqual(before + 3);
    await client.request('POST', '/api/faults/n-plus-one', { enabled: false });
  });

  test('telemetry stopped: what happens meanwhile is lost, then all comes again', async () => {
    const { lost } = await withoutTelemetry('telemetry-stopped');
    expect(spansOf(lost)).toEqual([]);
    await poll(() => sink.logs.some(({ body }) => String(body).startsWith('telemetry batches were dropped')));
  });

  test('telemetry to a wrong endpoint: nothing comes meanwhile, the process says so, then all comes again', async () => {
    const { cameMeanwhile } = await withoutTelemetry('telemetry-wrong-endpoint');
    expect(cameMeanwhile).toBe(0);
  });

  /** Makes requests under a telemetry fault, ends it, and waits until telemetry arrives again. */
  async function withoutTelemetry(fault: string): Promise<{ lost: string; cameMeanwhile: number }> {
    const client = await admin();
    await client.request('POST', `/api/faults/${fault}`, { enabled: true });
    await poll(() => hasLogged('fault started', fault));
    const before = sink.payloads.length;
    const { traceId, answer } = await traced(client, 'GET', '/api/messages');
    expect(answer.status).toBe(200);
    // Batches leave every 50 ms, by timers of the process that answers these: the first one's would have come.
    const requestsUntil = performance.now() + 500;
    while (performance.now() < requestsUntil) await client.request('GET', '/api/info');
    const cameMeanwhile = sink.payloads.length - before;
    await client.request('POST', `/api/faults/${fault}`, { enabled: false });
    const kept = await traced(client, 'GET', '/api/messages');
    await wholeTrace(kept.traceId);
    await poll(() => hasLogged('fault ended', fault));
    return { lost: traceId, cameMeanwhile };
  }

  function hasLogged(event: string, fault: string): boolean {
    return sink.logs.some(
      ({ body, attributes }) => body === event && attributes['board.fault.name'] === fault,
    );
  }

  function gauge(fault: string): number | undefined {
    return sink.points.findLast(
      ({ metric, attributes }) => metric === 'board.fault.active' && attributes.fault === fault,
    )?.value;
  }
});

test('what waits is sent before the process ends, and a dead endpoint does not hold it up', async () => {
  const slow = await startBoard({
    BOARD_DATABASE_URL: database.url,
    OTEL_SDK_DISABLED: 'false',
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
  });
  const { traceId } = await traced(clientOf(slow.url), 'GET', '/api/info');
  expect(await slow.end()).toBe(0);
  expect(spansOf(traceId).some(({ kind }) => kind === 2)).toBe(true);

  const lonely = await startBoard({
    BOARD_DATABASE_URL: database.url,
    OTEL_SDK_DISABLED: 'false',
    OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9',
  });
  await clientOf(lonely.url).request('GET', '/api/info');
  const started = performance.now();
  expect(await lonely.end()).toBe(0);
  // Sending alone would retry for half a minute; the bound itself is 3 s, the rest is for busy machines.
  expect(performance.now() - started).toBeLessThan(10_000);
}, 60_000);

test.each(['traces', 'metrics', 'logs'] as const)(
  'that %s are refused at the end keeps the other signals from nothing',
  async (refused) => {
    const choosy = await startSink(`/v1/${refused}`);
    const refusing = await startBoard({
      BOARD_DATABASE_URL: database.url,
      OTEL_SDK_DISABLED: 'false',
      OTEL_EXPORTER_OTLP_ENDPOINT: choosy.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    await clientOf(refusing.url).request('GET', '/api/info');
    expect(await refusing.end()).toBe(0);
    const arrived = { traces: choosy.spans, metrics: choosy.points, logs: choosy.logs };
    const empty = Object.entries(arrived).filter(([, items]) => items.length === 0);
    expect(empty.map(([signal]) => signal)).toEqual([refused]);
    await choosy.close();
  },
  60_000,
);

test('at start it says where each signal goes', () => {
  expect(board.output()).toContain(`board-api: traces → ${sink.url}/v1/traces (http/json)`);
  expect(board.output()).toContain(`board-api: metrics → ${sink.url}/v1/metrics (http/json)`);
  expect(board.output()).toContain(`board-api: logs → ${sink.url}/v1/logs (http/json)`);
});
