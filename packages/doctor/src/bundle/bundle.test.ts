import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openCluster, type Seen, tarOf } from '@maru/cluster';
import { FakeApiServer } from '@maru/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { examineBundle, examineCluster } from '../examine.ts';
import { lookAtCluster } from '../look/cluster.ts';
import { nodeObject, podObject } from '../testing/cluster.ts';
import { bundleOf } from './bundle.ts';

const secret = 'hunter2-Zx81';
const crashed = podObject({
  name: 'board-api-7c9d8f6b5-x2x4z',
  waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s restarting failed container' },
  lastExitCode: 1,
  environment: {
    DB_PASSWORD: secret,
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${secret}`,
    OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.example.com',
  },
  container: { args: ['--password', secret] },
});
const objects = [
  nodeObject('aks-pool-0'),
  crashed,
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'settings',
      namespace: 'board',
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': `{"password":"${secret}"}` },
    },
    data: { OTEL_TRACES_EXPORTER: 'oltp', API_TOKEN: secret, 'db.ini': `password=${secret}` },
  },
  {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db', namespace: 'board' },
    data: { password: Buffer.from(secret).toString('base64') },
  },
];
const logs = {
  'board/board-api-7c9d8f6b5-x2x4z/api': `listening\nlogin with ${secret} failed\n`,
  'board/board-api-7c9d8f6b5-x2x4z/api/previous': "Error: Cannot find module 'fastify'\n",
};

const folder = mkdtempSync(join(tmpdir(), 'maru-bundle-'));
let seen: Seen;
let live: readonly string[];

beforeAll(async () => {
  const server = await FakeApiServer.start({ objects, logs, refuses: ({ plural }) => plural === 'events' });
  const reader = await openCluster({ kubeconfig: server.kubeconfig });
  seen = await lookAtCluster(reader, {});
  live = (await examineCluster(reader)).findings.map(({ id }) => id);
  expect(server.requests.filter((one) => one.includes('secrets'))).toEqual([]);
  reader.close();
  await server.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a bundle read back tells the causes that the cluster told, and what could not be seen', async () => {
  const made = new Date('2026-11-28T09:00:00Z');
  const path = join(folder, 'cluster.tar.gz');
  writeFileSync(path, gzipSync(tarOf(bundleOf(seen, { cluster: 'context board', made }), made)));
  const { findings, gaps } = await examineBundle(path);
  expect(findings.map(({ id }) => id)).toEqual(live);
  expect(live).toContain('module-missing');
  expect(gaps.map(({ permission }) => permission?.resource)).toContain('events');
});

it('a bundle holds no secret, in whatever place the cluster had it', () => {
  const files = bundleOf(seen, { cluster: 'context board', made: new Date(0) });
  const text = files.map(({ bytes }) => bytes.toString()).join('\n');
  expect(text).toContain('https://otel.example.com');
  expect(text).toContain('"OTEL_TRACES_EXPORTER": "oltp"');
  expect(text).not.toContain(secret);
  expect(text).not.toContain(Buffer.from(secret).toString('base64'));
});

it('an archive that would fill the memory is not unpacked', async () => {
  const path = join(folder, 'bomb.tar.gz');
  writeFileSync(path, gzipSync(Buffer.alloc(300 * 2 ** 20)));
  await expect(examineBundle(path)).rejects.toThrow(/larger than/i);
});
