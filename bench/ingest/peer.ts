import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePorts } from '@maru/testkit';
import { processCost } from '../shared/process-cost.ts';
import { Sender } from '../shared/sender.ts';
import { type IngestCase, templates } from './cases.ts';
import { type Quantiles, quantiles, send } from './send.ts';

/** What an OpenTelemetry Collector did with the same load. CPU in seconds for each million items; memory in bytes. */
export interface PeerFigures {
  readonly acknowledgedPerSecond: number;
  readonly acknowledgementMs: Quantiles;
  readonly cpuPerMillion: number;
  readonly peakResidentBytes: number;
}

const programs = ['otelcol', 'otelcol-contrib', 'otelcol-otlp', 'otelcol-k8s'];

/** The first Collector on the path; undefined when there is none. */
export function findCollector(): string | undefined {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  return directories.flatMap((directory) => programs.map((name) => join(directory, name))).find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Sends a load to a Collector that decodes, batches and then drops it: the least that a Collector can do. It acknowledges what
 * it has in memory and keeps nothing, while Maru's acknowledgement comes after fsync and its figures hold the store.
 */
export async function runPeer(program: string, load: IngestCase, seconds: number): Promise<PeerFigures> {
  const directory = mkdtempSync(join(tmpdir(), 'maru-bench-peer-'));
  const [port = 0] = await freePorts(1);
  const configuration = join(directory, 'config.yaml');
  writeFileSync(configuration, collectorConfiguration(port));
  const collector = spawn(program, ['--config', configuration], { stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await answers(collector, port);
    return await measure(collector, port, load, seconds);
  } finally {
    await ended(collector);
    rmSync(directory, { recursive: true, force: true });
  }
}

function collectorConfiguration(port: number): string {
  const pipeline = '{receivers: [otlp], processors: [batch], exporters: [nop]}';
  return [
    `receivers: {otlp: {protocols: {http: {endpoint: "127.0.0.1:${port}"}}}}`,
    'processors: {batch: {}}',
    'exporters: {nop: {}}',
    'service:',
    '  telemetry: {metrics: {level: none}, logs: {level: error}}',
    `  pipelines: {traces: ${pipeline}, metrics: ${pipeline}, logs: ${pipeline}}`,
  ].join('\n');
}

const startDeadlineMs = 15_000;

/** Resolves when the Collector listens. Throws what it said when it ends instead. */
async function answers(collector: ChildProcess, port: number): Promise<void> {
  let said = '';
  collector.stderr?.on('data', (chunk: Uint8Array) => {
    said = `${said}${Buffer.from(chunk).toString('utf8')}`.slice(-2000);
  });
  const deadline = performance.now() + startDeadlineMs;
  while (performance.now() < deadline && collector.exitCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/traces`).catch(() => undefined);
    if (answer !== undefined) return;
    await delay(50);
  }
  throw new Error(`the Collector ${collector.spawnfile} did not start: ${said || 'it said nothing'}`);
}

async function measure(
  collector: ChildProcess,
  port: number,
  load: IngestCase,
  seconds: number,
): Promise<PeerFigures> {
  const pid = collector.pid ?? 0;
  const requests = templates(load);
  const sender = new Sender(`http://127.0.0.1:${port}/v1/${load.signal}`, load.connections);
  const before = processCost(pid).cpuSeconds;
  let peakResidentBytes = 0;
  const peak = setInterval(() => {
    peakResidentBytes = Math.max(peakResidentBytes, processCost(pid).residentBytes);
  }, 200);
  const started = performance.now();
  try {
    const acknowledgements = await send(sender, load, started + seconds * 1000, requests);
    const sendingSeconds = (performance.now() - started) / 1000;
    const items = acknowledgements.at(-1)?.items ?? 0;
    return {
      acknowledgedPerSecond: items / sendingSeconds,
      acknowledgementMs: quantiles(acknowledgements.map(({ afterMs }) => afterMs)),
      cpuPerMillion: ((processCost(pid).cpuSeconds - before) / items) * 1e6,
      peakResidentBytes,
    };
  } finally {
    clearInterval(peak);
    sender.close();
  }
}

async function ended(collector: ChildProcess): Promise<void> {
  if (collector.exitCode !== null || collector.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => collector.once('exit', () => resolve()));
  collector.kill('SIGKILL');
  await gone;
}
