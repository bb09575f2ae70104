import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { mayConnect, type Peer, waysOut } from './connections.ts';
import { lgtm, objectsOf, overlays, workloadsOf } from './objects.ts';
import { repository } from './repository.ts';

interface Exporter {
  readonly endpoint: string;
}

interface Pipeline {
  readonly receivers: readonly string[];
  readonly processors: readonly string[];
  readonly exporters: readonly string[];
}

interface Door {
  readonly endpoint: string;
  readonly auth: { readonly authenticator: string };
}

interface Collector {
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly receivers: { readonly otlp: { readonly protocols: Readonly<Record<string, Door>> } };
  readonly exporters: Readonly<Record<string, Exporter>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<Record<string, Pipeline>>;
  };
}

interface ComposeService {
  readonly image: string;
  readonly command?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop: readonly string[];
  readonly mem_limit: string;
  readonly ports?: readonly string[];
  readonly networks?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean } | null>>;
}

const folder = `${repository}/deploy/lgtm`;
const collector: Collector = read('config/collector.yaml');
const { services, networks }: Compose = read('compose.yaml');
const objects = objectsOf(lgtm);
const workloads = workloadsOf(objects);

/** The shape is the caller's word; the tests say where it is not so. */
function read<Shape>(name: string): Shape {
  return parse(readFileSync(`${folder}/${name}`, 'utf8'), { merge: true });
}

function pod(name: string): Peer {
  return {
    namespace: 'lgtm',
    namespaceLabels: { 'kubernetes.io/metadata.name': 'lgtm' },
    labels: { 'app.kubernetes.io/name': name },
  };
}

const outside = { namespace: 'board', labels: { 'app.kubernetes.io/name': 'board-api' } };
const sender: Peer = {
  ...outside,
  namespaceLabels: { 'kubernetes.io/metadata.name': 'board', 'maru.dev/sends-telemetry': 'true' },
};
const stranger: Peer = { ...outside, namespaceLabels: { 'kubernetes.io/metadata.name': 'elsewhere' } };

/** Host and port of every address in a text. */
function addressesIn(text: string): ReadonlySet<string> {
  return new Set([...text.matchAll(/http:\/\/([\w.-]+:\d+)/g)].map(([, address = '']) => address));
}

describe('the Collector', () => {
  it('asks for the key at each of its doors', () => {
    const doors = Object.values(collector.receivers.otlp.protocols);
    expect(doors.map(({ endpoint }) => endpoint)).toEqual(['0.0.0.0:4317', '0.0.0.0:4318']);
    for (const { auth } of doors) expect(collector.service.extensions).toContain(auth.authenticator);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the Collector's own placeholder
    expect(collector.extensions.bearertokenauth).toEqual({ token: '${env:OTLP_KEY}' });
  });

  it('sends each signal to its own backend, and refuses before it runs out of memory', () => {
    const { pipelines } = collector.service;
    const ways = Object.entries(pipelines).map(([signal, { exporters }]) => [signal, exporters]);
    expect(Object.fromEntries(ways)).toEqual({
      traces: ['otlp_http/tempo'],
      metrics: ['otlp_http/mimir'],
      logs: ['otlp_http/loki'],
    });
    for (const { processors, exporters } of Object.values(pipelines)) {
      expect(processors[0]).toBe('memory_limiter');
      for (const name of exporters) expect(collector.exporters).toHaveProperty([name]);
    }
  });

  it('has a key to both doors by the second file, and nothing else', () => {
    const tls: Collector = read('config/collector-tls.yaml');
    expect(Object.keys(tls)).toEqual(['receivers']);
    expect(Object.keys(tls.receivers.otlp.protocols)).toEqual(['grpc', 'http']);
  });
});

describe.each([
  ['the Collector', 'collector', 'config/collector.yaml'],
  ['Tempo', 'tempo', 'config/tempo.yaml'],
  ['Grafana', 'grafana', 'config/datasources.yaml'],
])('%s', (_, name, file) => {
  const addresses = [...addressesIn(readFileSync(`${folder}/${file}`, 'utf8'))];

  it('names ports that a Service on the cluster has, and may reach them', () => {
    expect(addresses.length).toBeGreaterThan(0);
    for (const address of addresses) {
      const [host = '', port] = address.split(':');
      const chosen = workloads.find(({ metadata }) => metadata.name === host);
      const ports = chosen?.spec.template.spec.containers.flatMap(({ ports: all }) => all) ?? [];
      expect(ports.map(({ containerPort }) => containerPort)).toContain(Number(port));
      expect(mayConnect(objects, pod(name), pod(host), Number(port))).toBe(true);
    }
  });

  it('shares a network with them by compose', () => {
    for (const address of addresses)
      expect(services[address.split(':')[0] ?? '']?.networks).toEqual(['backends']);
    expect(services[name]?.networks).toContain('backends');
  });
});

it('listens where its configuration says: the ports of the manifests are those of the files', () => {
  for (const name of ['tempo', 'mimir', 'loki']) {
    const { server }: { server: { http_listen_port: number } } = read(`config/${name}.yaml`);
    const workload = workloads.find(({ metadata }) => metadata.name === name);
    const http = workload?.spec.template.spec.containers[0]?.ports.find((port) => port.name === 'http');
    expect(http?.containerPort).toBe(server.http_listen_port);
  }
});

it.each(['tempo', 'mimir', 'loki'])('%s writes to its volume and nowhere else', (name) => {
  const text = readFileSync(`${folder}/config/${name}.yaml`, 'utf8');
  const paths = [
    ...text.matchAll(/(?:path|dir|directory|filepath|path_prefix|rules|chunks)\w*: (\/\S+)/g),
  ].map(([, path = '']) => path);
  expect(paths.length).toBeGreaterThan(2);
  for (const path of paths) expect(path).toMatch(new RegExp(`^/var/${name}(/|$)`));
});

describe('on a cluster', () => {
  it.each([
    ['a labelled namespace', sender, 'collector', 4317, true],
    ['a labelled namespace', sender, 'collector', 4318, true],
    ['another namespace', stranger, 'collector', 4318, false],
    ['a labelled namespace, past the key', sender, 'tempo', 4318, false],
    ['a labelled namespace, past the key', sender, 'mimir', 9009, false],
    ['a labelled namespace, past the key', sender, 'loki', 3100, false],
    ['another namespace', stranger, 'grafana', 3000, false],
  ] as const)('%s: %o reaches %s:%i: %s', (_, from, to, port, may) => {
    expect(mayConnect(objects, from, pod(to), port)).toBe(may);
  });

  it('the Board reaches the Collector with the overlay for it, and nothing behind it', () => {
    const board = overlays.filter(({ name }) => name === 'workload-aks-lgtm').flatMap(objectsOf);
    const telemetry = board.find(({ kind }) => kind === 'ConfigMap')?.data;
    const endpoint = new URL(telemetry?.OTEL_EXPORTER_OTLP_ENDPOINT ?? '');
    expect(endpoint.host).toBe('collector.lgtm.svc.cluster.local:4318');
    const reached = ['collector', 'tempo', 'mimir', 'loki'].filter((name) =>
      [4318, 9009, 3100].some((port) => mayConnect([...board, ...objects], sender, pod(name), port)),
    );
    expect(reached).toEqual(['collector']);
  });

  it('nothing has a way out of it', () => {
    const names = workloads.map(({ metadata }) => metadata.name);
    expect(names.flatMap((name) => waysOut(objects, pod(name)))).toEqual([]);
  });

  it('each password comes from a Secret', () => {
    const variables = workloads.flatMap(({ spec }) => spec.template.spec.containers[0]?.env ?? []);
    const secret = variables.filter(({ name }) => /PASSWORD|KEY/.test(name));
    expect(secret.map(({ valueFrom }) => valueFrom?.secretKeyRef)).toEqual([
      { name: 'lgtm-otlp', key: 'key' },
      { name: 'lgtm-grafana', key: 'password' },
    ]);
  });
});

describe('by compose', () => {
  it('runs the same versions as on a cluster', () => {
    const images = workloads.map(({ spec }) => spec.template.spec.containers[0]?.image);
    const { volumes: _, ...lasting } = services;
    expect(Object.values(lasting).map(({ image }) => image)).toEqual(expect.arrayContaining(images));
    expect(Object.keys(lasting)).toHaveLength(images.length);
    for (const { image } of Object.values(services)) expect(image).toMatch(/:\d+\.\d+\.\d+$/);
  });

  it('is restricted, and published on loopback', () => {
    for (const service of Object.values(services)) {
      expect(service.read_only).toBe(true);
      expect(service.cap_drop).toEqual(['ALL']);
      expect(service.mem_limit).toMatch(/^\d+[mg]$/);
      for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    }
    expect(networks.backends?.internal).toBe(true);
  });

  it('has no value for a key or a password', () => {
    const given = Object.values(services).flatMap(({ environment }) => Object.entries(environment ?? {}));
    const secret = given.filter(([name]) => /PASSWORD|KEY/.test(name));
    expect(secret).toHaveLength(2);
    for (const [, value] of secret) expect(value).toMatch(/^\$\{\w+:\?\}$/);
  });
});
