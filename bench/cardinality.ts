/**
 * Cardinality: what it takes to ingest a million active series, and to ask for a few of them.
 *
 *   ./maru bench cardinality -- [--series 1000000] [--metrics 20] [--rounds 3]
 *
 * Starts a stack of its own, sends one sample of every series a round, asks, and then sends a twentieth more series than
 * may be active, which must be rejected and accounted for.
 */
import './shared/one-sentence.ts';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type ManySeries, manySeriesRequests, RunningStack } from '@maru/testkit';
import { ask, questions } from './cardinality/questions.ts';
import { processCost } from './shared/process-cost.ts';
import { Sender } from './shared/sender.ts';

const { values } = parseArgs({
  options: {
    series: { type: 'string', default: '1000000' },
    metrics: { type: 'string', default: '20' },
    rounds: { type: 'string', default: '3' },
  },
});
const series: ManySeries = { count: Number(values.series), metrics: Number(values.metrics) };
const parts = ['intake', 'engine'] as const;

const stack = await RunningStack.start({ settings: { maxActiveSeries: series.count } });
const sender = new Sender(`${stack.otlpHttpUrl}/v1/metrics`, 4);
try {
  for (let round = 1; round <= Number(values.rounds); round += 1) await ingest(round);
  for (const question of questions(series.metrics, Math.ceil(series.count / series.metrics))) {
    const first = await measured(() => ask(stack.queryUrl, question));
    const again = await measured(() => ask(stack.queryUrl, question));
    console.log(`${question.name.padEnd(60)} ${first}, again ${again}, goal ${question.goalMs} ms`);
  }
  await exceed(Math.ceil(series.count / 20));
} finally {
  sender.close();
  await stack.stop();
}

async function ingest(round: number): Promise<void> {
  const used = await measured(async () => {
    await sendAll(manySeriesRequests(series, BigInt(Date.now()) * 1_000_000n));
    await untilStored(round * series.count);
  });
  const resident = parts.map((part) => `${part} ${mebibytes(processCost(stack.pid(part)).residentBytes)}`);
  const name = `round ${round}: ${series.count.toLocaleString('en')} series, a sample each`;
  console.log(`${name.padEnd(60)} ${used}, resident ${resident.join(', ')}`);
}

/** As many requests are under way as there are connections. */
async function sendAll(requests: Iterable<Uint8Array>): Promise<void> {
  const waiting = new Set<Promise<unknown>>();
  for (const request of requests) {
    const sent: Promise<unknown> = sender.post(request).finally(() => waiting.delete(sent));
    waiting.add(sent);
    if (waiting.size >= 4) await Promise.race(waiting);
  }
  await Promise.all(waiting);
}

/** Series beyond the limit: how many points were rejected, and what the ledger calls them. */
async function exceed(more: number): Promise<void> {
  const beyond = {
    count: series.count + Math.ceil(series.count / series.metrics),
    metrics: series.metrics + 1,
  };
  const fresh = manySeriesRequests(
    beyond,
    BigInt(Date.now()) * 1_000_000n,
    series.count,
    series.count + more,
  );
  await sendAll(fresh);
  const { signals, rejections, balanced } = await ledger();
  const reasons = new Set(rejections.map(({ reason }) => reason));
  console.log(
    `${more.toLocaleString('en')} more series than may be active: ${signals.metrics.rejected} points rejected as ${[...reasons].join(', ')}; the ledger is ${balanced ? '' : 'not '}balanced`,
  );
}

interface Ledger {
  readonly signals: { readonly metrics: { readonly stored: string; readonly rejected: string } };
  readonly rejections: readonly { readonly reason: string }[];
  readonly balanced: boolean;
}

async function ledger(): Promise<Ledger> {
  return (await (await fetch(`${stack.queryUrl}/api/ledger`)).json()) as Ledger;
}

async function untilStored(count: number): Promise<void> {
  while (Number((await ledger()).signals.metrics.stored) < count) await delay(100);
}

async function measured(use: () => Promise<void>): Promise<string> {
  const cpu = (): number[] => parts.map((part) => processCost(stack.pid(part)).cpuSeconds);
  const [before, began] = [cpu(), performance.now()];
  await use();
  const milliseconds = performance.now() - began;
  const used = cpu().map(
    (seconds, index) => `${parts[index]} ${(seconds - (before[index] ?? 0)).toFixed(2)}`,
  );
  return `${milliseconds.toFixed(0)} ms (CPU seconds: ${used.join(', ')})`;
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(0)} MiB`;
}
