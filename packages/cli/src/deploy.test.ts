import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeApiServer } from '@maru/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { maru } from '../test/maru.ts';

let dir: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-deploy-'));
});

afterAll(() => rmSync(dir, { recursive: true, force: true }));

const map = (value: string): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'm', namespace: 'n' },
  data: { KEY: value },
});

function file(name: string, object: object): string {
  const path = join(dir, name);
  writeFileSync(path, JSON.stringify(object));
  return path;
}

it('plans a file against a live cluster', async () => {
  const server = await FakeApiServer.start({ objects: [map('old')] });
  const overlay = file('wanted.yaml', map('new'));
  const { code, stdout } = await maru(
    'deploy',
    'plan',
    '--overlay',
    overlay,
    '--kubeconfig',
    server.kubeconfig,
  );
  await server.close();
  expect(stdout).toBe(
    `against context fake (${server.url}):\n  ~ ConfigMap n/m\n      data.KEY: old → new\n` +
      '0 to create, 1 to change, 0 unchanged, 0 unknown, 0 of kinds that the cluster lacks\n',
  );
  expect(code).toBe(0);
}, 30_000);

it('plans both sides of an overlay against a dump', async () => {
  const dump = file('dump.json', map('old'));
  const { code, stdout } = await maru('deploy', 'plan', '--overlay', 'aks', '--dump', dump, '--json');
  const objects = JSON.parse(stdout).steps.map(({ object }: { object: string }) => object);
  expect(objects).toEqual(expect.arrayContaining(['StatefulSet maru/maru', 'Deployment board/board-api']));
  expect(code).toBe(0);
}, 30_000);

it('says which overlays there are, and which cluster or dump it cannot read', async () => {
  const unknown = await maru('deploy', 'plan', '--overlay', 'gke');
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('there are aks, stack-aks')]);
  const lost = await maru('deploy', 'plan', '--overlay', 'aks', '--dump', join(dir, 'lost'));
  expect([lost.code, lost.stderr]).toEqual([2, expect.stringContaining('give a path that exists')]);
  const overlay = file('one.yaml', map('x'));
  const none = await maru('deploy', 'plan', '--overlay', overlay, '--kubeconfig', join(dir, 'lost'));
  expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('kubeconfig')]);
}, 30_000);
