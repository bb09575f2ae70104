import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClusterReader, openCluster, openDump } from '@maru/cluster';
import { FakeApiServer } from '@maru/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { overlays } from '../objects.ts';
import { planLines } from './lines.ts';
import { isInTheWay, type Plan, planDeployment } from './plan.ts';
import { type Wanted, wantedIn } from './wanted.ts';

const open: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

function containerOf({ spec }: Live): LiveContainer {
  if (spec === undefined) throw new Error('an object without containers');
  return spec.template.spec.containers[0];
}

/** What the API server makes of an object: defaults, identity, and the annotation of `kubectl apply`. */
function asLive({ value }: Wanted): Live {
  const object = structuredClone(value) as Live;
  const annotations = { [lastApplied]: JSON.stringify(value) };
  return {
    ...object,
    metadata: {
      ...object.metadata,
      uid: 'b1c5',
      resourceVersion: '7',
      annotations: { ...object.metadata.annotations, ...annotations },
    },
    ...(object.spec === undefined ? {} : { spec: { ...object.spec, aDefaultOfTheServer: 1 } }),
    status: { observedGeneration: 1 },
  };
}

/** An object as the cluster has it, with the fields that the tests change. */
interface Live {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly uid?: string;
    readonly resourceVersion?: string;
  };
  readonly spec?: Spec;
  readonly status?: object;
}

interface Spec {
  readonly template: { readonly spec: { readonly containers: [LiveContainer] } };
  selector: object;
  readonly aDefaultOfTheServer?: number;
  readonly volumeClaimTemplates: [{ readonly spec: { readonly resources: Resources } }];
}

interface LiveContainer {
  image: string;
  readonly env: object[];
  readonly resources: Resources;
}

interface Resources {
  readonly requests: { memory?: string; storage?: string };
}

const wanted = overlays
  .filter(({ name }) => name === 'workload-aks' || name === 'stack-aks')
  .flatMap(({ plain }) => wantedIn(readFileSync(plain, 'utf8'), plain));

async function liveReader(
  objects: readonly unknown[],
  refuses?: (kind: string) => boolean,
): Promise<ClusterReader> {
  const server = await FakeApiServer.start({ objects, refuses: ({ plural }) => refuses?.(plural) === true });
  open.push(() => server.close());
  const reader = await openCluster({ kubeconfig: server.kubeconfig });
  open.push(() => reader.close());
  return reader;
}

async function planAgainst(objects: readonly unknown[]): Promise<Plan> {
  return planDeployment(wanted, await liveReader(objects), false);
}

/** The live cluster after the manifests were applied, with some objects changed. */
function applied(change: (object: Live) => void = () => undefined): readonly Live[] {
  return wanted.map((one) => {
    const object = asLive(one);
    change(object);
    return object;
  });
}

/** Steps that are not `unchanged`, each as its lines. */
function changes(plan: Plan): readonly string[] {
  const lines = planLines(plan);
  return lines.slice(1, -1);
}

describe('a live cluster', () => {
  it('that was given these manifests stays as it is', async () => {
    const plan = await planAgainst(applied());
    expect(changes(plan)).toEqual([]);
    expect(planLines(plan).at(-1)).toBe(
      `0 to create, 0 to change, ${wanted.length} unchanged, 0 unknown, 0 of kinds that the cluster lacks`,
    );
    expect(isInTheWay(plan)).toBe(false);
  });

  it('that is empty gets every object, but those of add-ons that it lacks', async () => {
    const { steps } = await planAgainst([]);
    const lacking = steps.filter(({ action }) => action === 'no-kind').map(({ object }) => object);
    expect(lacking).toEqual(['Gateway board/board', 'HTTPRoute board/board']);
    expect(steps.filter(({ action }) => action === 'create')).toHaveLength(wanted.length - lacking.length);
  });

  it('that somebody changed shows each field, and what would be taken away', async () => {
    const plan = await planAgainst(
      applied((object) => {
        if (object.kind !== 'Deployment' || object.metadata.name !== 'board-api') return;
        const container = containerOf(object);
        const last: Live = JSON.parse(object.metadata.annotations?.[lastApplied] ?? '{}');
        container.image = 'ktech4.azurecr.io/board-api:0.0.9';
        container.resources.requests.memory = '201326592';
        containerOf(last).env.push({ name: 'OLD', value: 'x' });
        container.env.push({ name: 'OLD', value: 'x' }, { name: 'BY_HAND', value: 'stays' });
        Object.assign(object.metadata.annotations ?? {}, {
          [lastApplied]: JSON.stringify(last),
        });
      }),
    );
    expect(changes(plan)).toEqual([
      '  ~ Deployment board/board-api',
      '      spec.template.spec.containers[api].env[OLD]: {"name":"OLD","value":"x"} (taken away)',
      '      spec.template.spec.containers[api].image: ktech4.azurecr.io/board-api:0.0.9 → ktech4.azurecr.io/board-api:0.1.0',
    ]);
    expect(isInTheWay(plan)).toBe(false);
  });

  it('names fields that the API server does not let change, and the way around', async () => {
    const plan = await planAgainst(
      applied((object) => {
        const { kind, metadata, spec } = object;
        if (spec === undefined) return;
        if (kind === 'StatefulSet' && metadata.name === 'maru')
          spec.volumeClaimTemplates[0].spec.resources.requests.storage = '16Gi';
        if (kind === 'Deployment' && metadata.name === 'board-web')
          spec.selector = { matchLabels: { app: 'board-web' } };
      }),
    );
    expect(plan.steps.flatMap(({ refusal }) => refusal ?? [])).toEqual([
      'spec.selector.matchLabels.app.kubernetes.io/name cannot be changed; delete it and apply again: kubectl delete deployment board-web --namespace board',
      'spec.volumeClaimTemplates[0].spec.resources.requests.storage cannot be changed; delete it without its pods and apply again: kubectl delete statefulset maru --namespace maru --cascade=orphan',
    ]);
    expect(isInTheWay(plan)).toBe(true);
  });

  it('where kinds may not be listed says so, and calls nothing of them new', async () => {
    const reader = await liveReader(applied(), (plural) => plural === 'networkpolicies');
    const plan = await planDeployment(wanted, reader, false);
    const unknown = plan.steps
      .filter(({ action }) => action === 'unknown')
      .map(({ object }) => object.split(' ')[0]);
    expect(new Set(unknown)).toEqual(new Set(['NetworkPolicy']));
    expect(plan.gaps).toEqual([expect.stringContaining('"list networkpolicies')]);
  });

  it('is never asked for a Secret, nor for anything but lists', async () => {
    const server = await FakeApiServer.start({ objects: applied() });
    open.push(() => server.close());
    const reader = await openCluster({ kubeconfig: server.kubeconfig });
    open.push(() => reader.close());
    const secret = wantedIn('apiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: board}\n', 'test');
    const plan = await planDeployment([...wanted, ...secret], reader, false);
    expect(plan.steps.at(-1)?.action).toBe('unknown');
    expect(server.requests.filter((line) => !line.startsWith('GET ') || line.includes('/secrets'))).toEqual(
      [],
    );
  });
});

describe('what does the same job already is named', () => {
  const workload = (kind: string, place: string, container: object): unknown => {
    const [namespace = '', name = ''] = place.split('/');
    const template = { spec: { containers: [{ name: 'one', ...container }] } };
    return { apiVersion: 'apps/v1', kind, metadata: { name, namespace }, spec: { template } };
  };
  const found = async (...objects: readonly unknown[]): Promise<readonly string[]> =>
    (await planAgainst([...applied(), ...objects])).sameJobs.map(({ text }) => text);

  it('a Collector, by its image or by the operator’s object', async () => {
    const image = 'docker.io/otel/opentelemetry-collector-contrib:0.130.0';
    const operated = {
      apiVersion: 'opentelemetry.io/v1beta1',
      kind: 'OpenTelemetryCollector',
      metadata: { name: 'main', namespace: 'observability' },
    };
    expect(await found(workload('DaemonSet', 'monitoring/agent', { image }), operated)).toEqual([
      `a Collector is there already, DaemonSet monitoring/agent (${image}): if services send through it and to the stack, everything is there twice`,
      'a Collector is there already, OpenTelemetryCollector observability/main: if services send through it and to the stack, everything is there twice',
    ]);
  });

  it('an endpoint that telemetry goes to, of others and of what is to be applied', async () => {
    const env = [{ name: 'OTEL_EXPORTER_OTLP_ENDPOINT', value: 'http://otel-collector.monitoring:4318' }];
    const objects = applied((object) => {
      if (object.kind === 'ConfigMap' && object.metadata.name === 'board-telemetry')
        Object.assign(object, { data: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://20.0.0.4:4318' } });
    });
    const plan = await planAgainst([
      ...objects,
      workload('Deployment', 'shop/cart', { image: 'cart:1', env }),
    ]);
    expect(plan.sameJobs.map(({ text }) => text)).toEqual([
      'telemetry goes to http://20.0.0.4:4318 already, from Deployment board/board-api, Deployment board/board-web: Deployment board/board-api, Deployment board/board-web would send to http://maru-otlp.maru.svc.cluster.local:4318 instead',
      'telemetry goes to http://otel-collector.monitoring:4318 already, from Deployment shop/cart: they go on doing so',
    ]);
  });

  it('a node port that is taken', async () => {
    const service = (place: string, nodePort: number): object => {
      const [namespace = '', name = ''] = place.split('/');
      return {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name, namespace },
        spec: { ports: [{ port: 80, nodePort }] },
      };
    };
    const own = wantedIn(stringify(service('board/front', 30080)), 'test');
    const plan = await planDeployment(
      own,
      await liveReader([service('old/front', 30080), service('old/other', 30081)]),
      false,
    );
    expect(plan.sameJobs.map(({ text }) => text)).toEqual([
      'node port 30080 of Service board/front is taken by Service old/front: the API server would refuse it',
    ]);
  });

  it('a host that is routed, by an Ingress or a route', async () => {
    const paths = [{ path: '/', pathType: 'Prefix' }];
    const ingress = {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: 'front', namespace: 'old' },
      spec: {
        rules: [
          { host: 'board.example.com', http: { paths } },
          { host: 'other.example.com', http: { paths } },
        ],
      },
    };
    expect(await found(ingress)).toEqual([
      'board.example.com/ of HTTPRoute board/board is routed already by Ingress old/front: which of both answers is not defined',
    ]);
  });

  it('the same program in another place', async () => {
    expect(
      await found(workload('Deployment', 'default/api', { image: 'ktech4.azurecr.io/board-api@sha256:ab' })),
    ).toEqual([
      'Deployment default/api runs the image of Deployment board/board-api already (ktech4.azurecr.io/board-api@sha256:ab)',
    ]);
  });
});

describe('a dump', () => {
  it('is compared as a live cluster is; of kinds that it lacks nothing is said', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'maru-plan-'));
    open.push(() => rmSync(dir, { recursive: true, force: true }));
    const items = applied().filter(({ kind }) => kind === 'Deployment' || kind === 'Service');
    writeFileSync(join(dir, 'all.yaml'), stringify({ apiVersion: 'v1', kind: 'List', items }));
    const plan = await planDeployment(wanted, await openDump(dir), true);
    const by = Map.groupBy(plan.steps, ({ action }) => action);
    expect([by.get('unchanged')?.length, by.get('create'), by.get('no-kind')]).toEqual([
      items.length,
      undefined,
      undefined,
    ]);
    expect(by.get('unknown')).toHaveLength(wanted.length - items.length);
  });
});
