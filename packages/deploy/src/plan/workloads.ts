import { at, listAt, textAt, textsAt } from '@maru/cluster';
import { type Live, valuesOf } from './live.ts';
import type { Wanted } from './wanted.ts';

/** A workload, wanted or live, as far as its job can be told from it. */
export interface Workload {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly images: readonly string[];
  /** Where its containers are told to send telemetry; only what can be read without Secrets. */
  readonly endpoints: readonly string[];
}

const kinds = ['Deployment', 'StatefulSet', 'DaemonSet'];
const endpointName = /^OTEL_EXPORTER_OTLP_(?:(?:TRACES|METRICS|LOGS)_)?ENDPOINT$/;

/** The workloads among wanted objects. */
export function wantedWorkloads(wanted: readonly Wanted[]): readonly Workload[] {
  const maps = wanted.filter(({ kind }) => kind === 'ConfigMap').map(({ value }) => value);
  return wanted
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, value }) => workloadOf(kind, value, maps));
}

/** The workloads of the cluster. */
export function liveWorkloads(live: Live): readonly Workload[] {
  const maps = valuesOf(live, 'ConfigMap');
  return kinds.flatMap((kind) => valuesOf(live, kind).map((value) => workloadOf(kind, value, maps)));
}

function workloadOf(kind: string, value: unknown, maps: readonly unknown[]): Workload {
  const containers = listAt(value, 'spec', 'template', 'spec', 'containers');
  const namespace = textAt(value, 'metadata', 'namespace');
  const inMap = (name: string): Readonly<Record<string, string>> => mapData(maps, namespace, name);
  return {
    kind,
    namespace,
    name: textAt(value, 'metadata', 'name'),
    images: containers.map((container) => textAt(container, 'image')),
    endpoints: [...new Set(containers.flatMap((container) => endpointsOf(container, inMap)))],
  };
}

function mapData(
  maps: readonly unknown[],
  namespace: string,
  name: string,
): Readonly<Record<string, string>> {
  const found = maps.find(
    (map) => textAt(map, 'metadata', 'namespace') === namespace && textAt(map, 'metadata', 'name') === name,
  );
  return textsAt(found, 'data') ?? {};
}

function endpointsOf(
  container: unknown,
  inMap: (name: string) => Readonly<Record<string, string>>,
): readonly string[] {
  const whole = listAt(container, 'envFrom').flatMap((source) =>
    Object.entries(inMap(textAt(source, 'configMapRef', 'name'))),
  );
  const single = listAt(container, 'env').map((variable): readonly [string, string] => {
    const reference = at(variable, 'valueFrom', 'configMapKeyRef');
    const fromMap = inMap(textAt(reference, 'name'))[textAt(reference, 'key')];
    return [textAt(variable, 'name'), fromMap ?? textAt(variable, 'value')];
  });
  return [...whole, ...single].flatMap(([name, value]) =>
    endpointName.test(name) && value !== '' ? [value] : [],
  );
}
