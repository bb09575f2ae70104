/**
 * Ingest: spans per second acknowledged after fsync and queryable, CPU and memory of the stack, bytes a span on disk.
 * Starts a stack of its own; the sender shares the machine with it.
 *
 *   ./maru bench ingest -- [--seconds 20] [--spans 500] [--connections 4] [--rate SPANS_PER_SECOND]
 */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { RunningStack, tracesRequest } from '@maru/testkit';
import { processCost } from './shared/process-cost.ts';
import { Sender } from './shared/sender.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '20' },
    spans: { type: 'string', default: '500' },
    connections: { type: 'string', default: '4' },
    rate: { type: 'string', default: '0' },
  },
});
const seconds = Number(values.seconds);
const spansPerRequest = Number(values.spans);
const connections = Number(values.connections);
const rate = Number(values.rate);

const stack = await RunningStack.start();
try {
  await measure();
} finally {
  await stack.stop();
}

async function measure(): Promise<void> {
  const requests = Array.from({ length: 64 }, (_, seed) => tracesRequest(seed, spansPerRequest));
  const bytesPerSpan = requests.reduce((sum, { length }) => sum + length, 0) / (64 * spansPerRequest);
  const idle = costs();
  const sender = new Sender(`${stack.otlpHttpUrl}/v1/traces`, connections);
  const peak = watchPeak();
  const started = performance.now();
  const acknowledgements = await send(sender, requests, started + seconds * 1000);
  const sendingSeconds = (performance.now() - started) / 1000;
  const spans = acknowledgements.length * spansPerRequest;
  await stored(spans);
  const storedSeconds = (performance.now() - started) / 1000;
  const peakBytes = peak();
  sender.close();
  const used = costs();
  await delay(3_000);
  const line = (name: string, value: string): void => console.log(`${name.padEnd(34)} ${value}`);
  line('request', `${spansPerRequest} spans of ${bytesPerSpan.toFixed(0)} bytes, ${connections} connections`);
  line('acknowledged', `${perSecond(spans, sendingSeconds)} spans/s over ${sendingSeconds.toFixed(1)} s`);
  line(
    'stored and queryable',
    `${perSecond(spans, storedSeconds)} spans/s; the last ${((storedSeconds - sendingSeconds) * 1000).toFixed(0)} ms after its acknowledgement`,
  );
  line(
    'acknowledgement p50 / p99',
    `${quantile(acknowledgements, 0.5)} / ${quantile(acknowledgements, 0.99)} ms`,
  );
  for (const part of ['intake', 'engine'] as const) {
    const cpu = (used[part].cpuSeconds - idle[part].cpuSeconds) / (spans / 1e6);
    line(`CPU of ${part}`, `${cpu.toFixed(1)} s per million spans`);
  }
  line('resident at its peak', `${mebibytes(peakBytes)} MiB, both processes`);
  line('on disk', `${(folderBytes(join(stack.dataDir, 'engine', 'store')) / spans).toFixed(1)} bytes/span`);
}

async function send(sender: Sender, requests: readonly Uint8Array[], end: number): Promise<number[]> {
  const acknowledgements: number[] = [];
  const started = performance.now();
  let sent = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() < end) {
      const index = sent;
      sent += 1;
      if (rate > 0)
        await delay(Math.max(0, started + (index * spansPerRequest * 1000) / rate - performance.now()));
      acknowledgements.push(await sender.post(requests[index % requests.length] ?? new Uint8Array()));
    }
  };
  await Promise.all(Array.from({ length: connections }, worker));
  return acknowledgements;
}

async function stored(spans: number): Promise<void> {
  for (;;) {
    const ledger = (await (await fetch(`${stack.queryUrl}/api/ledger`)).json()) as {
      readonly signals: { readonly traces: { readonly stored: string } };
    };
    if (Number(ledger.signals.traces.stored) >= spans) return;
    await delay(20);
  }
}

function costs(): Readonly<Record<'intake' | 'engine', ReturnType<typeof processCost>>> {
  return { intake: processCost(stack.pid('intake')), engine: processCost(stack.pid('engine')) };
}

function watchPeak(): () => number {
  let peak = 0;
  const timer = setInterval(() => {
    const { intake, engine } = costs();
    peak = Math.max(peak, intake.residentBytes + engine.residentBytes);
  }, 200);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

function quantile(values: number[], q: number): string {
  const sorted = values.toSorted((left, right) => left - right);
  return (sorted[Math.floor(q * (sorted.length - 1))] ?? Number.NaN).toFixed(1);
}

function perSecond(count: number, overSeconds: number): string {
  return Math.round(count / overSeconds).toLocaleString('en-US');
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(0);
}

function folderBytes(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
