import { describe, expect, it } from 'vitest';
import { objectsOf, renderings, workloadsOf } from './objects.ts';

const pods = renderings.flatMap((overlay) => {
  const objects = objectsOf(overlay);
  return workloadsOf(objects).map((workload) => ({
    of: `${overlay.name}: ${workload.kind} ${workload.metadata.name}`,
    overlay,
    objects,
    workload,
    pod: workload.spec.template.spec,
    containers: workload.spec.template.spec.containers,
  }));
});

const byteUnits: Readonly<Record<string, number>> = { Mi: 2 ** 20, Gi: 2 ** 30 };

function bytes(quantity: string | undefined): number {
  const [, number = '', unit = ''] = /^(\d+)(Mi|Gi)$/.exec(quantity ?? '') ?? [];
  return Number(number || Number.NaN) * (byteUnits[unit] ?? Number.NaN);
}

it('there are pods to look at', () => {
  expect(pods.map(({ of }) => of)).toHaveLength(25);
});

it.each(renderings)('the namespace of $name enforces the restricted profile', (overlay) => {
  const namespaces = objectsOf(overlay).filter(({ kind }) => kind === 'Namespace');
  expect(namespaces.map(({ metadata }) => metadata.labels)).toMatchObject([
    { 'pod-security.kubernetes.io/enforce': 'restricted' },
  ]);
});

describe.each(pods)('$of', ({ overlay, objects, workload, pod, containers }) => {
  // Each field of the restricted profile: https://kubernetes.io/docs/concepts/security/pod-security-standards/
  it('keeps the restricted Pod Security profile', () => {
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(Number(pod.securityContext?.runAsUser)).toBeGreaterThan(0);
    expect(pod.hostNetwork).toBeUndefined();
    for (const container of [...containers, ...(pod.initContainers ?? [])]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      });
      expect(container.ports.filter(({ hostPort }) => hostPort !== undefined)).toEqual([]);
    }
    const kinds = (pod.volumes ?? []).flatMap((volume) =>
      Object.keys(volume).filter((key) => key !== 'name'),
    );
    expect(kinds.filter((kind) => !['emptyDir', 'configMap', 'secret'].includes(kind))).toEqual([]);
  });

  it('has a service account of its own, without a token unless it asks the API server', () => {
    const account = objects.find(
      ({ kind, metadata }) => kind === 'ServiceAccount' && metadata.name === pod.serviceAccountName,
    );
    expect(account?.automountServiceAccountToken).toBe(false);
    expect(pod.automountServiceAccountToken).toBe(overlay.name === 'stack-aks-metrics');
  });

  it('asks for processor and memory, and is limited in memory alone', () => {
    for (const { resources } of containers) {
      expect(resources.requests.cpu).toMatch(/^\d+m$/);
      expect(bytes(resources.requests.memory)).toBeGreaterThan(0);
      expect(bytes(resources.limits.memory)).toBeGreaterThan(bytes(resources.requests.memory));
      expect(Object.keys(resources.limits)).toEqual(['memory']);
    }
  });

  it('has three probes, on ports that it names', () => {
    for (const container of containers) {
      const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe];
      const ports = container.ports.map(({ name }) => name);
      for (const probe of probes) {
        expect(probe).toBeDefined();
        const port = probe?.httpGet?.port ?? probe?.tcpSocket?.port;
        if (probe?.exec === undefined) expect(ports).toContain(port);
      }
    }
  });

  it('names every volume that it mounts, and can write to /tmp', () => {
    const names = [
      ...(pod.volumes ?? []).map(({ name }) => name),
      ...(workload.spec.volumeClaimTemplates ?? []).map(({ metadata }) => metadata.name),
    ];
    for (const { volumeMounts } of containers) {
      expect(names.toSorted()).toEqual(volumeMounts.map(({ name }) => name).toSorted());
      expect(volumeMounts.map(({ mountPath }) => mountPath)).toContain('/tmp');
    }
  });

  it('ends later than it needs to, and only after the Service has heard', () => {
    // Board: 1.5 s for requests, 0.5 s for the pool, 3 s for telemetry. Maru: 5 s in all. Before that the pause.
    const longest = 10;
    for (const { lifecycle } of containers) {
      const pause = lifecycle?.preStop.sleep.seconds ?? 0;
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(longest + pause);
    }
    if (workload.kind === 'Deployment') expect(containers[0]?.lifecycle?.preStop.sleep.seconds).toBe(5);
  });

  it('comes from an image with a tag or a digest, never `latest`', () => {
    for (const { image } of containers) {
      expect(image).toMatch(/(?::[\w.-]+|@sha256:[0-9a-f]{64})$/);
      expect(image).not.toMatch(/:latest$/);
    }
  });

  it('is chosen by its own selector', () => {
    expect(workload.spec.template.metadata.labels).toMatchObject(workload.spec.selector.matchLabels);
  });
});
