import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeApiOptions, FakeApiServer } from '@maru/testkit';
import { afterAll, describe, expect, it } from 'vitest';
import { doctor, type Ended } from '../../test/doctor.ts';

const folder = mkdtempSync(join(tmpdir(), 'maru-doctor-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'board-api-1', namespace: 'board' },
  spec: { nodeName: 'n1', containers: [{ name: 'api', image: 'board-api:1' }] },
  status: {
    phase: 'Pending',
    conditions: [{ type: 'PodScheduled', status: 'True' }],
    containerStatuses: [
      {
        name: 'api',
        state: { waiting: { reason: 'CreateContainerConfigError', message: 'secret "db" not found' } },
      },
    ],
  },
};

const running = { ...pod, status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } };

/** Whatever else runs on the machine of the test. */
const noStack = ['--stack', 'http://127.0.0.1:9'];

async function examine(options: FakeApiOptions, ...words: readonly string[]): Promise<Ended> {
  const server = await FakeApiServer.start(options);
  try {
    return await doctor(...words, '--kubeconfig', server.kubeconfig, ...noStack);
  } finally {
    await server.close();
  }
}

describe('maru doctor on a live cluster', () => {
  it('ends with 1 and the cause', async () => {
    const { code, output } = await examine({ objects: [pod] }, '--namespace', 'board');
    expect(output).toContain('secret');
    expect(output).toContain('docs/reference/doctor/secret-missing.md');
    expect(code).toBe(1);
  });

  it('ends with 0 when nothing is wrong', async () => {
    const { code, output } = await examine({ objects: [running] }, '--lang', 'en');
    expect(output).toContain('Nothing wrong was found');
    expect(code).toBe(0);
  });

  it('ends with 2, and the role that would show it, when it may not look', async () => {
    const { code, output } = await examine({ objects: [], refuses: () => true }, '--namespace', 'board');
    expect(output).toMatch(/needs the permission "list" on them in namespace board/);
    expect(output).toMatch(
      /\$ kubectl create role maru-doctor -n board --verb=get,list --resource=\S*\bpods\b/,
    );
    expect(code).toBe(2);
  });

  it('ends with 2 when the namespace has no pods', async () => {
    const { code, output } = await examine({ objects: [pod] }, '--namespace', 'bord');
    expect(output).toContain('there are no pods in the namespace bord');
    expect(code).toBe(2);
  });

  it('ends with 2 and one sentence when there is no cluster', async () => {
    const { code, output } = await doctor('--kubeconfig', join(folder, 'none'), ...noStack);
    expect(output.trim().split('\n')).toHaveLength(1);
    expect(output).toContain('there is no kubeconfig at');
    expect(code).toBe(2);
  });

  it('writes Markdown for an issue, and JSON for a script', async () => {
    expect((await examine({ objects: [pod] }, '--markdown')).output).toContain('`secret-missing`');
    const { output } = await examine({ objects: [pod] }, '--json');
    expect(JSON.parse(output).findings[0].id).toBe('secret-missing');
  });

  it.each(['cluster.tar.gz', 'cluster'])('makes a bundle %s that it can read back', async (name) => {
    const path = join(folder, name);
    const made = await examine({ objects: [pod] }, 'bundle', '--out', path);
    expect(made.output).toContain('1 objects');
    expect(made.code).toBe(0);
    const read = await doctor('--bundle', path);
    expect(read.output).toContain('secret-missing');
    expect(read.code).toBe(1);
  });

  it('does not write a bundle over what is there', async () => {
    const { code, output } = await examine({ objects: [pod] }, 'bundle', '--out', folder);
    expect(output).toMatch(/cannot write the bundle to .*EEXIST/);
    expect(code).toBe(2);
  });

  it('asks the cluster what a node is, for an image that is to run there', async () => {
    const node = {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: 'aks-pool-0' },
      status: { nodeInfo: { operatingSystem: 'linux', architecture: 'arm64' } },
    };
    const words = ['image', '127.0.0.1:9/app:1', '--for', 'aks-pool-0', '--json'];
    const { output } = await examine({ objects: [node] }, ...words);
    expect(JSON.parse(output).findings[0].id).toBe('image-registry-unreachable');
    const gone = await examine({ objects: [node] }, 'image', '127.0.0.1:9/app:1', '--for', 'gone');
    expect(gone.output).toContain('nor a node that the cluster shows: "gone" (it has aks-pool-0)');
    expect(gone.code).toBe(2);
  });
});
