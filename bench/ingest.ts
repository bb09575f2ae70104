/**
 * Ingest: items per second acknowledged after fsync and queryable, CPU and memory of the stack, bytes an item on disk.
 * Starts a stack of its own; the sender shares the machine with it.
 *
 *   ./maru bench ingest -- [CASE…] [--seconds 20] [--rate N] [--peer otelcol]
 *
 * With --peer the same load goes to an OpenTelemetry Collector on the path, too, which drops what it has decoded.
 *
 * Cases: spans, small-spans, paced-spans, logs, metrics; all by default
 */
import './shared/one-sentence.ts';
import { parseArgs } from 'node:util';
import { cases, type IngestCase } from './ingest/cases.ts';
import { findCollector, type PeerFigures, runPeer } from './ingest/peer.ts';
import { type Cpu, type IngestFigures, runIngest } from './ingest/run.ts';
import type { Quantiles } from './ingest/send.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '20' }, rate: { type: 'string' }, peer: { type: 'string' } },
});
await main();

async function main(): Promise<void> {
  const seconds = positive('--seconds', values.seconds);
  const peer = values.peer === undefined ? undefined : collector(values.peer);
  const names = positionals.length === 0 ? Object.keys(cases) : positionals;
  for (const name of names) {
    const load = cases[name];
    if (load === undefined)
      throw new Error(`there is no case "${name}": there are ${Object.keys(cases).join(', ')}`);
    const paced = values.rate === undefined ? load : atRate(load, positive('--rate', values.rate));
    const figures = await runIngest(paced, seconds);
    print(name, paced, figures);
    if (peer !== undefined) printPeer(name, paced, figures, await runPeer(peer, paced, seconds));
  }
}

function print(name: string, load: IngestCase, figures: IngestFigures): void {
  const { unit } = load;
  const line = (what: string, value: string): void => console.log(`${what.padEnd(28)} ${value}`);
  line(
    name,
    `${load.itemsPerRequest} ${unit} a request, ${figures.bytesPerItem.toFixed(0)} bytes each, ${load.connections} connections`,
  );
  line('acknowledged', `${whole(figures.acknowledgedPerSecond)} ${unit}/s (goal ${whole(load.goal)})`);
  line('stored and queryable', `${whole(figures.storedPerSecond)} ${unit}/s`);
  line('acknowledged after', milliseconds(figures.acknowledgementMs));
  line('visible after', milliseconds(figures.visibleMs));
  line('CPU until stored', cpu(figures.cpuWhenStored, unit));
  line('CPU with all merges', cpu(figures.cpuInAll, unit));
  line('resident at its peak', `${whole(figures.peakResidentBytes / 1024 / 1024)} MiB, both processes`);
  line('on disk', `${figures.bytesOnDiskPerItem.toFixed(1)} bytes an item\n`);
}

function cpu({ intake, engine }: Cpu, unit: string): string {
  return `${(intake + engine).toFixed(1)} s a million ${unit} (intake ${intake.toFixed(1)}, engine ${engine.toFixed(1)})`;
}

/** The same load so many times a second, which is then the figure to reach. */
function atRate(load: IngestCase, rate: number): IngestCase {
  return { ...load, rate, goal: rate };
}

function positive(flag: string, text: string): number {
  const number = Number(text);
  if (number > 0 && Number.isFinite(number)) return number;
  throw new Error(`${flag} takes a number above 0, not ${JSON.stringify(text)}`);
}

function milliseconds({ p50, p99 }: Quantiles): string {
  return `${p50.toFixed(1)} ms (p50), ${p99.toFixed(1)} ms (p99)`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Looked for before anything is measured: a run of minutes that ends without a peer would be in vain. */
function collector(name: string): string {
  if (name !== 'otelcol') throw new Error(`there is no peer "${name}": there is otelcol`);
  const found = findCollector();
  if (found === undefined)
    throw new Error(
      'no OpenTelemetry Collector is on the path: put otelcol or otelcol-contrib there, or leave --peer out',
    );
  return found;
}

/** Side by side, with what the figures do not say. */
function printPeer(name: string, { unit }: IngestCase, maru: IngestFigures, peer: PeerFigures): void {
  const line = (what: string, ours: string, theirs: string): void =>
    console.log(`${what.padEnd(28)} ${ours.padEnd(28)} ${theirs}`);
  const cpuOf = ({ intake, engine }: Cpu): number => intake + engine;
  const mib = (bytes: number): string => `${whole(bytes / 1024 / 1024)} MiB`;
  line(name, 'Maru', 'OpenTelemetry Collector');
  line(
    'acknowledged',
    `${whole(maru.acknowledgedPerSecond)} ${unit}/s`,
    `${whole(peer.acknowledgedPerSecond)} ${unit}/s`,
  );
  line('acknowledged after', milliseconds(maru.acknowledgementMs), milliseconds(peer.acknowledgementMs));
  line(
    'CPU of taking it',
    `${maru.cpuWhenStored.intake.toFixed(1)} s a million (intake)`,
    `${peer.cpuPerMillion.toFixed(1)} s a million`,
  );
  line(
    'CPU until it can be queried',
    `${cpuOf(maru.cpuWhenStored).toFixed(1)} s a million`,
    'it stores nothing',
  );
  line('resident at its peak', mib(maru.peakResidentBytes), mib(peer.peakResidentBytes));
  line('when it acknowledges', 'written and synced', 'in memory, then dropped');
  console.log();
}
