import { setTimeout as delay } from 'node:timers/promises';
import { RunningClickHouse, RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectStoredOnce, itemsPerRequest, numberedSenders, settled } from '../support/numbered.ts';
import { eventually, getJson, prometheusSeries } from '../support/query.ts';

/** How often the store dies. */
const rounds = 3;

let server: RunningClickHouse;

beforeAll(async () => {
  server = await RunningClickHouse.start();
}, 60_000);

afterAll(() => server.close());

function startStack(database = 'maru', parameters = ''): Promise<RunningStack> {
  return RunningStack.start({ settings: { storeUrl: server.url(database, parameters) } });
}

async function readiness({ queryUrl }: RunningStack): Promise<{ status: number; text: string }> {
  const response = await fetch(`${queryUrl}/ready`);
  return { status: response.status, text: await response.text() };
}

function whenReady(stack: RunningStack): Promise<unknown> {
  return eventually('readiness', async () => ((await readiness(stack)).status === 200 ? true : undefined));
}

const nowMs = Date.now();
const traceId = '5b8aa5a2d2c872e8321cf37308d69df2';
const nanos = `${nowMs}000000`;
const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] };
const sent = {
  traces: {
    resourceSpans: [
      {
        resource,
        scopeSpans: [
          {
            spans: [
              {
                traceId,
                spanId: '051581bf3cb55c13',
                name: 'checkout',
                kind: 2,
                startTimeUnixNano: nanos,
                endTimeUnixNano: `${nowMs + 5}000000`,
              },
            ],
          },
        ],
      },
    ],
  },
  metrics: {
    resourceMetrics: [
      {
        resource,
        scopeMetrics: [
          {
            metrics: [{ name: 'queue.size', gauge: { dataPoints: [{ asDouble: 7, timeUnixNano: nanos }] } }],
          },
        ],
      },
    ],
  },
  logs: {
    resourceLogs: [
      {
        resource,
        scopeLogs: [{ logRecords: [{ timeUnixNano: nanos, body: { stringValue: '관리자 로그인 성공' } }] }],
      },
    ],
  },
};

async function sendAll({ otlpHttpUrl }: RunningStack): Promise<void> {
  for (const [signal, body] of Object.entries(sent)) {
    const response = await fetch(`${otlpHttpUrl}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).toBe(200);
  }
}

/** The trace, the series and the line, through the three query APIs. */
async function seesAll({ queryUrl }: RunningStack): Promise<void> {
  const trace = await eventually('the trace', async () => {
    const response = await fetch(`${queryUrl}/api/v2/traces/${traceId}`);
    const text = await response.text();
    return text.includes('checkout') ? text : undefined;
  });
  expect(trace).toContain('shop');
  const found = await eventually('the trace by its service', async () => {
    const q = encodeURIComponent('{ resource.service.name = "shop" && name = "checkout" }');
    const { traces } = await getJson<{ traces: readonly { readonly traceID: string }[] }>(
      `${queryUrl}/api/search?q=${q}&start=${Math.floor(nowMs / 1000) - 300}&end=${Math.floor(nowMs / 1000) + 300}`,
    );
    return traces[0]?.traceID;
  });
  expect(found).toBe(traceId);
  const [series] = await prometheusSeries(queryUrl, 'queue_size{job="shop"}', nowMs / 1000);
  expect(series?.value[1]).toBe('7');
  const lines = await eventually('the line', async () => {
    const { data } = await getJson<{ data: { result: readonly unknown[] } }>(
      `${queryUrl}/loki/api/v1/query_range?query=${encodeURIComponent('{service_name="shop"} |= "로그인"')}&start=${nowMs - 300_000}000000&end=${nowMs + 300_000}000000`,
    );
    return data.result.length > 0 ? JSON.stringify(data.result) : undefined;
  });
  expect(lines).toContain('관리자 로그인 성공');
}

describe('a store by URL', () => {
  test('what one Maru took, another on the same store answers, each with a journal of its own', async () => {
    const [one, other] = await Promise.all([startStack(), startStack('maru', '?compress=1')]);
    try {
      await Promise.all([one, other].map(whenReady));
      await sendAll(one);
      await seesAll(one);
      await seesAll(other);
      expect((await settled(one)).balanced).toBe(true);
    } finally {
      await Promise.all([one.stop(), other.stop()]);
    }
  }, 180_000);

  test(`is killed ${rounds} times under load: what was acknowledged is stored exactly once`, async () => {
    const stack = await startStack('load');
    try {
      await whenReady(stack);
      const senders = numberedSenders(stack);
      for (let round = 0; round < rounds; round += 1) {
        await delay(1_500);
        await server.kill();
        await eventually('that the store is away', async () => {
          const { status, text } = await readiness(stack);
          if (status !== 503) return undefined;
          expect(text).toContain(`cannot ask the store at clickhouse://127.0.0.1:${server.port}/load`);
          return true;
        });
        if (round === 1) await stack.kill('engine');
        await server.start();
        await stack.restart();
        await whenReady(stack);
      }
      for (const sender of Object.values(senders)) await sender.stop();
      expect((await settled(stack)).balanced).toBe(true);
      const options = {
        url: server.url('load'),
        memoryBytes: 1024 ** 3,
        source: 'reader',
        report: () => undefined,
      };
      await expectStoredOnce(stack, senders, rounds * itemsPerRequest, options);
    } finally {
      await stack.stop();
    }
  }, 600_000);

  test('that is not there when the stack starts is waited for, and no password is shown', async () => {
    await server.kill();
    const stack = await startStack();
    try {
      const { status, text } = await readiness(stack);
      expect(status).toBe(503);
      expect(text).toMatch(/^not ready: (?:cannot ask the store at clickhouse:|the store at clickhouse:)/);
      expect(text).not.toContain('secret-of-the-store');
      const asked = await fetch(`${stack.queryUrl}/api/v1/query?query=up`);
      expect(asked.status).toBe(503);
      await sendAll(stack);
      await server.start();
      await seesAll(stack);
      expect((await settled(stack)).balanced).toBe(true);
    } finally {
      await stack.stop();
    }
  }, 180_000);
});
