/**
 * PromQL: milliseconds of queries over HTTP on 10,000 series of 2 hours at 15 seconds, beside a real Prometheus.
 *
 *   ./maru bench promql -- [--peer prometheus] [--series 10000] [--runs 5] [--rows] [--no-dashboard]
 *                         [--only PART_OF_A_NAME]
 *
 * Samples are packed before, as those of the last hours are, or with `--rows` lie as they were loaded, as the newest do.
 *
 * The peer is the `prometheus` on the PATH, or the one that `PROMETHEUS` names, given the same samples by remote write. Both are
 * asked in turn, and what they answer is compared.
 */
import './shared/one-sentence.ts';
import { parseArgs } from 'node:util';
import { openTestStore, startPeerPrometheus } from '@maru/testkit/queries';
import { type BenchCase, dashboardCase, queryCases } from './promql/cases.ts';
import { fillStore } from './promql/fill.ts';
import { type BenchMetric, dashboardMetrics, queryMetrics } from './promql/metrics.ts';
import { packStore } from './promql/pack.ts';
import { fillPeer } from './promql/peer.ts';
import { sameAnswer } from './promql/same-answer.ts';
import { serveStore } from './promql/served-store.ts';
import { processCost } from './shared/process-cost.ts';

const { values } = parseArgs({
  options: {
    peer: { type: 'string' },
    series: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '5' },
    'no-dashboard': { type: 'boolean', default: false },
    rows: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});
if (values.peer !== undefined && values.peer !== 'prometheus') {
  throw new Error(`there is no peer "${values.peer}"; there is prometheus`);
}

const dashboard = values['no-dashboard'] ? [] : [dashboardCase];
const metrics: readonly BenchMetric[] = [
  ...queryMetrics(Number(values.series)),
  ...(values['no-dashboard'] ? [] : dashboardMetrics),
];
const test = openTestStore();
const own = await serveStore(test.store);
const peer = values.peer === undefined ? undefined : await startPeerPrometheus();
try {
  for (const metric of metrics) await fillStore(test.store, metric);
  if (!values.rows) console.log(await packStore(test.store));
  if (peer !== undefined) await fillPeer(peer.url, metrics);
  const cases = [...queryCases, ...dashboard].filter(({ name }) => name.includes(values.only));
  for (const one of cases) console.log(await measure(one));
} finally {
  await peer?.stop();
  await own.stop();
  await test.close();
}

/**
 * Medians of runs in turn, so that what else the machine does falls on both. The first run of each is not counted. CPU is
 * what hardly depends on who else uses the cores; ours includes the client that asks, which is in this process.
 */
async function measure(one: BenchCase): Promise<string> {
  const runs = Number(values.runs);
  const same = peer === undefined ? true : await answersAlike(one, peer.url);
  const sides = [
    { url: own.url, pid: process.pid, times: [] as number[], cpu: 0 },
    ...(peer === undefined ? [] : [{ url: peer.url, pid: peer.pid, times: [] as number[], cpu: 0 }]),
  ];
  for (const side of sides) await ask(side.url, one);
  for (let run = 0; run < runs; run += 1) {
    for (const side of sides) {
      const before = processCost(side.pid).cpuSeconds;
      side.times.push(await ask(side.url, one));
      side.cpu += processCost(side.pid).cpuSeconds - before;
    }
  }
  return `${sides.map(({ times, cpu }) => figures(times, cpu / runs)).join('  |')}  goal ${one.goalMs} ms${compared(sides, one)}  ${one.name}${same ? '' : '  ANSWERS DIFFER'}`;
}

function figures(times: readonly number[], cpuSeconds: number): string {
  return `${shown(median(times))} ms median ${shown(Math.min(...times))} ms best ${shown(cpuSeconds * 1000)} ms CPU`;
}

function compared(sides: readonly { readonly times: readonly number[] }[], { goalRatio }: BenchCase): string {
  const [mine, other] = sides.map(({ times }) => median(times));
  if (mine === undefined || other === undefined) return '';
  return `, ${(other / mine).toFixed(2)} times as fast as Prometheus (goal ${goalRatio})`;
}

async function ask(url: string, { requests }: BenchCase): Promise<number> {
  const begin = performance.now();
  await Promise.all(requests.map((path) => textOf(url + path)));
  return performance.now() - begin;
}

async function textOf(url: string): Promise<string> {
  const response = await fetch(url);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text.slice(0, 300)}`);
  return text;
}

async function answersAlike({ requests }: BenchCase, peerUrl: string): Promise<boolean> {
  for (const path of requests) {
    const [mine, other] = await Promise.all([textOf(own.url + path), textOf(peerUrl + path)]);
    if (!sameAnswer(JSON.parse(mine), JSON.parse(other))) return false;
  }
  return true;
}

function median(times: readonly number[]): number {
  return times.toSorted((left, right) => left - right)[Math.floor(times.length / 2)] ?? Number.NaN;
}

function shown(milliseconds: number): string {
  return milliseconds.toFixed(0).padStart(6);
}
