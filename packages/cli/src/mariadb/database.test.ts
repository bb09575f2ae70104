import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Supervisor } from '@maru/server/supervise';
import { createConnection } from 'mysql2/promise';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { hasApt } from './apt.ts';
import { databaseUrl, openDatabase } from './create.ts';
import { greets } from './handshake.ts';
import type { Installation } from './installation.ts';
import { obtain } from './obtain.ts';
import { serverOptions } from './server-options.ts';
import { findUnpacked, unpackServer } from './unpack.ts';
import { waysHere } from './ways.ts';

let dir: string;
let supervisor: Supervisor;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-mariadb-'));
  supervisor = new Supervisor({ say: () => {} });
});

afterEach(async () => {
  await supervisor.stop();
  rmSync(dir, { recursive: true, force: true });
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** Starts a server on `dir`; resolves with the address when it greets. */
async function start(installation: Installation): Promise<string> {
  const { dataDir, password } = await openDatabase(dir, installation);
  const port = await freePort();
  await supervisor.start({
    name: 'mariadb',
    command: installation.mariadbd,
    args: serverOptions({ installation, dataDir, port }),
    readiness: { kind: 'probe', isReady: () => greets(port) },
  });
  return databaseUrl(password, port);
}

async function query(url: string, sql: string): Promise<unknown> {
  const connection = await createConnection(url);
  try {
    return (await connection.query(sql))[0];
  } finally {
    await connection.end();
  }
}

it('keeps what was written across a kill -9 of the server', async () => {
  const url = await start(await obtain(waysHere(), () => {}));
  await query(url, 'CREATE TABLE kept (text VARCHAR(20)) ENGINE=InnoDB');
  await query(url, `INSERT INTO kept VALUES ('마루')`);
  supervisor.kill();
  await supervisor.stop();
  supervisor = new Supervisor({ say: () => {} });
  const again = await start(await obtain(waysHere(), () => {}));
  expect(await query(again, 'SELECT text FROM kept')).toEqual([{ text: '마루' }]);
}, 60_000);

it('gives the Board one account with a password in a file that only its user can read', async () => {
  const url = await start(await obtain(waysHere(), () => {}));
  expect(statSync(join(dir, 'password')).mode & 0o777).toBe(0o600);
  await expect(query(url.replace(/\/\/board:[^@]*@/, '//board:guess@'), 'SELECT 1')).rejects.toThrow(
    'Access denied',
  );
  await expect(
    query(url.replace(/\/\/board:[^@]*@/, '//root@').replace(/\/board$/, ''), 'SELECT 1'),
  ).rejects.toThrow('Access denied');
  await expect(query(url, 'CREATE DATABASE other')).rejects.toThrow('Access denied');
}, 60_000);

it('says what to do when the password file is lost', async () => {
  await start(await obtain(waysHere(), () => {}));
  await supervisor.stop();
  rmSync(join(dir, 'password'));
  await expect(openDatabase(dir, await obtain(waysHere(), () => {}))).rejects.toThrow(
    `delete ${dir} to begin with an empty one`,
  );
}, 60_000);

it.runIf(hasApt())(
  'unpacks the distribution’s package, as if nothing of it were installed, and runs it',
  async () => {
    const ours = /^(mariadb|mysql|libaio|libnuma|liburing)/;
    const place = { stateDir: join(dir, 'apt'), isInstalled: (name: string) => !ours.test(name) };
    const told: string[] = [];
    const installation = await unpackServer(join(dir, 'programs'), place, (detail) => told.push(detail));
    expect(told).toContain('unpacking it');
    expect(installation).toEqual(findUnpacked(join(dir, 'programs')));
    expect(existsSync(join(dir, 'programs/unpacked/usr/share/mysql/charsets'))).toBe(true);
    expect(await query(await start(installation), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  },
  180_000,
);
