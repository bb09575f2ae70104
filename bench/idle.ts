/**
 * Idle: how soon `./maru serve` is ready on existing data, and what it costs while nobody sends or asks.
 * Starts it as it is run in production, its own telemetry on, and looks at the intake and the engine process.
 *
 *   ./maru bench idle -- [--data DIR] [--seconds 60] [--settle 30]
 *
 * Without `--data` a directory is filled with 50,000 spans first.
 */
import './shared/one-sentence.ts';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { freePorts, RunningStack, tracesRequest } from '@maru/testkit';
import { type ProcessCost, processCost } from './shared/process-cost.ts';
import { Sender } from './shared/sender.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    settle: { type: 'string', default: '30' },
  },
});

const maru: string = fileURLToPath(new URL('../maru', import.meta.url));
const dataDir = values.data ?? mkdtempSync(join(tmpdir(), 'maru-idle-'));
try {
  if (values.data === undefined) await fill(dataDir);
  await measure();
} finally {
  if (values.data === undefined) rmSync(dataDir, { recursive: true, force: true });
}

async function fill(directory: string): Promise<void> {
  const stack = await RunningStack.start({ dataDir: directory });
  const sender = new Sender(`${stack.otlpHttpUrl}/v1/traces`, 1);
  for (let seed = 0; seed < 100; seed += 1) await sender.post(tracesRequest(seed, 500));
  sender.close();
  await stack.stopProcesses();
}

async function measure(): Promise<void> {
  const [httpPort = 0, otlpHttpPort = 0, otlpGrpcPort = 0] = await freePorts(3);
  const ports = [
    '--port-console',
    httpPort,
    '--port-otlp-http',
    otlpHttpPort,
    '--port-otlp-grpc',
    otlpGrpcPort,
  ];
  const started = performance.now();
  const serve = spawn(maru, ['serve', '--data', dataDir, ...ports.map(String)], { stdio: 'ignore' });
  try {
    await ready(`http://127.0.0.1:${httpPort}/ready`);
    line('ready after', `${(performance.now() - started).toFixed(0)} ms`);
    await delay(Number(values.settle) * 1000);
    report(await rest(childrenOf(serve), Number(values.seconds)));
  } finally {
    await end(serve);
  }
}

async function ready(url: string): Promise<void> {
  for (;;) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    await delay(5);
  }
}

interface Rest {
  readonly seconds: number;
  readonly parts: Readonly<Record<string, { readonly before: ProcessCost; readonly after: ProcessCost }>>;
}

async function rest(parts: ReadonlyMap<string, number>, seconds: number): Promise<Rest> {
  const costs = (): ReadonlyMap<string, ProcessCost> =>
    new Map([...parts].map(([name, pid]) => [name, processCost(pid)]));
  const before = costs();
  const started = performance.now();
  await delay(seconds * 1000);
  const pairs = [...costs()].map(([name, after]) => [name, { before: before.get(name) ?? after, after }]);
  return { seconds: (performance.now() - started) / 1000, parts: Object.fromEntries(pairs) };
}

function report({ seconds, parts }: Rest): void {
  const rows = Object.entries(parts).map(([name, { before, after }]) => ({
    name,
    mebibytes: after.residentBytes / 1024 / 1024,
    percent: (100 * (after.cpuSeconds - before.cpuSeconds)) / seconds,
  }));
  const stack = rows.filter(({ name }) => name !== 'parent');
  const sum = (of: (row: (typeof rows)[number]) => number): number =>
    stack.reduce((total, row) => total + of(row), 0);
  for (const { name, mebibytes, percent } of rows)
    line(name, `${mebibytes.toFixed(0)} MiB, ${percent.toFixed(1)} % of a core`);
  const [mebibytes, percent] = [sum((row) => row.mebibytes), sum((row) => row.percent)];
  line(
    'intake and engine',
    `${mebibytes.toFixed(0)} MiB, ${percent.toFixed(1)} % of a core over ${seconds.toFixed(0)} s`,
  );
}

/** The process numbers of `serve` and of the parts it has started, found by their command lines or titles. */
function childrenOf(serve: ChildProcess): ReadonlyMap<string, number> {
  const found = new Map<string, number>([['parent', serve.pid ?? 0]]);
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const part = /(?:server\/src\/|maru-)(intake|engine)/.exec(read(`/proc/${name}/cmdline`))?.[1];
    if (part !== undefined && read(`/proc/${name}/stat`).includes(`) S ${serve.pid} `))
      found.set(part, Number(name));
  }
  if (found.size < 3) throw new Error(`of the stack only ${[...found.keys()].join(', ')} was found in /proc`);
  return found;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

async function end(serve: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => serve.once('exit', resolve));
  serve.kill('SIGTERM');
  await gone;
}

function line(name: string, value: string): void {
  console.log(`${name.padEnd(20)} ${value}`);
}
