import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tracesRequest } from '@maru/testkit';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { startIntake } from '../intake/intake.ts';
import { readLedgerFile } from '../intake/ledger-file.ts';
import { type ConfiguredKey, defaultSettings } from '../settings.ts';
import { KeyCheck } from './key-check.ts';
import { createKey, keyFilePath, readKeys, revokeKey } from './key-file.ts';
import { ownKey } from './own-key.ts';
import { RateMeter } from './rate-meter.ts';
import { sessionToken } from './session-token.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'maru-keys-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const shown = (authorization: string | undefined): IncomingHttpHeaders =>
  authorization === undefined ? {} : { authorization };

/** A check that has looked at the file as it is now. */
function check(): KeyCheck {
  return new KeyCheck({ dataDir, ownSecret: 'own' });
}

test('without keys everybody may send', async () => {
  expect(await readKeys(dataDir)).toBeUndefined();
  await check().authorize({}, 'traces');
});

test('a key is taken as a bearer token and as a basic password, its secret kept nowhere', async () => {
  const { key, secret } = await createKey(dataDir, 'board');
  await check().authorize({ authorization: `Bearer ${secret}` }, 'traces');
  await check().authorize(
    { authorization: `Basic ${Buffer.from(`anyone:${secret}`).toString('base64')}` },
    'logs',
  );
  expect(await readFile(keyFilePath(dataDir), 'utf8')).not.toContain(secret);
  expect((await stat(keyFilePath(dataDir))).mode & 0o077).toBe(0);
  expect(await readKeys(dataDir)).toEqual([key]);
});

test.each([undefined, 'Bearer wrong', 'Bearer', 'Basic !!!', 'Digest x'])(
  '%s is refused',
  async (authorization) => {
    await createKey(dataDir, 'board');
    await expect(check().authorize(shown(authorization), 'traces')).rejects.toMatchObject({
      reason: 'unauthorized',
    });
  },
);

test('a key for some signals does not open the others', async () => {
  const { secret } = await createKey(dataDir, 'board', ['logs']);
  await check().authorize({ authorization: `Bearer ${secret}` }, 'logs');
  await expect(check().authorize({ authorization: `Bearer ${secret}` }, 'traces')).rejects.toMatchObject({
    reason: 'forbidden',
  });
});

test('a revoked key is refused, and the last one does not open the doors to all', async () => {
  const { key, secret } = await createKey(dataDir, 'board');
  await revokeKey(dataDir, key.id);
  await expect(check().authorize({ authorization: `Bearer ${secret}` }, 'traces')).rejects.toThrow(
    'was revoked',
  );
  await expect(check().authorize({}, 'traces')).rejects.toMatchObject({ reason: 'unauthorized' });
  await expect(revokeKey(dataDir, 'nobody')).rejects.toThrow('there is no ingest key');
});

test('the doors ask for a key, of others and not of the stack itself', async () => {
  const { secret } = await createKey(dataDir, 'board');
  const intake = await startIntake({ ...defaultSettings, dataDir, otlpHttpPort: 0, otlpGrpcPort: 0 });
  const send = async (path: string, authorization?: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${intake.httpPort}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-protobuf',
        ...(authorization === undefined ? {} : { authorization }),
      },
      body: Uint8Array.from(tracesRequest(1, 1)),
    });
  try {
    const refused = await send('/v1/traces');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Bearer');
    expect((await send('/api/v1/write')).status).toBe(401);
    expect((await send('/v1/traces', `Bearer ${secret}`)).status).toBe(200);
    expect((await send('/v1/traces', `Bearer ${await ownKey(dataDir)}`)).status).toBe(200);
  } finally {
    await intake.close();
  }
});

test('a meter holds a second, lets a large request through and makes it wait until it is paid', () => {
  let nowMs = 0;
  const meter = new RateMeter(100, () => nowMs);
  meter.take(99);
  expect(meter.waitSeconds).toBe(0);
  meter.take(301);
  expect(meter.waitSeconds).toBe(3);
  nowMs += 2_900;
  expect(meter.waitSeconds).toBe(1);
  nowMs += 200;
  expect(meter.waitSeconds).toBe(0);
  nowMs += 3_600_000;
  meter.take(100);
  expect(meter.waitSeconds).toBe(1);
});

test('a key with a rate is told to wait, over HTTP and gRPC, and the ledger counts it', async () => {
  const { secret } = await createKey(dataDir, 'board', undefined, { rate: { itemsPerSecond: 10 } });
  const intake = await startIntake({ ...defaultSettings, dataDir, otlpHttpPort: 0, otlpGrpcPort: 0 });
  try {
    const send = (): Promise<Response> =>
      fetch(`http://127.0.0.1:${intake.httpPort}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-protobuf', authorization: `Bearer ${secret}` },
        body: Uint8Array.from(tracesRequest(1, 50)),
      });
    expect((await send()).status).toBe(200);
    const refused = await send();
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(3);
    const grpc = connect(`http://127.0.0.1:${intake.grpcPort}`);
    const call = grpc.request({
      ':method': 'POST',
      ':path': '/opentelemetry.proto.collector.trace.v1.TraceService/Export',
      'content-type': 'application/grpc',
      authorization: `Bearer ${secret}`,
    });
    call.end(Buffer.alloc(5));
    const [answer] = (await once(call, 'response')) as [IncomingHttpHeaders];
    expect(answer['grpc-status']).toBe('8');
    const details = Buffer.from(String(answer['grpc-status-details-bin']), 'base64').toString('latin1');
    expect(details).toContain('google.rpc.RetryInfo');
    grpc.close();
  } finally {
    await intake.close();
  }
  const { signals } = (await readLedgerFile(dataDir)).snapshot;
  expect(signals.traces).toMatchObject({ journaled: 50, rejected: { rate_limited: 2 } });
});

describe('who may read', () => {
  const reader = (headers: IncomingHttpHeaders): Promise<string> => check().reader(headers);

  test('everybody, as long as no key reads', async () => {
    await createKey(dataDir, 'board');
    expect(await check().asksReaders()).toBe(false);
    expect(await reader({})).toBe('');
  });

  test('from the first key on that reads, whoever shows one; revoking it opens nothing', async () => {
    const { key, secret } = await createKey(dataDir, 'grafana', [], { reads: true });
    await expect(reader({})).rejects.toMatchObject({ reason: 'unauthorized' });
    expect(await reader(shown(`Bearer ${secret}`))).toBe('');
    await revokeKey(dataDir, key.id);
    await expect(reader(shown(`Bearer ${secret}`))).rejects.toMatchObject({ reason: 'unauthorized' });
    await expect(reader({})).rejects.toMatchObject({ reason: 'unauthorized' });
  });

  test('a key that reads alone asks nothing of senders', async () => {
    await createKey(dataDir, 'grafana', [], { reads: true });
    expect(await check().authorize({}, 'logs')).toMatchObject({ tenant: '' });
  });

  test('a session ends with its time and with its key', async () => {
    const { key, secret } = await createKey(dataDir, 'grafana', [], { reads: true });
    const token = await check().signIn(secret);
    expect(await reader({ cookie: `maru_session=${token}` })).toBe('');
    const over = sessionToken(key.id, 'own', Date.now() - 8 * 86_400_000);
    await expect(reader({ cookie: `maru_session=${over}` })).rejects.toMatchObject({
      reason: 'unauthorized',
    });
    const ofOthers = sessionToken(key.id, 'another stack', Date.now());
    await expect(reader({ cookie: `maru_session=${ofOthers}` })).rejects.toMatchObject({
      reason: 'unauthorized',
    });
    await revokeKey(dataDir, key.id);
    await expect(reader({ cookie: `maru_session=${token}` })).rejects.toMatchObject({
      reason: 'unauthorized',
    });
  });
});

test.each(['header', 'key'] as const)('by %s the stack itself says whose it is what it sends', async (by) => {
  const keys = new KeyCheck({ dataDir, ownSecret: 'own', tenants: { by, most: 5 } });
  const own = { authorization: 'Bearer own' };
  expect(await keys.authorize(own, 'metrics')).toMatchObject({ tenant: '' });
  expect(await keys.authorize({ ...own, 'x-scope-orgid': 'shop' }, 'metrics')).toMatchObject({
    tenant: 'shop',
  });
});

describe('keys of the configuration', () => {
  const secret = 'a secret of a mounted file'.replaceAll(' ', '-');
  const opened = (keys: readonly ConfiguredKey[]): KeyCheck =>
    new KeyCheck({ dataDir, ownSecret: 'own', configured: keys });
  const secretPath = (): string => join(dataDir, 'secret');
  const bearer = (text: string): IncomingHttpHeaders => ({ authorization: `Bearer ${text}` });

  test('count beside those that were made', async () => {
    const made = await createKey(dataDir, 'made');
    await writeFile(secretPath(), `${secret}\n`);
    const keys = opened([{ name: 'board', secretPath: secretPath() }]);
    await keys.authorize(bearer(secret), 'traces');
    await keys.authorize(bearer(made.secret), 'traces');
    await expect(keys.authorize({}, 'traces')).rejects.toMatchObject({ reason: 'unauthorized' });
  });

  test('send everything, or nothing when they read, unless it is said', async () => {
    await writeFile(secretPath(), secret);
    const reading = opened([{ name: 'people', secretPath: secretPath(), reads: true }]);
    expect(await reading.reader(bearer(secret))).toBe('');
    await expect(reading.authorize(bearer(secret), 'logs')).resolves.toBeDefined();
    const both = opened([{ name: 'all', secretPath: secretPath(), reads: true, signals: ['logs'] }]);
    await both.authorize(bearer(secret), 'logs');
    await expect(both.authorize(bearer(secret), 'traces')).rejects.toMatchObject({ reason: 'forbidden' });
  });

  test('follow their files, and still ask for a key when a file is gone', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    await writeFile(secretPath(), secret);
    const keys = opened([{ name: 'board', secretPath: secretPath() }]);
    await keys.authorize(bearer(secret), 'traces');

    await writeFile(secretPath(), `another-${secret}`);
    await utimes(secretPath(), 1_700_000_000, 1_700_000_000);
    vi.advanceTimersByTime(1001);
    await keys.authorize(bearer(`another-${secret}`), 'traces');
    await expect(keys.authorize(bearer(secret), 'traces')).rejects.toMatchObject({ reason: 'unauthorized' });

    await rm(secretPath());
    vi.advanceTimersByTime(1001);
    await expect(keys.authorize(bearer(`another-${secret}`), 'traces')).rejects.toMatchObject({
      reason: 'unauthorized',
    });
    await expect(keys.authorize({}, 'traces')).rejects.toMatchObject({ reason: 'unauthorized' });
    vi.useRealTimers();
  });

  test('have limits of their own', async () => {
    await writeFile(secretPath(), secret);
    const keys = opened([{ name: 'board', secretPath: secretPath(), rate: { itemsPerSecond: 10 } }]);
    const { spent } = await keys.authorize(bearer(secret), 'traces');
    spent(1000, 1);
    await expect(keys.authorize(bearer(secret), 'traces')).rejects.toMatchObject({ reason: 'rate_limited' });
  });
});
