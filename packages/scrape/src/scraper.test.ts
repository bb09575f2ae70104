import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { ByteBudget, Gate } from '@maru/receive';
import { type Certificate, issueCertificate } from '@maru/testkit';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { parsePrometheusFile } from './config/prometheus-file.ts';
import { aligned, nextAfter } from './scrape/target-loop.ts';
import { Scraper } from './scraper.ts';

const directory = mkdtempSync(join(tmpdir(), 'maru-scraper-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

/** A target on a port of its own; what it was asked. */
async function target(
  answer: RequestListener,
  tls?: Certificate & { readonly ca: string },
): Promise<{ address: string; asked: IncomingMessage[] }> {
  const asked: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(request);
    answer(request, response);
  };
  const server: Server =
    tls === undefined
      ? createServer(listener)
      : createTlsServer(
          {
            key: readFileSync(tls.keyPath),
            cert: readFileSync(tls.certPath),
            ca: readFileSync(tls.ca),
            requestCert: true,
            rejectUnauthorized: true,
          },
          listener,
        );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

interface Running {
  readonly scraper: Scraper;
  /** All that was written, as text: names and values of labels stand in it. */
  readonly written: string[];
  readonly said: string[];
}

function scrape(configuration: string, accept?: (request: Uint8Array) => Promise<unknown>): Running {
  const { jobs } = parsePrometheusFile(
    `global: {scrape_interval: 100ms, scrape_timeout: 90ms}\n${configuration}`,
    join(directory, 'prometheus.yml'),
  );
  const written: string[] = [];
  const said: string[] = [];
  const scraper = new Scraper(jobs, {
    accept: accept ?? (async (request) => void written.push(Buffer.from(request).toString('latin1'))),
    budget: new ByteBudget(100 * 1024 * 1024),
    gate: new Gate(2),
    userAgent: 'Maru/test',
    say: (sentence) => said.push(sentence),
  });
  closing.push(() => scraper.close());
  return { scraper, written, said };
}

async function until<Value>(what: string, look: () => Value | undefined | false): Promise<Value> {
  const deadline = performance.now() + 60_000;
  while (performance.now() < deadline) {
    const value = look();
    if (value !== undefined && value !== false) return value;
    await delay(10);
  }
  throw new Error(`${what} did not come within 15 s`);
}

const errorOf = ({ scraper }: Running): Promise<string> =>
  until(
    'an error',
    () => scraper.targets().activeTargets.find(({ lastError }) => lastError !== '')?.lastError,
  );
const isUp = ({ scraper }: Running): Promise<true> =>
  until(
    'the target to be up',
    () => scraper.targets().activeTargets.some(({ health }) => health === 'up') || undefined,
  );

describe('a target', () => {
  test('is told who asks, for what and how long, and may compress', async () => {
    const { address, asked } = await target((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain', 'content-encoding': 'gzip' });
      response.end(gzipSync('shown_metric 1\n'));
    });
    const running = scrape(
      `scrape_configs: [{job_name: a, params: {m: [x]}, bearer_token: secret-token, static_configs: [{targets: ["${address}"]}]}]`,
    );
    await isUp(running);
    expect(asked[0]).toMatchObject({
      url: '/metrics?m=x',
      headers: {
        accept: expect.stringContaining('application/openmetrics-text;version=1.0.0'),
        authorization: 'Bearer secret-token',
        'accept-encoding': 'gzip',
        'user-agent': 'Maru/test',
        'x-prometheus-scrape-timeout-seconds': '0.09',
      },
    });
    await until('its sample', () => running.written.some((text) => text.includes('shown_metric')));
    expect(JSON.stringify(running.scraper.targets())).not.toContain('secret-token');
  });

  test('is asked for protobuf first where native histograms are wanted', async () => {
    const { address, asked } = await target((_, response) => response.end('a 1\n'));
    await isUp(
      scrape(
        `scrape_configs: [{job_name: a, scrape_native_histograms: true, static_configs: [{targets: ["${address}"]}]}]`,
      ),
    );
    expect(asked[0]?.headers.accept).toMatch(/^application\/vnd\.google\.protobuf;.*;q=0\.9,/);
  });

  test.each([
    [
      'answers with an error',
      (_: IncomingMessage, response: Parameters<RequestListener>[1]) => response.writeHead(500).end(),
      '',
      'status 500',
    ],
    ['does not answer', () => undefined, '', 'within the timeout of 0.09 s'],
    [
      'shows too much',
      (_: IncomingMessage, response: Parameters<RequestListener>[1]) => response.end('a 1\n'.repeat(500)),
      'body_size_limit: 1KB',
      '1024 bytes',
    ],
    [
      'is a bomb',
      (_: IncomingMessage, response: Parameters<RequestListener>[1]) =>
        response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(1e6, 'a 1\n'))),
      'body_size_limit: 10KB',
      '10240 bytes',
    ],
    [
      'has too many samples',
      (_: IncomingMessage, response: Parameters<RequestListener>[1]) => response.end('a 1\nb 1\n'),
      'sample_limit: 1',
      '2 samples where sample_limit allows 1',
    ],
    [
      'has too many labels',
      (_: IncomingMessage, response: Parameters<RequestListener>[1]) => response.end('a{x="1",y="1"} 1\n'),
      'label_limit: 4',
      'label_limit',
    ],
    [
      'is a page',
      (_: IncomingMessage, response: Parameters<RequestListener>[1]) =>
        response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
      '',
      'text/html',
    ],
    [
      'is no UTF-8',
      (_: IncomingMessage, response: Parameters<RequestListener>[1]) =>
        response.end(Buffer.from([0x61, 0xff, 0x20, 0x31])),
      '',
      'UTF-8',
    ],
  ])('that %s is down, and says why', async (_, answer, extra, why) => {
    const { address } = await target(answer);
    const job = `{job_name: a, static_configs: [{targets: ["${address}"]}], ${extra || 'honor_labels: false'}}`;
    const running = scrape(`scrape_configs: [${job}]`);
    expect(await errorOf(running)).toContain(why);
    expect(running.scraper.targets().activeTargets[0]?.health).toBe('down');
  });

  test('may send to another host, which gets no credentials', async () => {
    const other = await target((_, response) => response.end('a 1\n'));
    const { address, asked } = await target((_, response) =>
      response.writeHead(302, { location: `http://${other.address}/m` }).end(),
    );
    const job = `{job_name: a, basic_auth: {username: u, password: p}, static_configs: [{targets: ["${address}"]}]}`;
    await isUp(scrape(`scrape_configs: [${job}]`));
    expect(asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from('u:p').toString('base64')}`);
    expect(other.asked[0]?.headers.authorization).toBeUndefined();
  });

  test('that sends round in circles is down', async () => {
    const { address } = await target((_, response) => response.writeHead(302, { location: '/again' }).end());
    const running = scrape(`scrape_configs: [{job_name: a, static_configs: [{targets: ["${address}"]}]}]`);
    expect(await errorOf(running)).toContain('redirects more than 5 times');
  });

  test('with TLS is trusted by its authority and shown a certificate', async () => {
    const authority = issueCertificate(directory, 'authority');
    const server = issueCertificate(directory, 'server', authority);
    const client = issueCertificate(directory, 'client', authority);
    const { address } = await target((_, response) => response.end('a 1\n'), {
      ...server,
      ca: authority.certPath,
    });
    const job = (tls: string): string =>
      `scrape_configs: [{job_name: a, scheme: https, tls_config: {${tls}}, static_configs: [{targets: ["${address}"]}]}]`;
    expect(await errorOf(scrape(job('insecure_skip_verify: false')))).toMatch(/certificate/);
    await isUp(
      scrape(job(`ca_file: authority.crt, cert_file: ${client.certPath}, key_file: ${client.keyPath}`)),
    );
  });
});

describe('targets in files', () => {
  test('come and go with the files', async () => {
    const { address } = await target((_, response) => response.end('a 1\n'));
    const path = join(directory, 'found.json');
    writeFileSync(path, JSON.stringify([{ targets: [address], labels: { rack: 'r1' } }]));
    const job = '{job_name: a, file_sd_configs: [{files: ["fou*.json"], refresh_interval: 50ms}]}';
    const running = scrape(`scrape_configs: [${job}]`);
    await isUp(running);
    expect(running.scraper.targets().activeTargets[0]).toMatchObject({
      labels: { instance: address, job: 'a', rack: 'r1' },
      discoveredLabels: { __meta_filepath: path, __address__: address },
    });
    writeFileSync(path, 'no list');
    await until('a sentence', () => running.said.some((sentence) => sentence.includes('found.json')));
    expect(running.scraper.targets().activeTargets).toHaveLength(1);
    writeFileSync(path, '[]');
    await until('the end', () => running.scraper.targets().activeTargets.length === 0);
  });
});

describe('pods and nodes of a cluster', () => {
  const pod = {
    metadata: {
      name: 'board-1',
      namespace: 'shop',
      uid: 'u1',
      labels: { 'app.io/name': 'board' },
      annotations: { 'prometheus.io/scrape': 'true' },
    },
    spec: {
      nodeName: 'n1',
      containers: [
        { name: 'api', image: 'board:1', ports: [{ containerPort: 9000, name: 'metrics', protocol: 'TCP' }] },
      ],
    },
    status: {
      phase: 'Running',
      podIP: '10.0.0.7',
      hostIP: '10.1.0.1',
      conditions: [{ type: 'Ready', status: 'True' }],
    },
  };
  const node = {
    metadata: { name: 'n1' },
    status: {
      addresses: [
        { type: 'Hostname', address: 'n1' },
        { type: 'InternalIP', address: '10.1.0.1' },
      ],
    },
  };

  test('are listed page by page with the labels that Prometheus gives them', async () => {
    const { address, asked } = await target(({ url = '', headers }, response) => {
      const more = url.includes('continue=next');
      const items = url.startsWith('/api/v1/nodes')
        ? [node]
        : more
          ? [pod]
          : [{ ...pod, status: { phase: 'Pending' } }];
      const page = { items, metadata: more || url.startsWith('/api/v1/nodes') ? {} : { continue: 'next' } };
      response.writeHead(headers.authorization === 'Bearer t' ? 200 : 401).end(JSON.stringify(page));
    });
    const sd = (role: string): string =>
      `kubernetes_sd_configs: [{role: ${role}, api_server: "http://${address}", bearer_token: t, selectors: [{role: pod, label: a=b}]}]`;
    const keep =
      'relabel_configs: [{source_labels: [__meta_kubernetes_pod_annotation_prometheus_io_scrape], regex: "true", action: keep}]';
    const running = scrape(
      `scrape_configs: [{job_name: pods, ${keep}, ${sd('pod')}}, {job_name: nodes, ${sd('node')}}]`,
    );
    const targets = await until('both', () => {
      const { activeTargets } = running.scraper.targets();
      return activeTargets.length === 2 && activeTargets;
    });
    expect(targets.find(({ scrapePool }) => scrapePool === 'pods')).toMatchObject({
      scrapeUrl: 'http://10.0.0.7:9000/metrics',
      labels: { job: 'pods', instance: '10.0.0.7:9000' },
      discoveredLabels: {
        __meta_kubernetes_namespace: 'shop',
        __meta_kubernetes_pod_label_app_io_name: 'board',
        __meta_kubernetes_pod_labelpresent_app_io_name: 'true',
        __meta_kubernetes_pod_container_port_name: 'metrics',
        __meta_kubernetes_pod_ready: 'true',
      },
    });
    expect(targets.find(({ scrapePool }) => scrapePool === 'nodes')).toMatchObject({
      scrapeUrl: 'http://10.1.0.1:10250/metrics',
      labels: { job: 'nodes', instance: 'n1' },
    });
    expect(asked.map(({ url }) => url)).toContain('/api/v1/pods?limit=500&continue=next&labelSelector=a%3Db');
  });
});

test('what cannot be written is said, and written anew in full the next time', async () => {
  const { address } = await target((_, response) => response.end('a 1\n'));
  let full = true;
  const written: string[] = [];
  const running = scrape(
    `scrape_configs: [{job_name: a, static_configs: [{targets: ["${address}"]}]}]`,
    async (request) => {
      if (full) throw new Error('the journal is full');
      written.push(Buffer.from(request).toString('latin1'));
    },
  );
  await until('a sentence', () => running.said.some((sentence) => sentence.includes('the journal is full')));
  full = false;
  const first = await until('a request', () => written[0]);
  expect(first).toContain('scrape_series_added');
});

describe('the plan of a target', () => {
  test('is one place in the interval for ever', () => {
    expect(nextAfter(10_000, 1000, 250)).toBe(10_250);
    expect(nextAfter(10_250, 1000, 250)).toBe(11_250);
    expect(nextAfter(10_900, 1000, 250)).toBe(11_250);
  });

  test('counts as kept when a timer is a little late', () => {
    expect(aligned(10_255, 10_250, 1000)).toBe(10_250);
    expect(aligned(10_300, 10_250, 1000)).toBe(10_300);
  });
});
