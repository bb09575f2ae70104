import { caseEpochNanos, encodeSpans, openTestStore, readSpans, type TestStore } from '@maru/testkit/queries';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, serveApi } from '../served-api.fixture.ts';

const traces = `
  trace 1
    browser client "click" @0ms +200ms
      api server "GET /" @10ms +100ms
  trace 2
    browser client "click" @30000ms +400ms
      api server "GET /" @30010ms +300ms`;

const start = Number(caseEpochNanos / 1_000_000_000n);
let opened: TestStore;
let api: ServedApi;

beforeAll(async () => {
  opened = openTestStore();
  const spans = readSpans(traces.split('\n').slice(1));
  await opened.load('traces', encodeSpans(spans));
  await opened.load('traces', encodeSpans(spans.filter(({ service }) => service === 'api')));
  api = await serveApi(opened.store.reader);
});

afterAll(async () => {
  await api.close();
  await opened.close();
});

test('services of which spans came twice, and no others', async () => {
  const { body } = await api.json(`/api/maru/doubled?start=${start}&end=${start + 60}`);
  expect(body).toEqual({ services: [{ name: 'api', spans: '4', distinct: '2', resources: 1 }] });
});

test('none outside of the time asked for', async () => {
  const { body } = await api.json(`/api/maru/doubled?start=${start + 600}&end=${start + 660}`);
  expect(body).toEqual({ services: [] });
});
