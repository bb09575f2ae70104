import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, sql } from '@maru/store';
import { RunningStack } from '@maru/testkit';
import { processCost } from '../shared/process-cost.ts';
import { residentOnce } from '../shared/resident-once.ts';
import { Sender } from '../shared/sender.ts';
import { type IngestCase, templates } from './cases.ts';
import { type Acknowledgement, type Quantiles, quantiles, send } from './send.ts';

/** What one run found. CPU in seconds for each million items, of the stack's two processes; memory in bytes. */
export interface IngestFigures {
  readonly items: number;
  readonly bytesPerItem: number;
  readonly acknowledgedPerSecond: number;
  readonly storedPerSecond: number;
  readonly acknowledgementMs: Quantiles;
  readonly visibleMs: Quantiles;
  readonly cpuWhenStored: Cpu;
  /** With the merges that follow. */
  readonly cpuInAll: Cpu;
  /** Pages of programs that both map count once. */
  readonly peakResidentBytes: number;
  readonly bytesOnDiskPerItem: number;
}

export interface Cpu {
  readonly intake: number;
  readonly engine: number;
}

/** Starts a stack, sends for so many seconds, waits until all is stored and the engine has merged, and ends it. */
export async function runIngest(load: IngestCase, seconds: number): Promise<IngestFigures> {
  const stack = await RunningStack.start();
  try {
    return await measure(stack, load, seconds);
  } finally {
    await stack.stop();
  }
}

async function measure(stack: RunningStack, load: IngestCase, seconds: number): Promise<IngestFigures> {
  const requests = templates(load);
  const before = cpuSeconds(stack);
  const sender = new Sender(`${stack.otlpHttpUrl}/v1/${load.signal}`, load.connections);
  const peak = watchPeak(stack);
  const stored = watchStored(stack, load);
  const started = performance.now();
  const acknowledgements = await send(sender, load, started + seconds * 1000, requests);
  const sendingSeconds = (performance.now() - started) / 1000;
  const items = acknowledgements.at(-1)?.items ?? 0;
  const visible = await stored(items);
  const storedSeconds = ((visible.at(-1)?.atMs ?? 0) - started) / 1000;
  const whenStored = cpuSeconds(stack);
  sender.close();
  await atRest(stack);
  const perMillion = (used: Cpu): Cpu => ({
    intake: ((used.intake - before.intake) / items) * 1e6,
    engine: ((used.engine - before.engine) / items) * 1e6,
  });
  return {
    items,
    bytesPerItem: (requests[0]?.bytes.length ?? 0) / load.itemsPerRequest,
    acknowledgedPerSecond: items / sendingSeconds,
    storedPerSecond: items / storedSeconds,
    acknowledgementMs: quantiles(acknowledgements.map(({ afterMs }) => afterMs)),
    visibleMs: quantiles(visibleDelays(acknowledgements, visible)),
    cpuWhenStored: perMillion(whenStored),
    cpuInAll: perMillion(cpuSeconds(stack)),
    peakResidentBytes: peak(),
    bytesOnDiskPerItem: (await bytesOnDisk(stack)) / items,
  };
}

interface StoredCount {
  readonly atMs: number;
  readonly items: number;
}

const storedIntervalMs = 50;

/** Follows the ledger's count of stored items; the function returned resolves once so many are stored. */
function watchStored(stack: RunningStack, { signal }: IngestCase): (items: number) => Promise<StoredCount[]> {
  const counts: StoredCount[] = [];
  let wanted = Number.POSITIVE_INFINITY;
  const follow = async (): Promise<StoredCount[]> => {
    while ((counts.at(-1)?.items ?? 0) < wanted) {
      const ledger = (await (await fetch(`${stack.queryUrl}/api/ledger`)).json()) as {
        readonly signals: Readonly<Record<string, { readonly stored: string }>>;
      };
      counts.push({ atMs: performance.now(), items: Number(ledger.signals[signal]?.stored) });
      await delay(storedIntervalMs);
    }
    return counts;
  };
  const following = follow();
  return (items) => {
    wanted = items;
    return following;
  };
}

/** The journal is loaded in order: a request is visible once as many items are stored as were acknowledged with it. */
function visibleDelays(
  acknowledgements: readonly Acknowledgement[],
  counts: readonly StoredCount[],
): number[] {
  let index = 0;
  return acknowledgements.map(({ items, atMs }) => {
    while ((counts[index]?.items ?? Number.POSITIVE_INFINITY) < items) index += 1;
    return Math.max(0, (counts[index]?.atMs ?? Number.NaN) - atMs);
  });
}

/** Resolves when the engine has nothing left to merge: it uses less than a tenth of a core for two seconds. */
async function atRest(stack: RunningStack): Promise<void> {
  for (let quiet = 0; quiet < 2; ) {
    const before = cpuSeconds(stack).engine;
    await delay(1000);
    quiet = cpuSeconds(stack).engine - before < 0.1 ? quiet + 1 : 0;
  }
}

function cpuSeconds(stack: RunningStack): Cpu {
  return {
    intake: processCost(stack.pid('intake')).cpuSeconds,
    engine: processCost(stack.pid('engine')).cpuSeconds,
  };
}

function watchPeak(stack: RunningStack): () => number {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, residentOnce([stack.pid('intake'), stack.pid('engine')]));
  };
  const timer = setInterval(look, 250);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** What the engine's tables take when the parts that were merged away are not counted. Ends the stack to look. */
async function bytesOnDisk(stack: RunningStack): Promise<number> {
  await stack.stopProcesses();
  const store = openStore({ directory: join(stack.dataDir, 'engine'), memoryBytes: 512 * 1024 * 1024 });
  try {
    const [row] = await store.reader.rows<{ readonly bytes: string }>(
      sql`SELECT toString(sum(bytes_on_disk)) AS bytes FROM system.parts WHERE active AND database = currentDatabase()`,
    );
    return Number(row?.bytes);
  } finally {
    await store.close();
  }
}
