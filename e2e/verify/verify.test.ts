import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey } from '@maru/server/keys';
import { type Certificate, issueCertificate, RunningStack } from '@maru/testkit';
import { type PeerPrometheus, startPeerPrometheus } from '@maru/testkit/queries';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ended, maru } from '../../packages/cli/test/maru.ts';
import { prometheusSeries } from '../support/query.ts';
import { StandInBoard } from './stand-in-board.ts';

// Three backends at three addresses, one of them no Maru: Debian's Prometheus has the metrics.
const directory = mkdtempSync(join(tmpdir(), 'maru-verify-'));
let stack: RunningStack;
let board: StandInBoard;
let prometheus: PeerPrometheus;
let prometheusUrl: string;

beforeAll(async () => {
  stack = await RunningStack.start();
  board = await StandInBoard.start(stack.otlpHttpUrl);
  prometheus = await startPeerPrometheus(
    `global: {scrape_interval: 1s, scrape_timeout: 900ms}
scrape_configs: [{job_name: board-api, static_configs: [{targets: ["${board.address}"]}]}]
`,
  );
  prometheusUrl = prometheus.url;
  await prometheusSeries(prometheusUrl, 'http_server_request_duration_seconds_count');
});

afterAll(async () => {
  await prometheus.stop();
  await board.close();
  await stack.stop();
  rmSync(directory, { recursive: true, force: true });
});

function verify(...flags: readonly string[]): Promise<Ended> {
  return maru('verify', '--board', `http://${board.address}`, ...flags);
}

/** What stands in front of many a stack: TLS with a certificate of its own authority. */
async function startTlsProxy(
  { certPath, keyPath }: Certificate,
  to: string,
): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const material = { cert: readFileSync(certPath), key: readFileSync(keyPath) };
  const server = createServer(material, (incoming, response) => {
    const onward = request(`${to}${incoming.url}`, {
      headers: incoming.headers,
      method: incoming.method ?? 'GET',
    });
    onward.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function backends(prometheusAddress: string): readonly string[] {
  return ['--tempo', stack.queryUrl, '--prometheus', prometheusAddress, '--loki', stack.queryUrl];
}

it('finds one login in a Tempo, a Prometheus and a Loki of their own addresses', async () => {
  const { code, stdout } = await verify(...backends(prometheusUrl), '--json');
  const { ok, signals, urls } = JSON.parse(stdout);
  expect(code).toBe(0);
  expect(ok).toBe(true);
  expect(signals.traces.services).toEqual(['board-web', 'board-api', 'MariaDB']);
  expect(signals.metrics).toMatchObject({ ok: true, movedBy: 1 });
  expect(signals.logs).toMatchObject({ ok: true, records: 1 });
  expect(Object.keys(urls)).toEqual(['tempo', 'prometheus', 'loki', 'board']);
});

it('names a file of --ca that is none', async () => {
  const { code, stderr } = await verify('--ca', join(directory, 'none.pem'));
  expect(code).toBe(2);
  expect(stderr).toContain('none.pem');
});

it('says of a backend that has nothing which way to look', async () => {
  // Maru itself has no metric of this Board: Prometheus alone scrapes it.
  const { code, stdout } = await verify(...backends(stack.queryUrl), '--within', '10');
  expect(code).toBe(1);
  expect(stdout).toMatch(/✔ traces .*\n✘ metrics .*\n.*no series http_server_request_duration_seconds_count/);
  expect(stdout).toContain(`leads to what sends metrics on to ${stack.queryUrl}`);
  expect(stdout).toContain('then the log of the Collector');
});

it.each([
  [['--tempo', 'http://127.0.0.1:1'], 'maru verify of another stack needs --prometheus URL --loki URL too'],
  [['--loki', 'http://127.0.0.1:1', '--endpoint', 'http://127.0.0.1:1'], 'give one of the two'],
])('refuses %j, which would prove nothing', async (flags, message) => {
  const { code, stderr } = await verify(...flags);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

it('has a Maru to put in front of such a stack: its file is one that can be served', async () => {
  const { code, stdout } = await maru(
    'config',
    'check',
    new URL('../../deploy/lgtm/maru.yaml', import.meta.url).pathname,
  );
  expect(code).toBe(0);
  expect(stdout.match(/^forwarded.*$/gm)).toHaveLength(3);
});

// The last one: from then on this stack asks readers for a key.
it('trusts the authority of --ca, and shows the header of --header, where the stack wants both', async () => {
  const authority = issueCertificate(directory, 'authority');
  const certificate = issueCertificate(directory, 'server', authority);
  const { secret } = await createKey(stack.dataDir, 'proof', [], { reads: true });
  const proxy = await startTlsProxy(certificate, stack.queryUrl);
  try {
    const flags = ['--tempo', proxy.url, '--prometheus', prometheusUrl, '--loki', proxy.url];
    const trusting = ['--ca', authority.certPath];
    const header = ['--header', `authorization=Bearer ${secret}`];
    expect((await verify(...flags, ...trusting, ...header)).code).toBe(0);
    const untrusted = await verify(...flags, ...header, '--within', '2');
    expect(untrusted.stdout).toContain('could not be reached: unable to verify');
    const keyless = await verify(...flags, ...trusting, '--within', '2');
    expect(keyless.stdout).toContain('answered 401');
  } finally {
    await proxy.close();
  }
});
