import { metricsRequest, RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, getJson, type PrometheusSeries, prometheusSeries } from '../support/query.ts';

// A stack that packs all the time. What was packed must be seen as it was before, by whoever asks.

let stack: RunningStack;
beforeAll(async () => {
  stack = await RunningStack.start({ settings: { packIntervalMs: 500, adminApi: true } });
});
afterAll(() => stack.stop());

/** All that was sent here, by its number. */
const selector = '{maru_test_item=~".+"}';
const count = 40;
const nowSeconds = Math.floor(Date.now() / 1000);

async function send(firstItem: number, timeSeconds: number): Promise<void> {
  const timeUnixNano = BigInt(timeSeconds) * 1_000_000_000n;
  const response = await fetch(`${stack.otlpHttpUrl}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Uint8Array.from(metricsRequest(1, count, { firstItem, timeUnixNano })),
  });
  expect(response.status).toBe(200);
}

/** The numbers and values at a time, once there are that many. */
function found(timeSeconds: number, least: number): Promise<readonly string[]> {
  return eventually(`${least} series`, async () => {
    const series = await prometheusSeries(stack.queryUrl, selector, timeSeconds);
    return series.length < least ? undefined : series.map(shown).sort();
  });
}

function shown({ metric, value }: PrometheusSeries): string {
  return `${metric.maru_test_item} ${metric.__name__} ${value.join(' ')}`;
}

async function counter(name: string): Promise<number> {
  const text = await (await fetch(`${stack.queryUrl}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}

/** So many samples have been packed. */
async function packed(least: number): Promise<void> {
  await eventually(`${least} packed samples`, async () =>
    (await counter('maru_packing_samples_total')) >= least ? true : undefined,
  );
}

test('what is packed reads as it did before, beside what comes late', async () => {
  await send(0, nowSeconds);
  const before = await found(nowSeconds + 30, count);
  await packed(count);
  expect(await counter('maru_packing_failures_total')).toBe(0);
  expect(await found(nowSeconds + 30, count)).toEqual(before);

  await send(count, nowSeconds - 86_400);
  const late = await found(nowSeconds - 86_400 + 30, count);
  await packed(2 * count);
  expect(await found(nowSeconds - 86_400 + 30, count)).toEqual(late);
  expect(await found(nowSeconds + 30, count)).toEqual(before);
});

test('what is packed can be deleted', async () => {
  const before = await found(nowSeconds + 30, count);
  const [gone = ''] = before.map((line) => line.split(' ')[0] ?? '');
  const response = await fetch(`${stack.queryUrl}/api/v1/admin/tsdb/delete_series`, {
    method: 'POST',
    body: new URLSearchParams({ 'match[]': `{maru_test_item="${gone}"}` }),
  });
  expect(response.status).toBe(204);
  const { data } = await getJson<{ data: { result: readonly PrometheusSeries[] } }>(
    `${stack.queryUrl}/api/v1/query?${new URLSearchParams({ query: selector, time: String(nowSeconds + 30) })}`,
  );
  expect(data.result.map(shown).sort()).toEqual(before.filter((line) => !line.startsWith(`${gone} `)));
});
