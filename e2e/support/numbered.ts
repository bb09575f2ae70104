import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Signal } from '@maru/otlp';
import { type Columns, openStore, type Sql, type Store, type StoreOptions, sql } from '@maru/store';
import { itemAttribute, logsRequest, metricsRequest, type RunningStack, tracesRequest } from '@maru/testkit';
import { expect } from 'vitest';

export const itemsPerRequest = 50;

const generators = { traces: tracesRequest, metrics: metricsRequest, logs: logsRequest };

/** Sends one signal without a pause and remembers what was acknowledged. Numbers are never used twice. */
export class NumberedSender {
  readonly acknowledged: number[] = [];
  /** How often each status was answered; 0 is a request without an answer. */
  readonly statuses: Map<number, number> = new Map();
  readonly #url: string;
  readonly #signal: Signal;
  readonly #stop: AbortController = new AbortController();
  readonly #done: Promise<void>;
  #next = 0;

  constructor(stack: RunningStack, signal: Signal) {
    this.#url = `${stack.otlpHttpUrl}/v1/${signal}`;
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
      const status = await this.#send(firstItem);
      this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
      if (status === 200) this.#remember(firstItem);
      else await delay(20);
    }
  }

  /** A request that a kill cut off counts as not acknowledged; it may be stored or not, but not twice. */
  async #send(firstItem: number): Promise<number> {
    const body = generators[this.#signal](firstItem + 1, itemsPerRequest, { firstItem, service: 'numbered' });
    try {
      const headers = { 'content-type': 'application/x-protobuf' };
      const response = await fetch(this.#url, { method: 'POST', headers, body });
      await response.arrayBuffer();
      return response.status;
    } catch {
      return 0;
    }
  }

  #remember(firstItem: number): void {
    for (let item = firstItem; item < firstItem + itemsPerRequest; item += 1) this.acknowledged.push(item);
  }
}

/** One sender for each signal. */
export function numberedSenders(stack: RunningStack): Readonly<Record<Signal, NumberedSender>> {
  return {
    traces: new NumberedSender(stack, 'traces'),
    metrics: new NumberedSender(stack, 'metrics'),
    logs: new NumberedSender(stack, 'logs'),
  };
}

interface Ledger {
  readonly balanced: boolean;
  readonly signals: Readonly<Record<Signal, { readonly waiting: string; readonly dead: string }>>;
}

const settleDeadlineMs = 400_000;

/** The ledger, once nothing waits to be loaded. */
export async function settled(stack: RunningStack): Promise<Ledger> {
  const end = performance.now() + settleDeadlineMs;
  while (performance.now() < end) {
    const response = await fetch(`${stack.queryUrl}/api/ledger`).catch(() => undefined);
    const ledger = response?.ok === true ? ((await response.json()) as Ledger) : undefined;
    if (ledger !== undefined && Object.values(ledger.signals).every(({ waiting }) => waiting === '0'))
      return ledger;
    await delay(100);
  }
  throw new Error(`items still wait to be loaded after ${settleDeadlineMs / 1000} s`);
}

/** Ends the stack's processes and looks into the store: into the engine's own files, unless told where else it is. */
export async function expectStoredOnce(
  stack: RunningStack,
  senders: Readonly<Record<Signal, NumberedSender>>,
  leastAcknowledged: number,
  options: StoreOptions = { directory: join(stack.dataDir, 'engine'), memoryBytes: 1024 ** 3 },
): Promise<void> {
  await stack.stopProcesses();
  const stored = await readStored(options);
  for (const [signal, { acknowledged }] of Object.entries(senders)) {
    expect(acknowledged.length, `${signal} acknowledged`).toBeGreaterThan(leastAcknowledged);
    const items = stored[signal as Signal];
    const distinct = new Set(items);
    const lost = acknowledged.filter((item) => !distinct.has(item));
    expect(lost, `${signal} acknowledged and lost`).toEqual([]);
    expect(items.length - distinct.size, `${signal} stored twice`).toBe(0);
  }
}

/** A server is made ready in the background. */
async function usable(store: Store): Promise<void> {
  const end = performance.now() + settleDeadlineMs;
  while (!store.health().ready && performance.now() < end) await delay(20);
}

/** The number that every stored row carries. */
async function readStored(options: StoreOptions): Promise<Readonly<Record<Signal, readonly number[]>>> {
  const store = openStore(options);
  const items = async (query: Sql): Promise<readonly number[]> => {
    const column = (await store.reader.columns(query)).column('item');
    return column.kind === 'int' ? Array.from(column.values, Number) : [];
  };
  try {
    await usable(store);
    return {
      traces: await items(sql`SELECT attributes_int[${itemAttribute}] AS item FROM spans`),
      logs: await items(sql`SELECT attributes_int[${itemAttribute}] AS item FROM logs`),
      metrics: await samplesByItem(store),
    };
  } finally {
    await store.close();
  }
}

/** How many samples lie packed in the engine's own files; the stack's processes must have ended. */
export async function packedSamples({ dataDir }: RunningStack): Promise<number> {
  const store = openStore({ directory: join(dataDir, 'engine'), memoryBytes: 1024 ** 3 });
  try {
    const [row] = await store.reader.rows<{ count: string }>(
      sql`SELECT sum(sample_count) AS count FROM number_chunks`,
    );
    return Number(row?.count);
  } finally {
    await store.close();
  }
}

/**
 * The number of each stored sample's series, of samples in rows and in chunks. Those that were on their way from the one to
 * the other when the process ended lie in both, as they may, until the next one goes on with it; so that is done first.
 */
async function samplesByItem({ reader, chunks }: Store): Promise<readonly number[]> {
  await chunks?.finish();
  const itemOf = new Map<bigint, number>();
  const take = (block: Columns): void => {
    const [ids, items] = block.rowCount === 0 ? [] : [block.column('series_id'), block.column('item')];
    if (ids?.kind !== 'uint' || items?.kind !== 'int') return;
    for (const [row, id] of ids.values.entries()) itemOf.set(id, Number(items.values[row]));
  };
  await reader.eachBlock(
    sql`SELECT series_id, any(attributes_int[${itemAttribute}]) AS item FROM metric_series GROUP BY series_id`,
    take,
  );
  const all = { selection: sql`true`, afterMs: 0, untilMs: Number.POSITIVE_INFINITY, withStarts: false };
  const found: number[] = [];
  for (const batch of (await reader.numbers(all)).batches()) {
    for (const { seriesId, times } of batch)
      for (const _ of times) found.push(itemOf.get(seriesId) ?? Number.NaN);
  }
  return found;
}
