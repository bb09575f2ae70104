import { listAt, textAt } from '@maru/cluster';
import { type Live, valuesOf } from './live.ts';
import { nameOf, type Wanted } from './wanted.ts';
import { liveWorkloads, type Workload, wantedWorkloads } from './workloads.ts';

/** Something that is there already and does what is going to be applied. */
export interface SameJob {
  readonly kind: 'collector' | 'endpoint' | 'node-port' | 'host' | 'twin';
  /** One sentence. */
  readonly text: string;
}

/** What the cluster has already of what is wanted: found before it is there twice. */
export function sameJobs(wanted: readonly Wanted[], live: Live): readonly SameJob[] {
  const ours = new Set(wanted.map(nameOf));
  const workloads = liveWorkloads(live);
  const others = workloads.filter((workload) => !ours.has(nameOf(workload)));
  const own = wantedWorkloads(wanted);
  return [
    ...collectors(own, others, live, ours),
    ...endpoints(own, workloads, ours),
    ...nodePorts(wanted, live, ours),
    ...hosts(wanted, live, ours),
    ...twins(own, others),
  ];
}

const collectorImage =
  /(?:^|\/)(?:[\w-]*opentelemetry-collector[\w-]*|otelcol[\w-]*|[\w-]*otel-collector[\w-]*)(?:[:@]|$)|grafana\/(?:alloy|agent)(?:[:@]|$)/;

function isCollector({ images }: Workload): boolean {
  return images.some((image) => collectorImage.test(image));
}

function collectors(
  own: readonly Workload[],
  others: readonly Workload[],
  live: Live,
  ours: ReadonlySet<string>,
): readonly SameJob[] {
  const operated = valuesOf(live, 'OpenTelemetryCollector').map((value) => ({
    kind: 'OpenTelemetryCollector',
    namespace: textAt(value, 'metadata', 'namespace'),
    name: textAt(value, 'metadata', 'name'),
  }));
  const there = [
    ...others.filter(isCollector).map((workload) => `${nameOf(workload)} (${workload.images.join(', ')})`),
    ...operated.map(nameOf).filter((name) => !ours.has(name)),
  ];
  const second = own.find(isCollector);
  const advice =
    second === undefined
      ? 'if services send through it and to the stack, everything is there twice'
      : `${nameOf(second)} would be a second one; let this one send to the stack instead`;
  return there.map((name) => ({
    kind: 'collector',
    text: `a Collector is there already, ${name}: ${advice}`,
  }));
}

/** A workload that sends elsewhere now, of ours or not. */
function endpoints(
  own: readonly Workload[],
  workloads: readonly Workload[],
  ours: ReadonlySet<string>,
): readonly SameJob[] {
  const goals = new Set(own.flatMap((workload) => workload.endpoints));
  if (goals.size === 0) return [];
  const byEndpoint = new Map<string, Workload[]>();
  for (const workload of workloads)
    for (const endpoint of workload.endpoints.filter((one) => !goals.has(one)))
      byEndpoint.set(endpoint, [...(byEndpoint.get(endpoint) ?? []), workload]);
  return [...byEndpoint].map(([endpoint, senders]) => {
    const moved = senders.filter((sender) => ours.has(nameOf(sender))).map(nameOf);
    const names = senders.map(nameOf).join(', ');
    const after =
      moved.length === 0
        ? 'they go on doing so'
        : `${moved.join(', ')} would send to ${[...goals].join(', ')} instead`;
    return { kind: 'endpoint', text: `telemetry goes to ${endpoint} already, from ${names}: ${after}` };
  });
}

function nodePorts(wanted: readonly Wanted[], live: Live, ours: ReadonlySet<string>): readonly SameJob[] {
  const taken = new Map(
    valuesOf(live, 'Service').flatMap((service) => {
      const owner = nameOf({
        kind: 'Service',
        namespace: textAt(service, 'metadata', 'namespace'),
        name: textAt(service, 'metadata', 'name'),
      });
      return portsOf(service).map((port) => [port, owner] as const);
    }),
  );
  return wanted
    .filter(({ kind }) => kind === 'Service')
    .flatMap((service) =>
      portsOf(service.value).flatMap((port) => {
        const owner = taken.get(port);
        if (owner === undefined || owner === nameOf(service) || ours.has(owner)) return [];
        const text = `node port ${port} of ${nameOf(service)} is taken by ${owner}: the API server would refuse it`;
        return [{ kind: 'node-port' as const, text }];
      }),
    );
}

function portsOf(service: unknown): readonly string[] {
  return listAt(service, 'spec', 'ports')
    .map((port) => textAt(port, 'nodePort'))
    .filter((port) => port !== '' && port !== '0');
}

/** A host and the paths under it that somebody routes. */
interface Route {
  readonly owner: string;
  readonly host: string;
  readonly path: string;
}

function hosts(wanted: readonly Wanted[], live: Live, ours: ReadonlySet<string>): readonly SameJob[] {
  const there = ['Ingress', 'HTTPRoute'].flatMap((kind) =>
    valuesOf(live, kind).flatMap((value) => routesOf(kind, value)),
  );
  const foreign = there.filter(({ owner }) => !ours.has(owner));
  const own = wanted.flatMap(({ kind, value }) => routesOf(kind, value));
  const texts = own.flatMap(({ owner, host, path }) =>
    foreign
      .filter((route) => route.host === host && route.path === path)
      .map(
        (route) =>
          `${host}${path} of ${owner} is routed already by ${route.owner}: which of both answers is not defined`,
      ),
  );
  return [...new Set(texts)].map((text) => ({ kind: 'host', text }));
}

function routesOf(kind: string, value: unknown): readonly Route[] {
  const owner = nameOf({
    kind,
    namespace: textAt(value, 'metadata', 'namespace'),
    name: textAt(value, 'metadata', 'name'),
  });
  if (kind === 'Ingress')
    return listAt(value, 'spec', 'rules').flatMap((rule) =>
      listAt(rule, 'http', 'paths').map((path) => ({
        owner,
        host: textAt(rule, 'host'),
        path: textAt(path, 'path') || '/',
      })),
    );
  if (kind !== 'HTTPRoute') return [];
  const paths = listAt(value, 'spec', 'rules').flatMap((rule) => listAt(rule, 'matches'));
  const texts = paths.length === 0 ? ['/'] : paths.map((match) => textAt(match, 'path', 'value') || '/');
  return listAt(value, 'spec', 'hostnames').flatMap((host) =>
    texts.map((path) => ({ owner, host: String(host), path })),
  );
}

/** The same program somewhere else: its image's last part is the same. */
function twins(own: readonly Workload[], others: readonly Workload[]): readonly SameJob[] {
  return own.flatMap((workload) =>
    others
      .filter((other) =>
        other.images.some((image) => workload.images.some((one) => program(one) === program(image))),
      )
      .map((other) => ({
        kind: 'twin' as const,
        text: `${nameOf(other)} runs the image of ${nameOf(workload)} already (${other.images.join(', ')})`,
      })),
  );
}

/** `board-api` of `ktech4.azurecr.io/board-api:0.1.0`. */
function program(image: string): string {
  return image.replace(/[@:][^/]*$/, '').replace(/^.*\//, '');
}
