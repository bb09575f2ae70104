/**
 * PromQL: milliseconds of queries over HTTP on 10,000 series of 2 hours at 15 seconds, beside a real Prometheus.
 *
 *   ./maru bench promql -- [--peer prometheus] [--series 10000] [--runs 5] [--no-dashboard]
 *
 * The peer is the `prometheus` on the PATH, given the same samples by remote write. Both are asked in turn, and what they
 * answer is compared.
 */
import { parseArgs } from 'node:util';
import { openTestStore, startPeerPrometheus } from '@maru/testkit/queries';
import { type BenchCase, dashboardCase, queryCases } from './promql/cases.ts';
import { fillStore } from './promql/fill.ts';
import { type BenchMetric, dashboardMetrics, queryMetrics } from './promql/metrics.ts';
import { fillPeer } from './promql/peer.ts';
import { sameAnswer } from './promql/same-answer.ts';
import { serveStore } from './promql/served-store.ts';

const { values } = parseArgs({
  options: {
    peer: { type: 'string' },
    series: { type: 'string', default: '10000' },
    runs: { type: 'string', default: '5' },
    'no-dashboard': { type: 'boolean', default: false },
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
  if (peer !== undefined) await fillPeer(peer.url, metrics);
  for (const one of [...queryCases, ...dashboard]) console.log(await measure(one));
} finally {
  await peer?.stop();
  await own.stop();
  await test.close();
}

/** Medians of runs in turn, so that what else the machine does falls on both. The first run of each is not counted. */
async function measure(one: BenchCase): Promise<string> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const same = peer === undefined ? true : await answersAlike(one, peer.url);
  for (let run = 0; run <= Number(values.runs); run += 1) {
    ours.push(await ask(own.url, one));
    if (peer !== undefined) theirs.push(await ask(peer.url, one));
  }
  const [mine, other] = [median(ours.slice(1)), median(theirs.slice(1))];
  const beside =
    peer === undefined
      ? ''
      : `  Prometheus ${shown(other)} ms, ${(other / mine).toFixed(2)} times ours (goal ${one.goalRatio})`;
  const best = Math.min(...ours.slice(1));
  return `${shown(mine)} ms median ${shown(best)} ms best (goal ${one.goalMs} ms)${beside}  ${one.name}${same ? '' : '  ANSWERS DIFFER'}`;
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
