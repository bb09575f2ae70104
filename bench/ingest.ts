/**
 * Ingest: items per second acknowledged after fsync and queryable, CPU and memory of the stack, bytes an item on disk.
 * Starts a stack of its own; the sender shares the machine with it.
 *
 *   ./maru bench ingest -- [CASE…] [--seconds 20] [--rate N]
 *
 * Cases: spans, small-spans, paced-spans, logs, metrics; all by default
 */
import { parseArgs } from 'node:util';
import { cases, type IngestCase } from './ingest/cases.ts';
import { type Cpu, type IngestFigures, type Quantiles, runIngest } from './ingest/run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: 'string', default: '20' }, rate: { type: 'string' } },
});
const names = positionals.length === 0 ? Object.keys(cases) : positionals;

for (const name of names) {
  const load = cases[name];
  if (load === undefined)
    throw new Error(`there is no case "${name}": there are ${Object.keys(cases).join(', ')}`);
  const paced = values.rate === undefined ? load : { ...load, rate: Number(values.rate) };
  print(name, paced, await runIngest(paced, Number(values.seconds)));
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

function milliseconds({ p50, p99 }: Quantiles): string {
  return `${p50.toFixed(1)} ms (p50), ${p99.toFixed(1)} ms (p99)`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
