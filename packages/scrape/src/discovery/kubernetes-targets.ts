import type { LabelMap } from '../scrape/target.ts';

/** What is read of a pod or a node; the API may leave any of it out. */
export interface KubernetesObject {
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly uid?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly {
      readonly kind?: string;
      readonly name?: string;
      readonly controller?: boolean;
    }[];
  };
  readonly spec?: {
    readonly nodeName?: string;
    readonly providerID?: string;
    readonly containers?: readonly Container[];
    readonly initContainers?: readonly Container[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly podIP?: string;
    readonly hostIP?: string;
    readonly conditions?: readonly { readonly type?: string; readonly status?: string }[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
    readonly addresses?: readonly { readonly type?: string; readonly address?: string }[];
    readonly daemonEndpoints?: { readonly kubeletEndpoint?: { readonly Port?: number } };
  };
}

interface Container {
  readonly name?: string;
  readonly image?: string;
  readonly ports?: readonly {
    readonly containerPort?: number;
    readonly name?: string;
    readonly protocol?: string;
  }[];
}

interface ContainerStatus {
  readonly name?: string;
  readonly containerID?: string;
}

type Pair = readonly [name: string, value: string];

/** The order in which Prometheus looks for an address of a node. */
const addressTypes = ['InternalIP', 'InternalDNS', 'ExternalIP', 'ExternalDNS', 'LegacyHostIP', 'Hostname'];
const kubeletPort = 10_250;

/** The kubelet of a node, with the labels that Prometheus's role `node` gives it. */
export function nodeTargets({
  metadata = {},
  spec = {},
  status = {},
}: KubernetesObject): readonly LabelMap[] {
  const { name = '', labels, annotations } = metadata;
  const addresses = status.addresses ?? [];
  const host = addressTypes.flatMap((type) => addresses.filter((one) => one.type === type))[0]?.address;
  if (host === undefined) return [];
  const port = status.daemonEndpoints?.kubeletEndpoint?.Port || kubeletPort;
  const ofTypes = addresses.map(
    ({ type = '', address = '' }): Pair => [`__meta_kubernetes_node_address_${labelName(type)}`, address],
  );
  return [
    new Map([
      ['__address__', hostAndPort(host, port)],
      ['instance', name],
      ['__meta_kubernetes_node_name', name],
      ['__meta_kubernetes_node_provider_id', spec.providerID ?? ''],
      ...attached('node', 'label', labels),
      ...attached('node', 'annotation', annotations),
      // The first of a type counts, so it is written last.
      ...ofTypes.toReversed(),
    ]),
  ];
}

/** Each port of each container of a pod, or the pod's address alone where a container names none. */
export function podTargets(pod: KubernetesObject): readonly LabelMap[] {
  const { status = {}, spec = {} } = pod;
  const { podIP = '' } = status;
  // A pod that starts, or that was evicted, has no address.
  if (podIP === '') return [];
  const common = podLabels(pod);
  const containers = [
    ...(spec.containers ?? []).map((container) => ({
      container,
      isInit: false,
      statuses: status.containerStatuses,
    })),
    ...(spec.initContainers ?? []).map((container) => ({
      container,
      isInit: true,
      statuses: status.initContainerStatuses,
    })),
  ];
  return containers.flatMap(({ container, isInit, statuses }) => {
    const own = containerLabels(container, isInit, statuses);
    return addressesOf(container, podIP).map((labels) => new Map([...common, ...own, ...labels]));
  });
}

function podLabels({ metadata = {}, spec = {}, status = {} }: KubernetesObject): readonly Pair[] {
  const { labels, annotations, ownerReferences = [] } = metadata;
  const controller = ownerReferences.find((one) => one.controller === true);
  const ready = status.conditions?.find(({ type }) => type === 'Ready')?.status ?? 'unknown';
  return [
    ['__meta_kubernetes_namespace', metadata.namespace ?? ''],
    ['__meta_kubernetes_pod_name', metadata.name ?? ''],
    ['__meta_kubernetes_pod_ip', status.podIP ?? ''],
    ['__meta_kubernetes_pod_ready', ready.toLowerCase()],
    ['__meta_kubernetes_pod_phase', status.phase ?? ''],
    ['__meta_kubernetes_pod_node_name', spec.nodeName ?? ''],
    ['__meta_kubernetes_pod_host_ip', status.hostIP ?? ''],
    ['__meta_kubernetes_pod_uid', metadata.uid ?? ''],
    ...(controller === undefined
      ? []
      : ([
          ['__meta_kubernetes_pod_controller_kind', controller.kind ?? ''],
          ['__meta_kubernetes_pod_controller_name', controller.name ?? ''],
        ] as const)),
    ...attached('pod', 'label', labels),
    ...attached('pod', 'annotation', annotations),
  ];
}

function containerLabels(
  { name = '', image = '' }: Container,
  isInit: boolean,
  statuses: readonly ContainerStatus[] = [],
): readonly Pair[] {
  return [
    ['__meta_kubernetes_pod_container_name', name],
    ['__meta_kubernetes_pod_container_image', image],
    ['__meta_kubernetes_pod_container_init', String(isInit)],
    ['__meta_kubernetes_pod_container_id', statuses.find((one) => one.name === name)?.containerID ?? ''],
  ];
}

function addressesOf({ ports = [] }: Container, podIP: string): readonly (readonly Pair[])[] {
  if (ports.length === 0) return [[['__address__', podIP.includes(':') ? `[${podIP}]` : podIP]]];
  return ports.map(({ containerPort = 0, name = '', protocol = '' }) => [
    ['__address__', hostAndPort(podIP, containerPort)],
    ['__meta_kubernetes_pod_container_port_number', String(containerPort)],
    ['__meta_kubernetes_pod_container_port_name', name],
    ['__meta_kubernetes_pod_container_port_protocol', protocol],
  ]);
}

/** Labels or annotations of the object itself, and for each a mark that it is there, whatever its value. */
function attached(
  role: 'node' | 'pod',
  kind: 'label' | 'annotation',
  values: Readonly<Record<string, string>> = {},
): readonly Pair[] {
  return Object.entries(values).flatMap(([name, value]) => [
    [`__meta_kubernetes_${role}_${kind}_${labelName(name)}`, value] as const,
    [`__meta_kubernetes_${role}_${kind}present_${labelName(name)}`, 'true'] as const,
  ]);
}

function labelName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_]/g, '_');
}

function hostAndPort(host: string, port: number): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}
