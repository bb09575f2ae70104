import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Container, type KubernetesObject, objectsOf, overlays, workloadsOf } from './objects.ts';
import { repository } from './repository.ts';

/** Where the program of a container reads its variables, as globs. */
const sources: Readonly<Record<string, readonly string[]>> = {
  api: ['board/api/src/**/*.ts', 'node_modules/@opentelemetry/*/dist/**/*.mjs'],
  web: ['board/web/server/**/*.ts'],
  maru: ['maru', 'packages/cli/src/**/*.ts', 'packages/server/src/**/*.ts'],
};

/** Read by Node, and by glibc. */
const runtimeVariables = [
  'NODE_ENV',
  'NODE_OPTIONS',
  'NODE_COMPILE_CACHE',
  'NODE_EXTRA_CA_CERTS',
  'MALLOC_ARENA_MAX',
];

/** Read by the official image at its first start: https://hub.docker.com/_/mariadb */
const mariadbVariables = ['MARIADB_ROOT_PASSWORD', 'MARIADB_DATABASE', 'MARIADB_USER', 'MARIADB_PASSWORD'];

function textOf(globs: readonly string[]): string {
  const paths = globSync([...globs], { cwd: repository, exclude: (name) => name.endsWith('.test.ts') });
  return paths.map((path) => readFileSync(`${repository}/${path}`, 'utf8')).join('\n');
}

/** What a container is given: its own variables, and the keys of the ConfigMaps that it takes whole. */
function variablesOf(objects: readonly KubernetesObject[], { env, envFrom }: Container): readonly string[] {
  const maps = (envFrom ?? []).map(({ configMapRef }) => configMapRef?.name);
  const taken = objects.filter(({ kind, metadata }) => kind === 'ConfigMap' && maps.includes(metadata.name));
  return [...env.map(({ name }) => name), ...taken.flatMap(({ data }) => Object.keys(data ?? {}))];
}

/** `name` of every `$(name)` in a value. */
function referencesOf(value: string | undefined): readonly string[] {
  return [...(value ?? '').matchAll(/\$\((\w+)\)/g)].map(([, name = '']) => name);
}

const containers = overlays.flatMap((overlay) => {
  const objects = objectsOf(overlay);
  return workloadsOf(objects).flatMap(({ spec }) =>
    spec.template.spec.containers.map((container) => ({
      of: `${overlay.name}: ${container.name}`,
      overlay,
      objects,
      container,
      labels: spec.template.metadata.labels,
    })),
  );
});

describe.each(containers)('$of', ({ objects, container, labels }) => {
  it('gives only variables that the program reads', () => {
    const text = textOf(sources[container.name] ?? []);
    const references = container.env.flatMap(({ value }) => referencesOf(value));
    const known = [...references, ...(container.name === 'mariadb' ? mariadbVariables : runtimeVariables)];
    const names = variablesOf(objects, container).filter((name) => !known.includes(name));
    expect(names.filter((name) => !new RegExp(`\\b${name}\\b`).test(text))).toEqual([]);
  });

  it('gives each variable once, and refers only to those before', () => {
    const names = container.env.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    container.env.forEach(({ value }, index) => {
      for (const name of referencesOf(value)) expect(names.slice(0, index)).toContain(name);
    });
  });

  it('takes every password from a Secret', () => {
    for (const { name, value, valueFrom } of container.env) {
      if (!/PASSWORD|HEADERS/.test(name)) continue;
      expect(value).toBeUndefined();
      expect(valueFrom?.secretKeyRef?.name).toMatch(/^board-/);
    }
  });

  it('takes from ConfigMaps only what they hold', () => {
    const references = container.env.flatMap(({ valueFrom }) => valueFrom?.configMapKeyRef ?? []);
    for (const { name, key } of references) {
      const map = objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
      expect(map?.data).toHaveProperty([key]);
    }
  });

  it('runs the version that its label says', () => {
    const manifest = { api: 'board/api', web: 'board/web', maru: '.' }[container.name];
    if (manifest === undefined) return;
    const { version }: { version: string } = JSON.parse(
      readFileSync(`${repository}/${manifest}/package.json`, 'utf8'),
    );
    expect(labels['app.kubernetes.io/version']).toBe(version);
  });
});

describe("the API's telemetry", () => {
  const api = containers.find(({ of }) => of === 'workload-aks: api');
  const value = (name: string): string | undefined =>
    api?.container.env.find((variable) => variable.name === name)?.value;

  it('goes straight to the stack over OTLP/HTTP', () => {
    const map = api?.objects.find(({ kind }) => kind === 'ConfigMap');
    const stack = overlays.filter(({ name }) => name === 'stack-aks').flatMap(objectsOf);
    const endpoint = new URL(map?.data?.OTEL_EXPORTER_OTLP_ENDPOINT ?? '');
    const [service, namespace] = endpoint.hostname.split('.');
    expect([endpoint.protocol, endpoint.port, endpoint.pathname]).toEqual(['http:', '4318', '/']);
    expect(stack.filter(({ kind }) => kind === 'Service').map(({ metadata }) => metadata)).toContainEqual(
      expect.objectContaining({ name: service, namespace }),
    );
  });

  it('says where it comes from, by names of the semantic conventions', () => {
    const names = (value('OTEL_RESOURCE_ATTRIBUTES') ?? '').split(',').map((pair) => pair.split('=', 1)[0]);
    expect(names).toEqual([
      'service.version',
      'service.instance.id',
      'deployment.environment.name',
      'k8s.namespace.name',
      'k8s.pod.name',
      'k8s.pod.uid',
      'k8s.node.name',
      'k8s.deployment.name',
      'k8s.container.name',
    ]);
    expect(value('DEPLOYMENT_ENVIRONMENT')).toBe('production');
  });

  it('takes the pod and the node from the Downward API', () => {
    const paths = (api?.container.env ?? []).flatMap(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath ?? []);
    expect(paths).toEqual([
      'metadata.name',
      'spec.nodeName',
      'metadata.namespace',
      'metadata.uid',
      "metadata.labels['app.kubernetes.io/version']",
    ]);
  });
});
