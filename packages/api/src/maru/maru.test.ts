import { caseEpochNanos, encodeSpans, openTestStore, readSpans, type TestStore } from '@maru/testkit/queries';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ServicesResponse } from '../contract.ts';
import { type ServedApi, serveApi } from '../served-api.fixture.ts';

/** A browser with root spans only, an API that serves, and a service whose spans all are inside others. */
const traces = `
  trace 1
    browser client "click" @0ms +200ms
      api server "GET /" @10ms +100ms
        inner internal "work" @20ms +50ms
  trace 2
    browser client "click" @30000ms +400ms
      api server "GET /" @30010ms +300ms status="error"`;

const start = Number(caseEpochNanos / 1_000_000_000n);

let opened: TestStore;
let api: ServedApi;

beforeAll(async () => {
  opened = openTestStore();
  await opened.load('traces', encodeSpans(readSpans(traces.split('\n').slice(1))));
  api = await serveApi(opened.store.reader);
});

afterAll(async () => {
  await api.close();
  await opened.close();
});

test('services: rate, errors and duration over their entry spans', async () => {
  const { status, body } = await api.json(`/api/maru/services?start=${start}&end=${start + 60}`);
  expect(status).toBe(200);
  const { services }: ServicesResponse = body;
  expect(
    services.map(({ name, spans, requestsPerSecond, errorRatio }) => [
      name,
      spans,
      requestsPerSecond,
      errorRatio,
    ]),
  ).toEqual([
    ['api', '2', 2 / 60, 0.5],
    ['browser', '2', 2 / 60, 0],
    ['inner', '1', 0, 0],
  ]);
  const [served] = services;
  expect(Number(served?.p99Nanos) / 300e6).toBeCloseTo(1, 1);
  expect(Number(served?.p50Nanos) / 100e6).toBeCloseTo(1, 1);
  expect(
    served?.points.map(({ timeUnixSeconds, requests, errors }) => [
      timeUnixSeconds - start,
      requests,
      errors,
    ]),
  ).toEqual([
    [0, 1, 0],
    [30, 1, 1],
  ]);
});

test('services: nothing in the range, and a range that is none', async () => {
  expect(await api.json('/api/maru/services?start=1000&end=2000')).toEqual({
    status: 200,
    body: { services: [] },
  });
  const { status, body } = await api.json('/api/maru/services?start=yesterday');
  expect([status, body]).toEqual([
    400,
    { error: 'cannot read start from "yesterday": it must be Unix seconds' },
  ]);
});

test('status, ledger, live, ready and metrics', async () => {
  expect((await api.json('/api/maru/status')).body).toEqual({
    version: '0.1.0',
    startedUnixNano: '1',
    otlpHttpPort: 4318,
    otlpGrpcPort: 4317,
  });
  expect((await api.json('/api/ledger')).body.balanced).toBe(true);
  expect(await api.text('/live')).toEqual({ status: 200, body: 'live\n' });
  expect(await api.text('/ready')).toEqual({ status: 200, body: 'ready\n' });
  expect(await api.text('/metrics')).toEqual({ status: 200, body: 'maru_up 1\n' });
});

test('not ready yet says why', async () => {
  const starting = await serveApi(opened.store.reader, {
    ready: () => ({ ready: false, reason: 'the store opens' }),
  });
  expect(await starting.text('/ready')).toEqual({ status: 503, body: 'not ready: the store opens\n' });
  await starting.close();
});
