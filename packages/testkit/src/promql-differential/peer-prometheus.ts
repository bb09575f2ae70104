import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { concat, doubleField, lengthDelimited, stringField, varintField } from '@maru/otlp';
import type { Point, SeriesLine } from '../promqltest/notation.ts';
import { staleMarker } from '../remote-write/samples.ts';
import { snap } from '../remote-write/snap.ts';

/** A real Prometheus in a directory of its own, with nothing to scrape. */
export interface PeerPrometheus {
  readonly url: string;
  /** Hands it series by remote write. */
  write(series: readonly SeriesLine[], pointMs: number): Promise<void>;
  stop(): Promise<void>;
}

/** The version of the `prometheus` on the PATH; `undefined` when there is none. */
export function peerVersion(): string | undefined {
  const { stdout, stderr } = spawnSync('prometheus', ['--version'], { encoding: 'utf8' });
  return /version (\S+)/.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1];
}

/** Starts the `prometheus` on the PATH. Throws when it is not ready within 30 s. */
export async function startPeerPrometheus(): Promise<PeerPrometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'maru-peer-'));
  writeFileSync(join(directory, 'prometheus.yml'), '');
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--web.enable-remote-write-receiver',
    ],
    { stdio: 'ignore' },
  );
  const url = `http://${address}`;
  const stop = async (): Promise<void> => {
    await ended(child);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await untilReady(url);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, write: (series, pointMs) => write(url, series, pointMs), stop };
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.pid === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGKILL');
  });
}

async function untilReady(url: string): Promise<void> {
  const end = performance.now() + 30_000;
  while (performance.now() < end) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) return;
    await delay(50);
  }
  throw new Error(`prometheus at ${url} was not ready within 30 s`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

async function write(url: string, series: readonly SeriesLine[], pointMs: number): Promise<void> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf', 'content-encoding': 'snappy' },
    body: snap(concat(...series.map((one) => timeSeries(one, pointMs)))),
  });
  if (!response.ok) throw new Error(`prometheus refused series: ${response.status} ${await response.text()}`);
}

function timeSeries({ labels, points }: SeriesLine, pointMs: number): Uint8Array {
  const pairs = [...labels].map(([name, value]) =>
    lengthDelimited(1, stringField(1, name), stringField(2, value)),
  );
  const samples = points.flatMap((point, index) => {
    const value = sampleValue(point);
    return value === undefined ? [] : [lengthDelimited(2, value, varintField(2, index * pointMs))];
  });
  return lengthDelimited(1, ...pairs, ...samples);
}

function sampleValue(point: Point): Uint8Array | undefined {
  if (point === 'stale') return staleMarker;
  return typeof point === 'number' ? doubleField(1, point) : undefined;
}
