/**
 * Forwarding: what it costs the intake to send every span on, as the difference between runs with and without it, in turns.
 * Of each the least counts: other work on the machine only adds to a process's CPU seconds. Sender, stack and sink share the machine;
 * the sink's cost is not counted.
 *
 *   ./maru bench forward -- [--seconds 8] [--rounds 4] [--rate 50000]
 */
import './shared/one-sentence.ts';
import { type ChildProcess, fork } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseConfig } from '@maru/server/config';
import { RunningStack } from '@maru/testkit';
import { cases, templates } from './ingest/cases.ts';
import { processCost } from './shared/process-cost.ts';
import { Sender } from './shared/sender.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '8' },
    rounds: { type: 'string', default: '4' },
    rate: { type: 'string', default: '50000' },
  },
});
const seconds = Number(values.seconds);
const rounds = Number(values.rounds);
const rate = Number(values.rate);
const load = cases.spans;
if (load === undefined) throw new Error('there is no case "spans"');
const requests = templates(load);

/** Not forwarded, or with this compression. */
const ways = ['nowhere', 'none', 'zstd', 'gzip'] as const;
type Way = (typeof ways)[number];

const sink = fork(fileURLToPath(new URL('./forward/sink.ts', import.meta.url)));
const { port } = await answerOf<{ readonly port: number }>(sink);
console.log(
  `${rate} spans/s of ${requests[0]?.bytes.length ?? 0} bytes a 500, ${rounds} rounds of ${seconds} s`,
);
const cores = new Map<Way, number[]>(ways.map((way) => [way, []]));
for (let round = 0; round < rounds; round++) {
  for (const way of ways) cores.get(way)?.push(await intakeCores(way));
}
const without = Math.min(...(cores.get('nowhere') ?? []));
for (const way of ways) {
  const runs = cores.get(way) ?? [];
  const own = Math.min(...runs);
  const difference = way === 'nowhere' ? '' : `, forwarding ${(own - without).toFixed(3)}`;
  const all = runs.map((run) => run.toFixed(3)).join(' ');
  console.log(`${way.padEnd(8)} intake ${own.toFixed(3)} of a core${difference} (runs: ${all})`);
}
sink.disconnect();

/** CPU seconds that the intake uses each second, until everything is sent on. */
async function intakeCores(way: Way): Promise<number> {
  const text =
    way === 'nowhere'
      ? ''
      : `forward: {to: {sink: {endpoint: "http://127.0.0.1:${port}", signals: [traces], compression: ${way}}}}`;
  const { forward } = parseConfig(text, 'maru.yaml');
  const stack = await RunningStack.start({ settings: forward === undefined ? {} : { forward } });
  try {
    // The first requests pay for compiling.
    await send(stack, 3);
    const before = processCost(stack.pid('intake')).cpuSeconds;
    await send(stack, seconds);
    await untilForwarded(stack);
    return (processCost(stack.pid('intake')).cpuSeconds - before) / seconds;
  } finally {
    await stack.stop();
  }
}

async function send(stack: RunningStack, forSeconds: number): Promise<void> {
  const sender = new Sender(`${stack.otlpHttpUrl}/v1/traces`, 4);
  const started = performance.now();
  let uses = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const use = uses++;
      const dueMs = (use * 500 * 1000) / rate;
      if (dueMs > forSeconds * 1000) return;
      await delay(Math.max(0, started + dueMs - performance.now()));
      const request = requests[use % requests.length]?.stamp(BigInt(Date.now()) * 1_000_000n, use);
      await sender.post(request ?? Buffer.alloc(0));
    }
  };
  await Promise.all(Array.from({ length: 4 }, worker));
  sender.close();
}

async function untilForwarded(stack: RunningStack): Promise<void> {
  for (;;) {
    const ledger = (await (await fetch(`${stack.queryUrl}/api/ledger`)).json()) as {
      readonly destinations: Readonly<Record<string, { signals: { traces?: { readonly waiting: string } } }>>;
    };
    if ((ledger.destinations.sink?.signals.traces?.waiting ?? '0') === '0') return;
    await delay(50);
  }
}

function answerOf<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve(message as T));
    child.once('exit', (code) => reject(new Error(`the sink ended with ${code}`)));
  });
}
