import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { at, openCluster, openDump } from '@maru/cluster';
import { FakeApiServer } from '@maru/testkit';
import { expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { podObject } from '../testing/cluster.ts';
import { lookAtCluster } from './cluster.ts';

const stack = join(import.meta.dirname, '../../../../deploy/kubernetes/stack');

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

function rules(): readonly Rule[] {
  const [role] = parseAllDocuments(readFileSync(join(stack, 'components/doctor/role.yaml'), 'utf8'));
  const { rules: found }: { readonly rules: readonly Rule[] } = role?.toJS() ?? { rules: [] };
  return found;
}

const allowed = new Set(
  rules().flatMap(({ apiGroups, resources, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.flatMap((resource) => verbs.map((verb) => `${verb} ${group} ${resource}`)),
    ),
  ),
);

it('the role allows what the doctor asks for, nothing else, and no Secret', async () => {
  const asked = new Set<string>();
  const crashed = podObject({
    name: 'board-api-7c9d8f6b5-x2x4z',
    waiting: { reason: 'CrashLoopBackOff', message: 'back-off' },
    lastExitCode: 1,
  });
  const server = await FakeApiServer.start({
    objects: [crashed],
    refuses: ({ verb, groupVersion, resource }) => {
      const group = groupVersion.includes('/') ? groupVersion.replace(/\/.*/, '') : '';
      asked.add(`${verb} ${group} ${resource}`);
      return false;
    },
  });
  const reader = await openCluster({ kubeconfig: server.kubeconfig });
  await lookAtCluster(reader, {});
  reader.close();
  await server.close();
  expect([...asked].toSorted()).toEqual([...allowed].toSorted());
  expect([...allowed].join()).not.toContain('secret');
});

const hasKubectl = ['/usr/bin/kubectl', '/usr/local/bin/kubectl'].some((path) => existsSync(path));

it.skipIf(!hasKubectl)('the component fits onto the base, and gives the pod its token', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'maru-component-'));
  const resource = (path: string): string => relative(folder, join(stack, path));
  writeFileSync(
    join(folder, 'kustomization.yaml'),
    `resources: [${resource('base')}]\ncomponents: [${resource('components/doctor')}]\n`,
  );
  try {
    const text = execFileSync('kubectl', ['kustomize', '--load-restrictor', 'LoadRestrictionsNone', folder]);
    writeFileSync(join(folder, 'rendered.yaml'), text);
    const dump = await openDump(join(folder, 'rendered.yaml'));
    const [maru] = (await dump.list('StatefulSet', 'maru')).objects;
    expect(at(maru?.value, 'spec', 'template', 'spec', 'automountServiceAccountToken')).toBe(true);
    expect(text.toString()).toContain('name: maru-doctor');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
