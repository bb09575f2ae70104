import { readFileSync } from 'node:fs';
import { readPrometheusFile } from '@maru/scrape';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Peer, policiesIn } from './connections.ts';
import { pods } from './flows.ts';
import {
  collector,
  type KubernetesObject,
  objectsOf,
  overlays,
  type Workload,
  workloadsOf,
} from './objects.ts';
import { repository } from './repository.ts';

function objects(name: string): readonly KubernetesObject[] {
  return overlays.filter((overlay) => overlay.name === name).flatMap(objectsOf);
}

function named(all: readonly KubernetesObject[], kind: string, name: string): KubernetesObject | undefined {
  return all.find((object) => object.kind === kind && object.metadata.name === name);
}

function containerOf(
  workload: Workload | undefined,
): Workload['spec']['template']['spec']['containers'][number] {
  const [container] = workload?.spec.template.spec.containers ?? [];
  if (container === undefined) throw new Error('no such workload');
  return container;
}

/** The ranges outside of the cluster that may connect to a pod, with the ports. */
function waysIn(all: readonly KubernetesObject[], pod: Peer): readonly string[] {
  return policiesIn(all)
    .filter(({ metadata }) => metadata.namespace === pod.namespace)
    .flatMap(({ spec }) => spec.ingress ?? [])
    .flatMap(({ from, ports }) =>
      (from ?? []).flatMap(({ ipBlock }) =>
        ipBlock === undefined ? [] : [`${ipBlock.cidr}:${ports?.map(({ port }) => port).join(',')}`],
      ),
    );
}

describe.each(['stack-aks-tls', 'stack-aks-public'])('%s', (name) => {
  const all = objects(name);
  const [maru] = workloadsOf(all);

  it('serves every port over TLS, by the certificate in a Secret, and is probed so', () => {
    const container = containerOf(maru);
    expect(container.args?.slice(-2)).toEqual(['--tls-cert=/tls/tls.crt', '--tls-key=/tls/tls.key']);
    expect(container.volumeMounts).toContainEqual({ name: 'tls', mountPath: '/tls', readOnly: true });
    expect(maru?.spec.template.spec.volumes).toContainEqual({
      name: 'tls',
      secret: { secretName: 'maru-tls', defaultMode: 0o440 },
    });
    for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe])
      expect(probe?.httpGet?.scheme).toBe('HTTPS');
  });

  it('no longer calls gRPC unencrypted', () => {
    expect(JSON.stringify(named(all, 'Service', 'maru-otlp'))).not.toContain('h2c');
  });
});

describe('TLS by cert-manager', () => {
  const all = objects('stack-aks-tls');
  const sender = objects('workload-aks-tls');

  it('makes the Secret, signed by an authority of the namespace alone', () => {
    const certificate = named(all, 'Certificate', 'maru')?.spec;
    expect(certificate).toMatchObject({
      secretName: 'maru-tls',
      issuerRef: { kind: 'Issuer', name: 'maru-authority' },
    });
    expect(named(all, 'Issuer', 'maru-authority')?.spec).toEqual({ ca: { secretName: 'maru-authority' } });
    expect(named(all, 'Certificate', 'maru-authority')?.spec).toMatchObject({
      isCA: true,
      secretName: 'maru-authority',
    });
  });

  it('is for the name that the Board sends to, which trusts the authority', () => {
    const endpoint = new URL(
      named(sender, 'ConfigMap', 'board-telemetry')?.data?.OTEL_EXPORTER_OTLP_ENDPOINT ?? '',
    );
    expect(endpoint.protocol).toBe('https:');
    const certificate = named(all, 'Certificate', 'maru')?.spec as { readonly dnsNames: readonly string[] };
    expect(certificate.dnsNames).toContain(endpoint.hostname);
    const senders = workloadsOf(sender).filter(({ kind }) => kind === 'Deployment');
    expect(senders).toHaveLength(2);
    for (const workload of senders) {
      const { env, volumeMounts } = containerOf(workload);
      expect(env).toContainEqual({ name: 'NODE_EXTRA_CA_CERTS', value: '/authority/ca.crt' });
      expect(volumeMounts).toContainEqual({ name: 'authority', mountPath: '/authority', readOnly: true });
    }
  });
});

describe('OTLP from outside', () => {
  const all = objects('stack-aks-public');

  it('comes in from named ranges only, and only to the OTLP ports', () => {
    const service = named(all, 'Service', 'maru-otlp-public')?.spec as {
      readonly loadBalancerSourceRanges: readonly string[];
      readonly ports: readonly { readonly port: number }[];
    };
    const ranges = service.loadBalancerSourceRanges;
    expect(ranges.length).toBeGreaterThan(0);
    expect(ranges).not.toContain('0.0.0.0/0');
    expect(service.ports.map(({ port }) => port)).toEqual([4317, 4318]);
    expect(waysIn(all, pods.maru)).toEqual(ranges.map((range) => `${range}:4317,4318`));
  });

  it('keeps the address that the ranges are about', () => {
    expect(named(all, 'Service', 'maru-otlp-public')?.spec).toMatchObject({
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
    });
  });

  it('is nothing that another overlay of the stack lets in', () => {
    for (const name of ['stack-local', 'stack-aks', 'stack-aks-tls', 'stack-aks-metrics'])
      expect(waysIn(objects(name), pods.maru)).toEqual([]);
  });
});

describe("Kubernetes' own metrics", () => {
  const all = objects('stack-aks-metrics');

  it('are scraped by a file that Maru reads', async () => {
    const path = `${repository}/deploy/kubernetes/stack/components/kubernetes-metrics/prometheus.yml`;
    expect(named(all, 'ConfigMap', 'maru-scrape')?.data?.['prometheus.yml']).toBe(readFileSync(path, 'utf8'));
    const { jobs } = await readPrometheusFile(path);
    expect(jobs.map(({ name }) => name)).toEqual(['kubelet-cadvisor', 'kubelet-resource', 'pods']);
    expect(containerOf(workloadsOf(all)[0]).args?.at(-1)).toBe('--prometheus=/scrape/prometheus.yml');
  });

  it('take no right but to find targets and to read metrics', () => {
    const roles = all.filter(({ kind }) => kind === 'ClusterRole');
    expect(roles.flatMap((role) => ('rules' in role ? role.rules : []))).toEqual([
      { apiGroups: [''], resources: ['nodes', 'pods'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['nodes/metrics'], verbs: ['get'] },
    ]);
  });
});

interface CollectorConfig {
  readonly receivers: Readonly<Record<string, unknown>>;
  readonly processors: Readonly<Record<string, unknown>>;
  readonly exporters: Readonly<Record<string, { readonly endpoint: string; readonly headers: object }>>;
  readonly extensions: Readonly<Record<string, unknown>>;
  readonly service: {
    readonly extensions: readonly string[];
    readonly pipelines: Readonly<
      Record<string, Readonly<Record<'receivers' | 'processors' | 'exporters', readonly string[]>>>
    >;
  };
}

describe('the Collector for those who need one', () => {
  const all = objectsOf(collector);
  const configs = all.flatMap(({ kind, data }) =>
    kind === 'ConfigMap' ? [parse(data?.['collector.yaml'] ?? '') as CollectorConfig] : [],
  );

  it('takes no OTLP: services go on sending straight to the stack, and nothing is there twice', () => {
    const receivers = configs.flatMap((config) => Object.keys(config.receivers));
    expect(receivers.toSorted()).toEqual(['file_log', 'host_metrics', 'k8s_objects']);
    expect(all.filter(({ kind }) => kind === 'Service')).toEqual([]);
  });

  it('uses what it defines and defines what it uses', () => {
    expect(configs).toHaveLength(2);
    for (const { service, extensions, ...defined } of configs) {
      const pipelines = Object.values(service.pipelines);
      for (const part of ['receivers', 'processors', 'exporters'] as const) {
        const used = new Set(pipelines.flatMap((pipeline) => pipeline[part]));
        expect([...used].toSorted()).toEqual(Object.keys(defined[part]).toSorted());
      }
      expect(service.extensions.toSorted()).toEqual(Object.keys(extensions).toSorted());
      for (const { processors } of pipelines) expect(processors[0]).toBe('memory_limiter');
    }
  });

  it('sends to the address of the Board, with a key from a Secret', () => {
    const board = named(objects('workload-aks'), 'ConfigMap', 'board-telemetry');
    for (const { exporters } of configs)
      expect(exporters.otlp_http).toMatchObject({
        endpoint: board?.data?.OTEL_EXPORTER_OTLP_ENDPOINT,
        headers: { authorization: `\${env:OTLP_AUTHORIZATION}` },
      });
    for (const workload of workloadsOf(all))
      expect(containerOf(workload).env).toContainEqual({
        name: 'OTLP_AUTHORIZATION',
        valueFrom: { secretKeyRef: { name: 'collector-otlp', key: 'authorization' } },
      });
  });

  it('writes to no file of the node but its own state, and has none of root’s rights', () => {
    for (const workload of workloadsOf(all)) {
      const { securityContext, volumeMounts } = containerOf(workload);
      expect(securityContext).toMatchObject({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      const writable = volumeMounts.filter((mount) => !('readOnly' in mount)).map(({ name }) => name);
      expect(writable).toEqual(workload.kind === 'DaemonSet' ? ['state'] : []);
    }
  });

  it('is the version that the Grafana stack of deploy/lgtm has', () => {
    const text = readFileSync(`${repository}/deploy/lgtm/kustomization.yaml`, 'utf8');
    for (const workload of workloadsOf(all))
      expect(text).toContain(`newTag: ${containerOf(workload).image.split(':')[1]}`);
  });
});
