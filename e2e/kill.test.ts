import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Signal } from '@maru/otlp';
import { openStore, type Sql, sql } from '@maru/store';
import {
  itemAttribute,
  logsRequest,
  metricsRequest,
  RunningStack,
  seededRandom,
  tracesRequest,
} from '@maru/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

// `MARU_KILLS` asks for more.
const kills = Number(process.env.MARU_KILLS ?? 20);
const itemsPerRequest = 50;

let stack: RunningStack;

beforeAll(async () => {
  stack = await RunningStack.start();
});

afterAll(async () => {
  await stack.stop();
});

const generators = { traces: tracesRequest, metrics: metricsRequest, logs: logsRequest };

/** Sends one signal without a pause and remembers what was acknowledged. Numbers are never used twice. */
class NumberedSender {
  readonly acknowledged: number[] = [];
  readonly #signal: Signal;
  readonly #stop: AbortController = new AbortController();
  readonly #done: Promise<void>;
  #next = 0;

  constructor(signal: Signal) {
    this.#signal = signal;
    this.#done = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const firstItem = this.#next;
      this.#next += itemsPerRequest;
      if (await this.#send(firstItem)) this.#remember(firstItem);
      else await delay(20);
    }
  }

  /** A request that a kill cut off counts as not acknowledged; it may be stored or not, but not twice. */
  async #send(firstItem: number): Promise<boolean> {
    const body = generators[this.#signal](firstItem + 1, itemsPerRequest, { firstItem, service: 'numbered' });
    try {
      const headers = { 'content-type': 'application/x-protobuf' };
      const response = await fetch(`${stack.otlpHttpUrl}/v1/${this.#signal}`, {
        method: 'POST',
        headers,
        body,
      });
      await response.arrayBuffer();
      return response.status === 200;
    } catch {
      return false;
    }
  }

  #remember(firstItem: number): void {
    for (let item = firstItem; item < firstItem + itemsPerRequest; item += 1) this.acknowledged.push(item);
  }
}

/** Which processes die in each round: each alone, and both, in turn. */
const victims = [['intake'], ['engine'], ['intake', 'engine']] as const;

test(`kill -9 ${kills} times under load: every acknowledged item is stored exactly once`, async () => {
  const senders = {
    traces: new NumberedSender('traces'),
    metrics: new NumberedSender('metrics'),
    logs: new NumberedSender('logs'),
  };
  const random = seededRandom(20);
  for (let round = 0; round < kills; round += 1) {
    await delay(150 + random() * 850);
    await Promise.all((victims[round % victims.length] ?? []).map((part) => stack.kill(part)));
    await stack.restart();
  }
  for (const sender of Object.values(senders)) await sender.stop();
  const ledger = await settled();
  expect(ledger.balanced).toBe(true);
  await stack.stopProcesses();
  const stored = await readStored();
  for (const [signal, { acknowledged }] of Object.entries(senders)) {
    expectExactlyOnce(signal, acknowledged, stored[signal as Signal]);
  }
});

function expectExactlyOnce(signal: string, acknowledged: readonly number[], stored: readonly number[]): void {
  const distinct = new Set(stored);
  expect(acknowledged.length, `${signal} acknowledged`).toBeGreaterThan(kills * itemsPerRequest);
  expect(
    acknowledged.filter((item) => !distinct.has(item)),
    `${signal} acknowledged and lost`,
  ).toEqual([]);
  expect(stored.length - distinct.size, `${signal} stored twice`).toBe(0);
}

/** The number that every stored row carries, read from the engine's own files once the stack is down. */
async function readStored(): Promise<Readonly<Record<Signal, readonly number[]>>> {
  const store = openStore({ directory: join(stack.dataDir, 'engine'), memoryBytes: 1024 ** 3 });
  const items = async (query: Sql): Promise<readonly number[]> => {
    const column = (await store.reader.columns(query)).column('item');
    return column.kind === 'int' ? Array.from(column.values, Number) : [];
  };
  try {
    return {
      traces: await items(sql`SELECT attributes_int[${itemAttribute}] AS item FROM spans`),
      logs: await items(sql`SELECT attributes_int[${itemAttribute}] AS item FROM logs`),
      metrics: await items(sql`
        SELECT series.item AS item FROM number_points AS point
        INNER JOIN (SELECT series_id, any(attributes_int[${itemAttribute}]) AS item FROM metric_series GROUP BY series_id) AS series
        ON point.series_id = series.series_id`),
    };
  } finally {
    await store.close();
  }
}

interface Ledger {
  readonly balanced: boolean;
  readonly signals: Readonly<Record<Signal, { readonly waiting: string }>>;
}

/** The ledger, once nothing waits to be loaded. */
async function settled(): Promise<Ledger> {
  for (;;) {
    const ledger = (await (await fetch(`${stack.queryUrl}/api/ledger`)).json()) as Ledger;
    if (Object.values(ledger.signals).every(({ waiting }) => waiting === '0')) return ledger;
    await delay(100);
  }
}
