import { metricsRequest, RunningStack } from '@maru/testkit';
import { afterEach, expect, test } from 'vitest';
import { eventually, getJson } from '../support/query.ts';

let stack: RunningStack | undefined;
afterEach(() => stack?.stop());

async function start(adminApi: boolean): Promise<RunningStack> {
  stack = await RunningStack.start({ settings: { adminApi } });
  return stack;
}

function deleteSeries({ queryUrl }: RunningStack, selector: string): Promise<Response> {
  const body = new URLSearchParams(selector === '' ? {} : { 'match[]': selector });
  return fetch(`${queryUrl}/api/v1/admin/tsdb/delete_series`, { method: 'POST', body });
}

async function numbersOf({ queryUrl }: RunningStack): Promise<readonly string[]> {
  const { data } = await getJson<{ data: readonly string[] }>(
    `${queryUrl}/api/v1/label/maru_test_item/values`,
  );
  return data;
}

async function send({ otlpHttpUrl, queryUrl }: RunningStack): Promise<void> {
  const response = await fetch(`${otlpHttpUrl}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Uint8Array.from(metricsRequest(1, 20)),
  });
  expect(response.status).toBe(200);
  await eventually('what was sent', async () => {
    const { signals } = await getJson<{ signals: { metrics: { journaled: string; stored: string } } }>(
      `${queryUrl}/api/ledger`,
    );
    return signals.metrics.journaled === signals.metrics.stored ? true : undefined;
  });
}

test('deleting series is off unless the setting says so', async () => {
  expect((await deleteSeries(await start(false), 'x')).status).toBe(503);
});

test('deleted series are gone, the others stay, and what is sent again comes back', {
  timeout: 60_000,
}, async () => {
  const running = await start(true);
  await send(running);
  const before = await numbersOf(running);
  const [gone = ''] = before;
  expect(before.length).toBeGreaterThan(1);
  expect((await deleteSeries(running, '')).status).toBe(400);
  expect((await deleteSeries(running, `{maru_test_item="${gone}"}`)).status).toBe(204);
  expect(await numbersOf(running)).toEqual(before.filter((number) => number !== gone));
  await send(running);
  expect(await numbersOf(running)).toEqual(before);
});
