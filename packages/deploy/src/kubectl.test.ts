import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { FakeApiServer } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canRun } from './kubectl.ts';
import { everything, type KubernetesObject, type Overlay, objectsOf } from './objects.ts';

/** What a server would answer about kinds; the objects themselves it does not have, unless it is told to. */
async function serverWith(objects: readonly KubernetesObject[]): Promise<FakeApiServer> {
  return FakeApiServer.start({ objects });
}

async function dryRun(server: FakeApiServer, { plain }: Overlay): Promise<readonly string[]> {
  const args = [
    '--kubeconfig',
    server.kubeconfig,
    'apply',
    '--dry-run=client',
    '--validate=false',
    '-f',
    plain,
  ];
  const { stdout } = await promisify(execFile)('kubectl', args);
  return stdout.trim().split('\n');
}

describe.skipIf(!canRun('kubectl'))('kubectl takes the plain files (needs kubectl)', () => {
  let empty: FakeApiServer;

  // It asks which kinds there are, so one object of each kind is there, under a name that none of ours has.
  beforeAll(async () => {
    const kinds = new Map(everything.flatMap(objectsOf).map((object) => [object.kind, object]));
    const others = [...kinds.values()].map((object) => ({
      ...object,
      metadata: { ...object.metadata, name: 'of-somebody-else' },
    }));
    empty = await serverWith(others);
  });

  afterAll(async () => empty.close());

  it.each(everything)('$name: creates every object', async (overlay) => {
    const lines = await dryRun(empty, overlay);
    expect(lines).toHaveLength(objectsOf(overlay).length);
    expect(lines.filter((line) => !line.endsWith(' created (dry run)'))).toEqual([]);
  });
});
