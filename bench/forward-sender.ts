/**
 * Forwarding's sender by itself: CPU for each way of sending and each processor, without doors, journal and store.
 * The spans come from memory and go to a sink in another process, whose cost is not counted.
 *
 * Each way in turns, several times; of each the least counts, since other work on the machine only adds to it.
 *
 *   ./maru bench forward-sender -- [--requests 600] [--rounds 5] [--only zstd,gzip]
 */
import './shared/one-sentence.ts';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseConfig } from '@maru/server/config';
import { SenderRun, spanBytes, spansPerRequest } from './forward/sender-run.ts';

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '600' },
    rounds: { type: 'string', default: '5' },
    only: { type: 'string' },
  },
});
const total = Number(values.requests);
const spansPerSecond = 50_000;

/** What follows the endpoint in the destination's settings. */
const ways = {
  'not compressed': 'compression: none',
  zstd: 'compression: zstd',
  gzip: 'compression: gzip',
  filter: `compression: none, processors: [{filter: {spans: ['attributes["http.route"] == "/healthz"']}}]`,
  attributes: 'compression: none, processors: [{attributes: {drop: [user.id], hash: [client.address]}}]',
  redact: 'compression: none, processors: [{redact: {}}]',
  'sample, 10 %': 'compression: none, processors: [{sample: {ratio: 0.1}}]',
  tail_sample:
    'compression: none, processors: [{tail_sample: {wait: 1s, policies: [{errors: {}}, {latency: {at_least: 80ms}}]}}]',
} as const;

const sink = fork(fileURLToPath(new URL('./forward/sink.ts', import.meta.url)));
const [{ port }] = (await once(sink, 'message')) as [{ readonly port: number }];
console.log(`${total * spansPerRequest} spans of ${spanBytes} bytes`);
const chosen = Object.entries(ways).filter(([name]) => values.only?.split(',').includes(name) ?? true);
const least = new Map<string, number>();
for (let round = 0; round < Number(values.rounds); round += 1)
  for (const [name, way] of chosen)
    least.set(name, Math.min(await cpuSeconds(way), least.get(name) ?? Number.POSITIVE_INFINITY));
for (const [name, cpu] of least) {
  const spans = total * spansPerRequest;
  const share = ((cpu / spans) * spansPerSecond).toFixed(3);
  console.log(
    `${name.padEnd(16)} ${((cpu / spans) * 1e6).toFixed(2)} s a million spans, ${share} of a core at ${spansPerSecond}/s`,
  );
}
sink.disconnect();

async function cpuSeconds(way: string): Promise<number> {
  const to = `sink: {endpoint: "http://127.0.0.1:${port}", signals: [traces], ${way}}`;
  const { forward } = parseConfig(`forward: {to: {${to}}}`, 'maru.yaml');
  const run = new SenderRun(forward?.destinations ?? [], total);
  const before = process.cpuUsage();
  await run.finished();
  const { user, system } = process.cpuUsage(before);
  await run.close();
  return (user + system) / 1e6;
}
