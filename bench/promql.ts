/**
 * PromQL: milliseconds of queries on 10,000 counter series of 2 hours at 15 seconds, in this process on a real store.
 *
 *   ./maru bench promql -- [--series 10000] [--runs 5]
 */
import { parseArgs } from 'node:util';
import { createPromqlEngine } from '@maru/promql';
import { openTestStore } from '@maru/testkit/queries';
import { fillCounters } from './promql/fill.ts';
import { type BenchQuery, endMs, queries } from './promql/queries.ts';

const { values } = parseArgs({
  options: { series: { type: 'string', default: '10000' }, runs: { type: 'string', default: '5' } },
});

const test = openTestStore();
const engine = createPromqlEngine(test.store.reader);
await fillCounters(test.store, Number(values.series));
for (const query of queries) console.log(await measure(query));
await test.close();

async function measure(query: BenchQuery): Promise<string> {
  const times: number[] = [];
  for (let run = 0; run < Number(values.runs); run += 1) {
    const begin = performance.now();
    await ask(query);
    times.push(performance.now() - begin);
  }
  times.sort((left, right) => left - right);
  const shown = (place: number) => (times[place] ?? Number.NaN).toFixed(0).padStart(6);
  const median = shown(Math.floor(times.length / 2));
  return `${median} ms median ${shown(0)} ms best (goal ${query.goalMs} ms)  ${query.text}`;
}

async function ask({ text, stepMs }: BenchQuery): Promise<void> {
  if (stepMs === 0) await engine.instant(text, endMs);
  else await engine.range(text, { startMs: 300_000, endMs, stepMs });
}
