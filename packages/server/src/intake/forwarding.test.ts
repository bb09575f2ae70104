import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LedgerReport } from '@maru/ledger';
import { fixed32Field, lengthDelimited, type Signal, stringField, varintField } from '@maru/otlp';
import {
  issueCertificate,
  itemNumbers,
  logsRequest,
  metricsRequest,
  OtlpReceiver,
  tracesRequest,
} from '@maru/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '../config/index.ts';
import { listDeadLetters, readDeadLetter } from '../dead/letters.ts';
import { IntakeLink, intakeSocketPath } from '../link/index.ts';
import { type Intake, startIntake } from './intake.ts';

let dataDir: string;
let receiver: OtlpReceiver;
let intake: Intake | undefined;
let link: IntakeLink;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maru-forward-'));
  receiver = await OtlpReceiver.start();
  link = new IntakeLink(intakeSocketPath(dataDir));
});
afterEach(async () => {
  link.close();
  await stop();
  await receiver.close();
  await rm(dataDir, { recursive: true, force: true });
});

/** A destination that does not let a test wait. */
function destination(more: readonly string[] = [], url: string = receiver.url): string {
  return [`endpoint: ${url}`, 'batch: {wait: 10ms}', 'retry: {first: 10ms, longest: 50ms}', ...more].join(
    '\n      ',
  );
}

async function start(to: string, forward: readonly string[] = []): Promise<Intake> {
  const text = ['forward:', ...forward.map((line) => `  ${line}`), '  to:', `    there:\n      ${to}`];
  const settings = parseConfig(text.join('\n'), join(dataDir, 'maru.yaml'));
  intake = await startIntake({ ...settings, dataDir, otlpHttpPort: 0, otlpGrpcPort: 0 });
  return intake;
}

async function stop(): Promise<void> {
  await intake?.close();
  intake = undefined;
}

const generators = { traces: tracesRequest, metrics: metricsRequest, logs: logsRequest } as const;

async function sendItems(first: number, count: number, signal: Signal = 'traces'): Promise<void> {
  await sendBody(generators[signal](first + 1, count, { firstItem: first }), signal);
}

async function sendBody(body: Uint8Array, signal: Signal = 'traces'): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${intake?.httpPort}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Uint8Array.from(body),
  });
  await response.arrayBuffer();
  expect(response.status).toBe(200);
}

type Totals = NonNullable<LedgerReport['destinations'][string]['signals']['traces']>;

/** The destination's counts, once nothing waits. */
async function settled(signal: Signal = 'traces'): Promise<Totals> {
  return until(async () => {
    const totals = (await link.ledger()).destinations.there?.signals[signal];
    return totals?.waiting === '0' && totals.offered !== '0' ? totals : undefined;
  });
}

async function until<T>(look: () => Promise<T | undefined> | T | undefined): Promise<T> {
  for (const deadline = performance.now() + 60_000; performance.now() < deadline; await delay(10)) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
  }
  throw new Error('it did not come about within 15 s');
}

function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from }, (_, index) => from + index);
}

function ascending(numbers: readonly number[]): readonly number[] {
  return numbers.toSorted((left, right) => left - right);
}

/** As the engine does: seals a segment and says that it is stored. */
async function load(signal: Signal = 'traces'): Promise<void> {
  for (const segment of await link.seal(signal)) await link.loaded({ signal, segment, stored: 10, dead: 0 });
}

function segmentFiles(signal: Signal = 'traces'): Promise<string[]> {
  return readdir(join(dataDir, 'journal', signal)).then((names) =>
    names.filter((name) => name.endsWith('.segment')),
  );
}

describe('a destination', () => {
  test.each(['traces', 'metrics', 'logs'] as const)('gets %s as they were sent', async (signal) => {
    await start(destination());
    await sendItems(0, 10, signal);
    expect(await settled(signal)).toMatchObject({ offered: '10', forwarded: '10' });
    expect(receiver.requests[0]?.path).toBe(`/v1/${signal}`);
    const sent = generators[signal](1, 10, { firstItem: 0 });
    if (signal !== 'metrics') expect(receiver.requests[0]?.body).toHaveLength(sent.length);
    expect(receiver.items).toEqual(range(0, 10));
  });

  test('gets requests of many senders as one, byte for byte', async () => {
    const bodies = range(0, 5).map((index) => tracesRequest(index, 3, { firstItem: index * 3 }));
    await start(destination(['compression: none']));
    receiver.answer = (_, index) => ({ status: index === 0 ? 503 : 200 });
    for (const body of bodies) await sendBody(body);
    await settled();
    const got = Buffer.concat(receiver.accepted.map(({ body }) => body));
    expect(got.equals(Buffer.concat(bodies))).toBe(true);
  });

  test.each(['none', 'gzip', 'zstd'])('is sent bodies with compression %s', async (compression) => {
    await start(destination([`compression: ${compression}`]));
    await sendItems(0, 10);
    await settled();
    expect(receiver.requests[0]?.headers['content-encoding']).toBe(
      compression === 'none' ? undefined : compression,
    );
    expect(receiver.items).toEqual(range(0, 10));
  });

  test('gets arrays and lists as its sender wrote them', async () => {
    await start(destination());
    const list = lengthDelimited(
      6,
      lengthDelimited(1, stringField(1, 'k'), lengthDelimited(2, varintField(3, 7))),
    );
    const nested = lengthDelimited(5, lengthDelimited(1, stringField(1, 'a')), lengthDelimited(1, list));
    const body = logsRequest(1, 1);
    const record = lengthDelimited(
      1,
      lengthDelimited(2, lengthDelimited(2, lengthDelimited(5, nested), fixed32Field(8, 1))),
    );
    await sendBody(Buffer.concat([body, record]), 'logs');
    await settled('logs');
    const got = Buffer.from(receiver.requests[0]?.body ?? []);
    expect(got.includes(Buffer.from(nested))).toBe(true);
    expect(got.includes('["a",{"k":7}]')).toBe(false);
  });

  test('is shown its headers, a token, and is sent the signals that it takes', async () => {
    await start(destination(['signals: [logs]', 'headers: {X-Scope-OrgID: team}', 'bearer: secret']));
    await sendItems(0, 2, 'traces');
    await sendItems(0, 2, 'logs');
    await settled('logs');
    expect(receiver.requests).toHaveLength(1);
    expect(receiver.requests[0]?.headers).toMatchObject({
      'x-scope-orgid': 'team',
      authorization: 'Bearer secret',
    });
    expect((await link.ledger()).destinations.there?.signals.traces).toBeUndefined();
  });

  test('over gRPC with its own authority and a client certificate', async () => {
    await receiver.close();
    const authority = issueCertificate(dataDir, 'authority');
    const server = issueCertificate(dataDir, 'server', authority);
    const client = issueCertificate(dataDir, 'client', authority);
    const read = (path: string): Promise<string> => readFile(path, 'utf8');
    const tls = {
      cert: await read(server.certPath),
      key: await read(server.keyPath),
      clientCa: await read(authority.certPath),
    };
    receiver = await OtlpReceiver.start({ protocol: 'grpc', tls });
    await start(
      destination(['protocol: grpc', 'tls: {ca: authority.crt, cert: client.crt, key: client.key}']),
    );
    expect(client.certPath).toBe(join(dataDir, 'client.crt'));
    await sendItems(0, 10);
    expect(await settled()).toMatchObject({ forwarded: '10' });
    expect(receiver.items).toEqual(range(0, 10));
    expect(receiver.requests[0]?.path).toBe('/opentelemetry.proto.collector.trace.v1.TraceService/Export');
  });
});

async function reasonOfLetter(): Promise<string> {
  const [id] = await listDeadLetters(dataDir);
  return (id && (await readDeadLetter(dataDir, id))?.reason) ?? '';
}

describe('a receiver of remote write', () => {
  const remote = (version: 1 | 2): string =>
    destination(
      ['protocol: remote_write', `remote_write: {version: ${version}}`],
      `${receiver.url}/api/v1/write`,
    );
  const written = (count: number): Readonly<Record<string, string>> => ({
    'x-prometheus-remote-write-samples-written': String(count),
    'x-prometheus-remote-write-histograms-written': '0',
    'x-prometheus-remote-write-exemplars-written': '0',
  });

  test('is sent Snappy with the headers of the version', async () => {
    await start(remote(1));
    await sendItems(0, 10, 'metrics');
    expect(await settled('metrics')).toMatchObject({ forwarded: '10' });
    expect(receiver.requests[0]).toMatchObject({
      path: '/api/v1/write',
      headers: {
        'content-type': 'application/x-protobuf',
        'content-encoding': 'snappy',
        'x-prometheus-remote-write-version': '0.1.0',
      },
    });
  });

  test.each([429, 500, 503])('%i is repeated until it succeeds', async (status) => {
    receiver.answer = (_, index) => ({ status: index < 3 ? status : 204 });
    await start(remote(1));
    await sendItems(0, 10, 'metrics');
    expect(await settled('metrics')).toMatchObject({ forwarded: '10' });
    expect(receiver.requests).toHaveLength(4);
  });

  test.each([400, 401, 404, 422])('%i is never repeated; the request is a dead letter', async (status) => {
    receiver.answer = () => ({ status, body: Buffer.from('out of order sample\n') });
    await start(remote(1));
    await sendItems(0, 10, 'metrics');
    expect(await settled('metrics')).toMatchObject({ failed: '10', forwarded: '0' });
    expect(receiver.requests).toHaveLength(1);
    expect(await reasonOfLetter()).toBe(`it answered ${status}: out of order sample`);
  });

  test.each([204, 400])('of 2.0, what it did not write counts as rejected, with %i', async (status) => {
    receiver.answer = () => ({ status, headers: written(8) });
    // Ten points and the resource's target_info.
    await start(remote(2));
    await sendItems(0, 10, 'metrics');
    expect(await settled('metrics')).toMatchObject({ forwarded: '7', rejected: '3' });
    expect(receiver.requests).toHaveLength(1);
  });

  test('of 1.0 only takes nothing of 2.0, though it says 204', async () => {
    receiver.answer = () => ({ status: 204 });
    await start(remote(2));
    await sendItems(0, 10, 'metrics');
    expect(await settled('metrics')).toMatchObject({ failed: '10' });
    expect(await reasonOfLetter()).toContain('set remote_write.version to 1');
  });
});

describe('what a destination answers', () => {
  test.each([429, 502, 503, 504])('%i is repeated until it succeeds', async (status) => {
    receiver.answer = (_, index) => ({ status: index < 3 ? status : 200 });
    await start(destination());
    await sendItems(0, 10);
    expect(await settled()).toMatchObject({ forwarded: '10', failed: '0' });
    expect(receiver.requests.length).toBeGreaterThanOrEqual(4);
    expect((await link.ledger()).destinations.there?.trouble).toBeUndefined();
  });

  test.each([400, 401, 403, 404, 405, 408, 413, 422, 500, 501, 505])(
    '%i is not repeated: the request is set aside, shown, and sent again on demand',
    async (status) => {
      receiver.answer = () => ({
        status,
        headers: { 'content-type': 'text/plain' },
        body: Buffer.from('no\nreally'),
      });
      await start(destination());
      await sendItems(0, 1);
      expect(await settled()).toMatchObject({ forwarded: '0', failed: '1' });
      expect(receiver.requests).toHaveLength(1);
      const [letter] = await listDeadLetters(dataDir);
      expect(letter).toMatchObject({ destination: 'there', signal: 'traces' });
      if (letter === undefined) return;
      receiver.answer = () => ({ status: 200 });
      expect(await link.retry(letter)).toEqual({ items: 1 });
      expect(receiver.items).toEqual([0]);
      expect(await listDeadLetters(dataDir)).toEqual([]);
      expect(await settled()).toMatchObject({ offered: '2', forwarded: '1', failed: '1' });
    },
  );

  test('a pause that it asks for is kept, in seconds and as a date', async () => {
    const times: number[] = [];
    receiver.answer = (_, index) => {
      times.push(performance.now());
      const date = new Date(Date.now() + 2000).toUTCString();
      if (index === 0) return { status: 429, headers: { 'retry-after': '1' } };
      return index === 1 ? { status: 503, headers: { 'retry-after': date } } : { status: 200 };
    };
    await start(destination());
    await sendItems(0, 1);
    await settled();
    const [first = 0, second = 0, third = 0] = times;
    expect(second - first).toBeGreaterThan(990);
    expect(third - second).toBeGreaterThan(900);
  });

  test('items that it rejects are counted, and not sent again', async () => {
    const partial = lengthDelimited(1, varintField(1, 4), stringField(2, 'too old'));
    receiver.answer = () => ({ status: 200, body: partial });
    await start(destination());
    await sendItems(0, 10);
    expect(await settled()).toMatchObject({ forwarded: '6', rejected: '4' });
    expect(receiver.requests).toHaveLength(1);
  });

  test('one request that it does not take spoils none beside it', async () => {
    // The first attempt fails, so that the others are gathered into one request meanwhile.
    receiver.answer = ({ body }, index) => {
      if (index === 0) return { status: 503 };
      return { status: Buffer.from(body).includes('poison') ? 400 : 200 };
    };
    await start(destination(['concurrency: 1']));
    for (const index of range(0, 8))
      await sendBody(
        tracesRequest(index, 5, { firstItem: index * 5, service: index === 3 ? 'poison' : 'sound' }),
      );
    expect(await settled()).toMatchObject({ forwarded: '35', failed: '5' });
    expect(ascending(receiver.items)).toEqual(range(0, 40).filter((item) => item < 15 || item >= 20));
  });

  test('what is too large for it is halved, down to single items', async () => {
    receiver.answer = ({ body }) => ({ status: body.length > 2500 ? 413 : 200 });
    await start(destination());
    await sendItems(0, 50);
    await sendItems(0, 60, 'metrics');
    expect(await settled()).toMatchObject({ forwarded: '50', failed: '0' });
    expect(await settled('metrics')).toMatchObject({ forwarded: '60', failed: '0' });
    const traces = receiver.accepted.filter(({ path }) => path === '/v1/traces');
    expect(traces.length).toBeGreaterThan(5);
  });

  test('a destination that hangs is asked again after the timeout', async () => {
    receiver.answer = (_, index) => (index === 0 ? { status: 200, hangs: true } : { status: 200 });
    await start(destination(['timeout: 300ms']));
    await sendItems(0, 5);
    await until(async () => (await link.ledger()).destinations.there?.trouble ?? receiver.requests[1]);
    expect(await settled()).toMatchObject({ forwarded: '5' });
  });
});

describe('over gRPC', () => {
  beforeEach(async () => {
    await receiver.close();
    receiver = await OtlpReceiver.start({ protocol: 'grpc' });
  });

  test.each([1, 4, 10, 11, 14, 15])('status %i is repeated', async (status) => {
    receiver.answer = (_, index) => ({ status: index < 2 ? status : 0 });
    await start(destination(['protocol: grpc']));
    await sendItems(0, 5);
    expect(await settled()).toMatchObject({ forwarded: '5' });
  });

  test.each([2, 3, 5, 6, 7, 8, 9, 12, 13, 16])('status %i is not', async (status) => {
    receiver.answer = () => ({ status });
    await start(destination(['protocol: grpc']));
    await sendItems(0, 1);
    expect(await settled()).toMatchObject({ failed: '1' });
    expect(receiver.requests).toHaveLength(1);
  });

  test('RESOURCE_EXHAUSTED with RetryInfo is repeated after the pause that it asks for', async () => {
    const delayed = lengthDelimited(1, varintField(2, 200_000_000));
    const type = stringField(1, 'type.googleapis.com/google.rpc.RetryInfo');
    const details = Buffer.concat([varintField(1, 8), lengthDelimited(3, type, lengthDelimited(2, delayed))]);
    const headers = { 'grpc-status-details-bin': details.toString('base64') };
    receiver.answer = (_, index) => (index === 0 ? { status: 8, headers } : { status: 0 });
    await start(destination(['protocol: grpc']));
    await sendItems(0, 5);
    expect(await settled()).toMatchObject({ forwarded: '5' });
  });
});

test('each tenant is forwarded by itself, and its requests say whose they are', async () => {
  const to = `there: {endpoint: "${receiver.url}", batch: {wait: 10ms}, retry: {first: 10ms}}`;
  const settings = parseConfig(`tenants: {by: header}\nforward: {to: {${to}}}`, join(dataDir, 'maru.yaml'));
  intake = await startIntake({ ...settings, dataDir, otlpHttpPort: 0, otlpGrpcPort: 0 });
  for (const tenant of ['red', 'blue']) {
    const response = await fetch(`http://127.0.0.1:${intake.httpPort}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-protobuf', 'x-scope-orgid': tenant },
      body: Uint8Array.from(tracesRequest(1, 1, { firstItem: tenant === 'red' ? 1 : 2 })),
    });
    expect(response.status).toBe(200);
  }
  await until(() => (receiver.accepted.length === 2 ? true : undefined));
  const got = receiver.accepted.map(({ headers, body }) => [headers['x-scope-orgid'], itemNumbers(body)]);
  expect(got.toSorted()).toEqual([
    ['blue', [2]],
    ['red', [1]],
  ]);
});

describe('a destination that is away', () => {
  test('gets everything when it is back, and the store waits for nothing', async () => {
    const { port } = receiver;
    await receiver.close();
    await start(destination());
    for (const index of range(0, 5)) {
      await sendItems(index * 10, 10);
      await load();
    }
    const ledger = await link.ledger();
    expect(ledger.signals.traces).toMatchObject({ stored: '50', waiting: '0' });
    expect(ledger.destinations.there).toMatchObject({
      signals: { traces: { waiting: '50' } },
      trouble: { detail: expect.stringContaining('cannot be reached') },
    });
    expect(await segmentFiles()).toHaveLength(5);
    receiver = await OtlpReceiver.start({ port });
    expect(await settled()).toMatchObject({ forwarded: '50' });
    expect(ascending([...new Set(receiver.items)])).toEqual(range(0, 50));
    await until(async () => ((await segmentFiles()).length === 0 ? true : undefined));
  });

  test('gets it after a restart too, and nothing twice that it had', async () => {
    await start(destination());
    await sendItems(0, 10);
    await settled();
    receiver.answer = () => ({ status: 503 });
    await sendItems(10, 10);
    await load();
    await stop();
    receiver.answer = () => ({ status: 200 });
    await start(destination());
    expect(await settled()).toMatchObject({ offered: '20', forwarded: '20' });
    expect(ascending(receiver.items)).toEqual(range(0, 20));
  });

  test('fills the disk up to the limit, then the oldest are given up and counted', async () => {
    receiver.answer = () => ({ status: 503 });
    await start(destination(), ['max_backlog: 12KB']);
    for (const index of range(0, 10)) {
      await sendItems(index * 10, 10);
      await load();
    }
    const waiting = (await link.ledger()).destinations.there?.signals.traces;
    expect(Number(waiting?.droppedBy.disk_cap)).toBeGreaterThan(50);
    expect((await segmentFiles()).length).toBeLessThan(4);
    receiver.answer = () => ({ status: 200 });
    const totals = await settled();
    expect(Number(totals.forwarded) + Number(totals.dropped)).toBe(100);
    expect((await link.ledger()).signals.traces).toMatchObject({ stored: '100', waiting: '0' });
  });

  test('that is taken out of the configuration holds nothing back', async () => {
    receiver.answer = () => ({ status: 503 });
    await start(destination());
    await sendItems(0, 10);
    await load();
    await stop();
    intake = await startIntake({
      ...parseConfig('', join(dataDir, 'maru.yaml')),
      dataDir,
      otlpHttpPort: 0,
      otlpGrpcPort: 0,
    });
    expect(intake.messages).toContain(
      'the destination there is not configured any more: 10 items that waited for it are given up',
    );
    expect(await segmentFiles()).toEqual([]);
  });
});
