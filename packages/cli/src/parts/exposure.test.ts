import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createKey, revokeKey } from '@maru/server/keys';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkExposure } from './exposure.ts';

let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'maru-exposure-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const loopback = '127.0.0.1';
const check = (host: string, consoleHost: string, insecure = false): Promise<readonly string[]> =>
  checkExposure({ dataDir, keys: [], host, consoleHost, clientCertificates: false, insecure });

test.each([loopback, '127.8.9.1', '::1', 'localhost'])('%s asks for nothing', async (host) => {
  expect(await check(host, host)).toEqual([]);
});

test.each(['0.0.0.0', '::', '10.1.2.3', '127.0.0.1.example.com', 'stack.internal'])(
  '%s without a key is refused',
  async (host) => {
    await expect(check(host, loopback)).rejects.toThrow(
      'make one with ./maru key create NAME, ask for certificates',
    );
  },
);

test('a key opens the OTLP doors, a revoked one too, since from then on the doors ask for one', async () => {
  const { key } = await createKey(dataDir, 'board');
  expect(await check('0.0.0.0', loopback)).toEqual([]);
  await revokeKey(dataDir, key.id);
  expect(await check('0.0.0.0', loopback)).toEqual([]);
});

test('a key that sends opens no console, and one that reads opens no doors', async () => {
  await createKey(dataDir, 'board');
  await expect(check('0.0.0.0', '0.0.0.0')).rejects.toThrow('--host-console 0.0.0.0 would let everybody');
  await createKey(dataDir, 'grafana', [], { reads: true });
  expect(await check('0.0.0.0', '0.0.0.0')).toEqual([]);
});

test('a key that reads alone opens no doors', async () => {
  await createKey(dataDir, 'grafana', [], { reads: true });
  expect(await check(loopback, '0.0.0.0')).toEqual([]);
  await expect(check('0.0.0.0', '0.0.0.0')).rejects.toThrow('--host 0.0.0.0 would let everybody');
});

test('--insecure opens what it is told to, and says what that means', async () => {
  const sends = '--insecure: whoever reaches the OTLP ports on 0.0.0.0 may send, without a key';
  const reads =
    '--insecure: whoever reaches the console and the query APIs on 0.0.0.0 may read everything that is kept';
  expect(await check(loopback, loopback, true)).toEqual([]);
  expect(await check('0.0.0.0', loopback, true)).toEqual([sends]);
  expect(await check('0.0.0.0', '0.0.0.0', true)).toEqual([sends, reads]);
  await createKey(dataDir, 'board');
  expect(await check('0.0.0.0', '0.0.0.0', true)).toEqual([reads]);
});

test('certificates of clients open both', async () => {
  const wide = { dataDir, keys: [], host: '0.0.0.0', consoleHost: '0.0.0.0', insecure: false };
  expect(await checkExposure({ ...wide, clientCertificates: true })).toEqual([]);
});

test('keys of the configuration open what they are for, and one that cannot be used ends the start', async () => {
  const wide = {
    dataDir,
    host: '0.0.0.0',
    consoleHost: '0.0.0.0',
    clientCertificates: false,
    insecure: false,
  };
  const secretPath = join(dataDir, 'secret');
  const keys = [
    { name: 'board', secretPath },
    { name: 'people', secretPath: join(dataDir, 'other'), reads: true },
  ];
  writeFileSync(secretPath, 'sixteen-letters-\n');
  await expect(checkExposure({ ...wide, keys })).rejects.toThrow(
    `cannot use the key people: ${join(dataDir, 'other')} cannot be read (ENOENT); put its secret there, alone on one line`,
  );
  writeFileSync(join(dataDir, 'other'), 'too short');
  await expect(checkExposure({ ...wide, keys })).rejects.toThrow('other holds more than one word;');
  writeFileSync(join(dataDir, 'other'), 'short');
  await expect(checkExposure({ ...wide, keys })).rejects.toThrow('holds 5 characters where 16 are needed;');
  writeFileSync(join(dataDir, 'other'), 'another-of-sixteen');
  expect(await checkExposure({ ...wide, keys })).toEqual([]);
  await expect(checkExposure({ ...wide, keys: keys.slice(0, 1) })).rejects.toThrow('--host-console 0.0.0.0');
});
