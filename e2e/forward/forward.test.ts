import { setTimeout as delay } from 'node:timers/promises';
import type { Signal } from '@maru/otlp';
import { parseConfig } from '@maru/server/config';
import {
  itemNumbers,
  logsRequest,
  metricsRequest,
  OtlpReceiver,
  RunningStack,
  seededRandom,
  tracesRequest,
} from '@maru/testkit';
import { startPeerPrometheus } from '@maru/testkit/queries';
import { afterEach, expect, test } from 'vitest';

// `MARU_FORWARD_KILLS` asks for more.
const kills = Number(process.env.MARU_FORWARD_KILLS ?? 8);
const itemsPerRequest = 20;

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function forwardTo(url: string, more = ''): Readonly<Record<string, unknown>> {
  const text = `forward: {to: {there: {endpoint: "${url}", batch: {wait: 20ms}, retry: {first: 20ms, longest: 200ms}, timeout: 2s${more}}}}`;
  return { forward: parseConfig(text, 'maru.yaml').forward };
}

async function startStack(settings: Readonly<Record<string, unknown>>): Promise<RunningStack> {
  const stack = await RunningStack.start({ settings });
  closing.push(() => stack.stop());
  return stack;
}

async function startReceiver(port = 0): Promise<OtlpReceiver> {
  const receiver = await OtlpReceiver.start({ port });
  closing.push(() => receiver.close());
  return receiver;
}

const generators = { traces: tracesRequest, metrics: metricsRequest, logs: logsRequest };

/** Sends until it is stopped, and remembers the numbers of what was acknowledged. */
class Load {
  readonly acknowledged: number[] = [];
  readonly #stop: AbortController = new AbortController();
  readonly #done: Promise<void>;

  constructor(stack: RunningStack, signal: Signal) {
    this.#done = this.#run(stack, signal);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(stack: RunningStack, signal: Signal): Promise<void> {
    for (let firstItem = 0; !this.#stop.signal.aborted; firstItem += itemsPerRequest) {
      if (await send(stack, signal, firstItem)) this.acknowledged.push(...numbers(firstItem));
      await delay(2);
    }
  }
}

function numbers(firstItem: number): readonly number[] {
  return Array.from({ length: itemsPerRequest }, (_, index) => firstItem + index);
}

async function send(stack: RunningStack, signal: Signal, firstItem: number): Promise<boolean> {
  try {
    const response = await fetch(`${stack.otlpHttpUrl}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf' },
      body: Uint8Array.from(generators[signal](firstItem + 1, itemsPerRequest, { firstItem })),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

interface Ledger {
  readonly balanced: boolean;
  readonly signals: Readonly<Record<Signal, { readonly waiting: string; readonly stored: string }>>;
  readonly destinations: Readonly<
    Record<string, { readonly signals: Readonly<Partial<Record<Signal, Readonly<Record<string, string>>>>> }>
  >;
}

async function ledgerOf(stack: RunningStack): Promise<Ledger> {
  return (await (await fetch(`${stack.queryUrl}/api/ledger`)).json()) as Ledger;
}

/** The ledger, once nothing waits for the store or the destination. */
async function settled(stack: RunningStack): Promise<Ledger> {
  for (;;) {
    const ledger = await ledgerOf(stack);
    const waits = Object.values(ledger.signals).some(({ waiting }) => waiting !== '0');
    const there = Object.values(ledger.destinations.there?.signals ?? {});
    if (!waits && there.every(({ waiting }) => waiting === '0')) return ledger;
    await delay(100);
  }
}

function itemsOf(receiver: OtlpReceiver, signal: Signal): ReadonlySet<number> {
  const own = receiver.accepted.filter(({ path }) => path === `/v1/${signal}`);
  return new Set(own.flatMap(({ body }) => itemNumbers(body)));
}

test(`kill -9 ${kills} times while forwarding: every acknowledged item reaches the destination`, async () => {
  const receiver = await startReceiver();
  const random = seededRandom(11);
  receiver.answer = () => ({ status: random() < 0.1 ? 503 : 200, afterMs: random() * 20 });
  const stack = await startStack(forwardTo(receiver.url));
  const loads = {
    traces: new Load(stack, 'traces'),
    metrics: new Load(stack, 'metrics'),
    logs: new Load(stack, 'logs'),
  };
  for (let round = 0; round < kills; round += 1) {
    await delay(500 + random() * 1_000);
    await stack.kill('intake');
    await stack.restart();
  }
  for (const load of Object.values(loads)) await load.stop();
  const ledger = await settled(stack);
  expect(ledger.balanced).toBe(true);
  for (const [signal, { acknowledged }] of Object.entries(loads) as [Signal, Load][]) {
    const got = itemsOf(receiver, signal);
    expect(acknowledged.length, signal).toBeGreaterThan(kills * itemsPerRequest);
    expect(
      acknowledged.filter((item) => !got.has(item)),
      `${signal} acknowledged and not forwarded`,
    ).toEqual([]);
    expect(ledger.destinations.there?.signals[signal]?.dropped, signal).toBe('0');
  }
});

test('kill -9 while forwarding by remote write: every acknowledged item is in a real Prometheus', async () => {
  const prometheus = await startPeerPrometheus();
  closing.push(() => prometheus.stop());
  const stack = await startStack(forwardTo(`${prometheus.url}/api/v1/write`, ', protocol: remote_write'));
  const load = new Load(stack, 'metrics');
  for (let round = 0; round < 4; round += 1) {
    await delay(1_500);
    await stack.kill('intake');
    await stack.restart();
  }
  await load.stop();
  const ledger = await settled(stack);
  expect(ledger.balanced).toBe(true);
  expect(ledger.destinations.there?.signals.metrics).toMatchObject({ dropped: '0', rejected: '0' });
  const answer = await fetch(`${prometheus.url}/api/v1/label/maru_test_item/values`);
  const { data } = (await answer.json()) as { readonly data: readonly string[] };
  const got = new Set(data.map(Number));
  expect(load.acknowledged.length).toBeGreaterThan(20 * itemsPerRequest);
  expect(load.acknowledged.filter((item) => !got.has(item))).toEqual([]);
});

test('a destination that goes and comes gets everything, and the store goes on', async () => {
  const first = await startReceiver();
  const { port } = first;
  const stack = await startStack(forwardTo(first.url));
  const load = new Load(stack, 'traces');
  await delay(500);
  await first.close();
  const whenGone = Number((await ledgerOf(stack)).signals.traces.stored);
  await delay(3_000);
  const second = await startReceiver(port);
  await delay(500);
  await load.stop();
  expect(Number((await settled(stack)).signals.traces.stored)).toBeGreaterThan(whenGone);
  const got = new Set([...itemsOf(first, 'traces'), ...itemsOf(second, 'traces')]);
  expect(load.acknowledged.filter((item) => !got.has(item))).toEqual([]);
});

test('every answer in turn, slow ones and none at all: each item is forwarded or set aside, and counted', async () => {
  const statuses = [400, 401, 403, 404, 413, 429, 200, 500, 502, 503, 200, 504, 501, 200];
  const receiver = await startReceiver();
  receiver.answer = (_, index) => ({
    status: statuses[index % statuses.length] ?? 200,
    afterMs: index % 5 === 0 ? 300 : 0,
    hangs: index === 17,
  });
  const stack = await startStack(forwardTo(receiver.url));
  const load = new Load(stack, 'traces');
  await delay(4_000);
  await load.stop();
  receiver.answer = () => ({ status: 200 });
  const { balanced, destinations } = await settled(stack);
  const counts = destinations.there?.signals.traces ?? {};
  expect(balanced).toBe(true);
  expect(Number(counts.offered)).toBe(load.acknowledged.length);
  expect(Number(counts.forwarded) + Number(counts.failed)).toBe(load.acknowledged.length);
  expect(Number(counts.failed)).toBeGreaterThan(0);
  expect(itemsOf(receiver, 'traces').size).toBe(Number(counts.forwarded));
});

test('another Maru is a destination like others, over HTTP and gRPC, with values of every kind', async () => {
  const far = await startStack({});
  for (const [protocol, url] of [
    ['http', far.otlpHttpUrl],
    ['grpc', far.otlpGrpcUrl],
  ]) {
    const before = Number((await ledgerOf(far)).signals.logs.stored);
    const near = await startStack(forwardTo(url ?? '', `, protocol: ${protocol}, compression: zstd`));
    for (const signal of ['traces', 'metrics', 'logs'] as const) await send(near, signal, 0);
    const { destinations } = await settled(near);
    for (const counts of Object.values(destinations.there?.signals ?? {}))
      expect(counts).toMatchObject({ forwarded: String(itemsPerRequest), failed: '0', rejected: '0' });
    expect(Number((await settled(far)).signals.logs.stored) - before).toBe(itemsPerRequest);
  }
});
