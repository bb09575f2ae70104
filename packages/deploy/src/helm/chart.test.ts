import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { canRun } from '../kubectl.ts';
import { type KubernetesObject, objectsOf, overlays } from '../objects.ts';
import { repository } from '../repository.ts';
import { evaluate } from './template.ts';

type Values = { readonly [name: string]: Values | string };

const chart = `${repository}/deploy/helm/maru`;
const about: Readonly<Record<string, string>> = parse(readFileSync(`${chart}/Chart.yaml`, 'utf8'));
const defaults: Values = parse(readFileSync(`${chart}/values.yaml`, 'utf8'));

function merged(base: Values | string | undefined, over: Values | string): Values | string {
  if (typeof over === 'string' || typeof base !== 'object') return over;
  const entries = Object.entries(over).map(([name, value]) => [name, merged(base[name], value)]);
  return { ...base, ...Object.fromEntries(entries) };
}

/** The chart's objects, by our reading of its templates. */
function byTest(values: Values): readonly KubernetesObject[] {
  const scope = {
    Values: merged(defaults, values),
    Chart: { ...about, AppVersion: about.appVersion ?? '' },
    Release: { Namespace: 'maru', Name: 'maru' },
  };
  const texts = globSync('templates/*.yaml', { cwd: chart }).map((path) =>
    evaluate(readFileSync(`${chart}/${path}`, 'utf8'), scope),
  );
  return texts.flatMap(objectsIn);
}

/** The same by Helm itself. */
function byHelm(values: Values): readonly KubernetesObject[] {
  const dir = mkdtempSync(join(tmpdir(), 'maru-helm-'));
  writeFileSync(join(dir, 'values.yaml'), stringify(values));
  const args = ['template', 'maru', chart, '--namespace', 'maru', '--values', join(dir, 'values.yaml')];
  try {
    const env = { ...process.env, HELM_CACHE_HOME: dir, HELM_CONFIG_HOME: dir, HELM_DATA_HOME: dir };
    return objectsIn(
      execFileSync('helm', [...args, '--kube-version', '1.36.0'], { env, stdio: 'pipe' }).toString(),
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function objectsIn(text: string): readonly KubernetesObject[] {
  const all = parseAllDocuments(text).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as KubernetesObject | null;
  });
  return all.filter((object) => object !== null);
}

/** What an overlay renders to, without what a chart leaves to others: the namespace, and cert-manager's objects. */
function byKustomize(name: string): readonly KubernetesObject[] {
  const objects = overlays.filter((overlay) => overlay.name === name).flatMap(objectsOf);
  return objects.filter(
    ({ kind, apiVersion }) => kind !== 'Namespace' && !apiVersion.startsWith('cert-manager.io'),
  );
}

/** Kustomize orders what Helm leaves as it is; arguments, which have an order that matters, are in both as they stand. */
function sorted(objects: readonly KubernetesObject[]): readonly unknown[] {
  const key = ({ kind, metadata }: KubernetesObject): string => `${kind} ${metadata.name}`;
  const mountsByName = (_: string, value: unknown): unknown => {
    const isNamed = Array.isArray(value) && value.every((item) => typeof item === 'object' && 'name' in item);
    return isNamed ? value.toSorted((a, b) => (a.name < b.name ? -1 : 1)) : value;
  };
  return objects
    .toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
    .map((object) => JSON.parse(JSON.stringify(object, mountsByName)));
}

const cases: readonly (readonly [string, Values])[] = [
  ['stack-aks', { image: { repository: 'ktech4.azurecr.io/maru' }, storage: { className: 'managed-csi' } }],
  [
    'stack-aks-tls',
    {
      image: { repository: 'ktech4.azurecr.io/maru' },
      storage: { className: 'managed-csi' },
      tls: { secretName: 'maru-tls' },
    },
  ],
  [
    'stack-local',
    {
      image: { tag: 'dev' },
      storage: { size: '4Gi' },
      ingress: { host: 'maru.127.0.0.1.nip.io' },
    },
  ],
];

describe.each(cases)('the chart, with values as %s', (name, values) => {
  it('makes the objects of the overlay', () => {
    expect(sorted(byTest(values))).toEqual(sorted(byKustomize(name)));
  });

  it.skipIf(!canRun('helm'))('makes them by Helm too (needs helm)', () => {
    expect(sorted(byHelm(values))).toEqual(sorted(byKustomize(name)));
  });
});

it('has the version of Maru', () => {
  const { version }: { version: string } = JSON.parse(readFileSync(`${repository}/package.json`, 'utf8'));
  expect([about.version, about.appVersion]).toEqual([version, version]);
});

it.skipIf(!canRun('helm'))('is as Helm likes charts (needs helm)', () => {
  expect(execFileSync('helm', ['lint', '--strict', chart], { stdio: 'pipe' }).toString()).toContain(
    '0 chart(s) failed',
  );
});
