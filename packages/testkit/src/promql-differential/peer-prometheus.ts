import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { concat, doubleField, lengthDelimited, snap, stringField, varintField } from '@maru/otlp';
import type { Point, SeriesLine } from '@maru/promql';
import { staleMarker } from '../remote-write/samples.ts';
import { writeRequest2 } from '../remote-write/write-request.ts';
import { type PeerProcess, startPeer } from '../stack/peer-process.ts';

/** A real Prometheus, with nothing to scrape unless told so. */
export interface PeerPrometheus extends PeerProcess {
  /** Whether it is a Prometheus 3 or later. */
  readonly isModern: boolean;
  /** Hands it series by remote write. */
  write(series: readonly SeriesLine[], pointMs: number): Promise<void>;
}

/** The program: the one that `PROMETHEUS` names, or `prometheus` on the PATH. */
function program(): string {
  return process.env.PROMETHEUS ?? 'prometheus';
}

/** The version of that program; `undefined` when there is none. */
export function peerVersion(): string | undefined {
  const { stdout, stderr } = spawnSync(program(), ['--version'], { encoding: 'utf8' });
  return /version (\S+)/.exec(`${stdout ?? ''}${stderr ?? ''}`)?.[1];
}

/**
 * Starts that program. Throws when it is not ready within 30 s.
 *
 * @param config its configuration file
 * @param features what `--enable-feature` switches on
 */
export async function startPeerPrometheus(
  config = '',
  features: readonly string[] = [],
): Promise<PeerPrometheus> {
  const isModern = Number.parseInt(peerVersion() ?? '', 10) >= 3;
  const peer = await startPeer({
    program: program(),
    config: ['prometheus.yml', config],
    args: (directory, address) => [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=${address}`,
      '--web.enable-remote-write-receiver',
      ...features.map((feature) => `--enable-feature=${feature}`),
    ],
  });
  const write = isModern ? write2 : write1;
  return { ...peer, isModern, write: (series, pointMs) => write(peer.url, series, pointMs) };
}

async function write1(url: string, series: readonly SeriesLine[], pointMs: number): Promise<void> {
  const request = concat(...series.map((one) => timeSeries(one, pointMs)));
  await send(url, 'application/x-protobuf', request);
}

/** Version 2 of remote write carries native histograms. */
async function write2(url: string, series: readonly SeriesLine[], pointMs: number): Promise<void> {
  const request = writeRequest2(series, pointMs, () => 0);
  await send(url, 'application/x-protobuf;proto=io.prometheus.write.v2.Request', request);
}

async function send(url: string, contentType: string, request: Uint8Array): Promise<void> {
  const response = await fetch(`${url}/api/v1/write`, {
    method: 'POST',
    headers: { 'content-type': contentType, 'content-encoding': 'snappy' },
    body: snap(request),
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
