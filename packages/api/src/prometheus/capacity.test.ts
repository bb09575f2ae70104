import { setTimeout as delay } from 'node:timers/promises';
import { createQueryCapacity, type QueryCapacity } from '@maru/query-core';
import { sql } from '@maru/store';
import { openTestStore, type TestStore } from '@maru/testkit/queries';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type Json, type ServedApi, serveApi } from '../served-api.fixture.ts';

// What queries may use, asked for over HTTP: 5,000 series of two hours, of which one query is long.

const seriesCount = 5_000;
const samples = 480;
const endSeconds = Date.UTC(2026, 0, 2) / 1000;

let own: TestStore;
let api: ServedApi | undefined;

beforeAll(async () => {
  own = openTestStore();
  await own.store.write(sql`INSERT INTO metric_series (metric_name, series_id, metric_type, prometheus_name, labels)
    SELECT 'many', number, 'gauge', 'many', map('item', toString(number)) FROM numbers(${seriesCount})`);
  await own.store.write(sql`INSERT INTO number_points (metric_name, series_id, time, start_time, value, flags)
    SELECT 'many', intDiv(number, ${samples}), fromUnixTimestamp64Milli(toInt64(${endSeconds * 1000} - number % ${samples} * 15000), 'UTC'), 0, 1, 0
    FROM numbers(${seriesCount * samples})`);
}, 120_000);
afterEach(async () => {
  await api?.close();
  api = undefined;
});
afterAll(() => own.close());

async function serve(capacity: QueryCapacity): Promise<ServedApi> {
  api = await serveApi(own.store.reader, { capacity });
  return api;
}

const longQuery = `/api/v1/query_range?${new URLSearchParams({
  query: 'sum(rate(many[5m])) + sum(max_over_time(many[5m]))',
  start: String(endSeconds - 7000),
  end: String(endSeconds),
  step: '60',
})}`;

function instant(query: string): string {
  return `/api/v1/query?${new URLSearchParams({ query, time: String(endSeconds) })}`;
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const end = performance.now() + 60_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error('not so within 60 s');
    await delay(10);
  }
}

/** What reads in the engine now, this look left out. */
async function readsNow(): Promise<number> {
  const rows = await own.store.reader.rows(
    sql`SELECT query FROM system.processes WHERE query LIKE '%FROM number_points%' AND query NOT LIKE '%system.processes%'`,
    { lane: 'lookup' },
  );
  return rows.length;
}

function errorOf({ status, body }: { readonly status: number; readonly body: Json }): object {
  return { ...body, status };
}

test('a query that would hold too much memory is refused', async () => {
  const { json } = await serve(createQueryCapacity({ maxMemoryBytes: 4 * 1024 * 1024 }));
  expect(errorOf(await json(longQuery))).toEqual({
    status: 422,
    errorType: 'execution',
    error:
      'query processing would hold more than 4MiB of memory in query execution, which is the limit; select fewer series or a shorter time',
  });
  expect(await json(instant('many{item="7"}'))).toMatchObject({ status: 200 });
});

test('a query that selects too many series is refused', async () => {
  const { json } = await serve(createQueryCapacity({ maxSeries: 100 }));
  const error =
    'the query selects more than 100 series, which is the limit; select fewer with label matchers';
  expect(errorOf(await json(instant('many')))).toEqual({ status: 422, errorType: 'execution', error });
  expect(errorOf(await json('/api/v1/series?match[]=many'))).toMatchObject({ errorType: 'execution', error });
});

test('a query that takes too long is ended', async () => {
  const { json } = await serve(createQueryCapacity({ timeoutSeconds: 0.05 }));
  expect(errorOf(await json(longQuery))).toMatchObject({ status: 503, errorType: 'timeout' });
});

test('short queries are answered while many long ones run', async () => {
  const { json } = await serve(createQueryCapacity({ concurrency: 2 }));
  let ended = 0;
  const long = Array.from({ length: 8 }, async () => {
    const { status } = await json(longQuery);
    ended += 1;
    return status;
  });
  for (let round = 0; round < 3; round += 1) {
    const { body } = await json(instant(`many{item="${round}"}`));
    expect(body).toMatchObject({ data: { result: [{ metric: { item: String(round) } }] } });
  }
  const endedBefore = ended;
  expect(endedBefore, 'long queries that ended before the short ones').toBeLessThan(4);
  expect(await Promise.all(long)).toEqual(new Array(8).fill(200));
}, 180_000);

test('a client that hangs up ends its query in the engine, and gives its place to the next', async () => {
  const capacity = createQueryCapacity();
  const { url, json } = await serve(capacity);
  const client = new AbortController();
  const asked = Array.from({ length: 6 }, () =>
    fetch(url + longQuery, { signal: client.signal }).catch(() => undefined),
  );
  await until(() => capacity.longGate.waiting === 4);
  await until(() => capacity.memory.used > 0);
  client.abort();
  await Promise.all(asked);
  await until(async () => capacity.longGate.waiting === 0 && (await readsNow()) === 0);
  await until(() => capacity.memory.used === 0);
  expect(await json(instant('count(many)'))).toMatchObject({ status: 200 });
}, 120_000);

test('queries beyond those that may wait are turned away', async () => {
  const capacity = { ...createQueryCapacity(), gate: createQueryCapacity({ concurrency: 1 }).gate };
  const { json } = await serve(capacity);
  const leave = await capacity.gate.enter({ seconds: 60 });
  const waiting = Array.from({ length: 200 }, () => json(instant('1')));
  await until(() => capacity.gate.waiting === 200);
  expect(errorOf(await json(instant('1')))).toEqual({
    status: 503,
    errorType: 'unavailable',
    error: 'too many queries: 200 already wait in query queue; try again shortly',
  });
  expect(errorOf(await json(`${instant('1')}&timeout=1ms`))).toMatchObject({ status: 503 });
  leave();
  expect((await Promise.all(waiting)).map(({ status }) => status)).toEqual(new Array(200).fill(200));
}, 60_000);
