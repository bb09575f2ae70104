import { isIP } from 'node:net';
import { type Blocking, blockingPolicies, type PolicyPeer } from '@maru/cluster';
import type { Evidence, Pod, Service } from '../evidence/model.ts';
import { type Cause, defineCauses, type Match, type Sign } from '../rules/cause.ts';
import { selects } from '../rules/places.ts';
import { both, run, say } from '../rules/text.ts';
import { planOf } from '../settings.ts';

/** An address that a container's settings name. */
interface Destination {
  readonly host: string;
  readonly port: number;
  /** The variable that names it. */
  readonly variable: string;
  readonly isTelemetry: boolean;
}

/** Ports by the scheme of an address that names none. */
const schemePorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  mysql: 3306,
  mariadb: 3306,
  postgres: 5432,
  postgresql: 5432,
  redis: 6379,
  amqp: 5672,
  mongodb: 27017,
};

/** For each pod that policies choose: every destination of its settings that they do not let it reach. */
function blocked(wanted: (destination: Destination) => boolean): Sign {
  return (evidence) =>
    evidence.networkPolicies.length === 0
      ? []
      : oneOfEachWorkload(evidence.pods).flatMap((pod) =>
          destinationsOf(pod)
            .filter(wanted)
            .flatMap((destination) => {
              const blocking = blockingOf(pod, destination, evidence);
              return blocking.length === 0 ? [] : [blockedMatch(pod, destination, blocking)];
            }),
        );
}

/** Pods of one workload have the same labels and settings; a thousand of them tell no more than one. */
function oneOfEachWorkload(pods: readonly Pod[]): readonly Pod[] {
  return [...new Map(pods.map((pod) => [`${pod.namespace}/${pod.workload}`, pod])).values()];
}

function destinationsOf(pod: Pod): readonly Destination[] {
  return pod.containers.flatMap(({ environment }) => [...telemetryOf(environment), ...othersOf(environment)]);
}

/** Where each signal will really go, by the rules of the SDKs. */
function telemetryOf(environment: Readonly<Record<string, string>>): readonly Destination[] {
  const isSet = Object.keys(environment).some((name) => /^OTEL_EXPORTER_OTLP_.*ENDPOINT$/.test(name));
  const plan = planOf(environment);
  if (!isSet || plan.isDisabled) return [];
  return plan.signals.flatMap(({ url }) => addressIn(url, 'OTEL_EXPORTER_OTLP_ENDPOINT', true));
}

function othersOf(environment: Readonly<Record<string, string>>): readonly Destination[] {
  return Object.entries(environment)
    .filter(([name]) => !name.startsWith('OTEL_'))
    .flatMap(([name, value]) => addressIn(value, name, false));
}

function addressIn(text: string, variable: string, isTelemetry: boolean): readonly Destination[] {
  const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? URL.parse(text) : null;
  const port = Number(url?.port) || schemePorts[url?.protocol.slice(0, -1) ?? ''];
  return url === null || url.hostname === '' || port === undefined
    ? []
    : [{ host: url.hostname.replace(/^\[|\]$/g, ''), port, variable, isTelemetry }];
}

function blockingOf(pod: Pod, { host, port }: Destination, evidence: Evidence): readonly Blocking[] {
  if (/^(?:localhost|127\.|::1$)/.test(host)) return [];
  const own = peerOf(pod, evidence);
  const service = serviceNamed(host, pod.namespace, evidence);
  if (service === undefined) return looksInternal(host) ? [] : outsideBlocking(own, host, port, evidence);
  const target = evidence.pods.find((one) => selects(service, one));
  if (target === undefined) return [];
  const ofPort = service.ports.find((one) => one.port === port);
  return blockingPolicies(evidence.networkPolicies, own, peerOf(target, evidence), {
    protocol: 'TCP',
    ...targetPort(ofPort?.targetPort ?? String(port), target),
  });
}

/** A policy sees the pod's port, not the Service's. */
function targetPort(text: string, pod: Pod): { readonly number: number; readonly name?: string } {
  const ports = pod.containers.flatMap((container) => container.ports);
  const found = ports.find(({ name, number }) => name === text || String(number) === text);
  if (found === undefined) return { number: Number(text) || 0 };
  return found.name === '' ? { number: found.number } : { number: found.number, name: found.name };
}

function outsideBlocking(
  own: PolicyPeer,
  host: string,
  port: number,
  { networkPolicies }: Evidence,
): readonly Blocking[] {
  const address = isIP(host) === 0 ? undefined : host;
  const to = { namespace: '', namespaceLabels: {}, labels: {}, outside: { address } };
  return blockingPolicies(networkPolicies, own, to, { number: port, protocol: 'TCP' });
}

/** A Service of the cluster that was not seen: nothing is known of the pods behind it. */
function looksInternal(host: string): boolean {
  return isIP(host) === 0 && (!host.includes('.') || /\.svc(?:\.|$)|\.cluster\.local$/.test(host));
}

/** `maru-otlp`, `maru-otlp.maru`, `maru-otlp.maru.svc.cluster.local`. */
function serviceNamed(host: string, namespace: string, { services }: Evidence): Service | undefined {
  const [name, where = namespace, kind] = host.split('.');
  if (kind !== undefined && kind !== 'svc') return undefined;
  return services.find((service) => service.name === name && service.namespace === where);
}

function peerOf(pod: Pod, { namespaceLabels }: Evidence): PolicyPeer {
  return {
    namespace: pod.namespace,
    namespaceLabels: { 'kubernetes.io/metadata.name': pod.namespace, ...namespaceLabels.get(pod.namespace) },
    labels: pod.labels ?? {},
  };
}

function blockedMatch(pod: Pod, { host, port, variable }: Destination, blocking: readonly Blocking[]): Match {
  const text = blocking
    .map(
      ({ namespace, name, direction }) =>
        `NetworkPolicy ${namespace}/${name} (${direction}) does not allow port ${port} of ${host}`,
    )
    .join('; ');
  return {
    subject: { kind: 'Pod', namespace: pod.namespace, name: pod.name },
    about: `${host}:${port}`,
    quotes: [
      { where: pod.where, text: `${variable} names ${host}:${port}` },
      { where: 'network policies', text },
    ],
    values: {
      policies: blocking.map(({ namespace, name }) => `${namespace}/${name}`).join(', '),
      host,
      port: String(port),
    },
    isPast: false,
    order: 0,
  };
}

const ofSystem = (namespace: string, labels: PolicyPeer['labels']): PolicyPeer => ({
  namespace,
  namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
  labels,
});

/** Where name service may stand: kube-dns, OpenShift's, and a cache on the node, which is an address and no pod. */
const nameServers: readonly PolicyPeer[] = [
  ofSystem('kube-system', { 'k8s-app': 'kube-dns' }),
  ofSystem('openshift-dns', { 'dns.operator.openshift.io/daemonset-dns': 'default' }),
  { namespace: '', namespaceLabels: {}, labels: {}, outside: { address: undefined } },
];

/** A pod whose settings name hosts, and that may ask no name server over either protocol. */
const dnsBlocked: Sign = (evidence) =>
  evidence.networkPolicies.length === 0
    ? []
    : oneOfEachWorkload(evidence.pods).flatMap((pod) => {
        const named = destinationsOf(pod).find(({ host }) => isIP(host) === 0 && host !== 'localhost');
        const blocking = named === undefined ? undefined : dnsBlocking(pod, evidence);
        return named === undefined || blocking === undefined
          ? []
          : [blockedMatch(pod, { ...named, host: 'kube-dns', port: 53 }, blocking)];
      });

function dnsBlocking(pod: Pod, evidence: Evidence): readonly Blocking[] | undefined {
  const seen = evidence.pods.filter(({ labels }) => labels?.['k8s-app'] === 'kube-dns');
  const servers = [...seen.map((one) => peerOf(one, evidence)), ...nameServers];
  const ways = servers.flatMap((server) =>
    (['UDP', 'TCP'] as const).map((protocol) =>
      blockingPolicies(evidence.networkPolicies, peerOf(pod, evidence), server, {
        number: 53,
        protocol,
        name: protocol === 'UDP' ? 'dns' : 'dns-tcp',
      }),
    ),
  );
  return ways.every((blocking) => blocking.length > 0) ? ways[0] : undefined;
}

const test = run('kubectl exec {pod|POD}{namespaceFlag|} -- nc -zvw3 {host|HOST} {port|PORT}');
const why = both(
  'What a policy chooses may do only what some policy allows. Packets that none allows are dropped without an answer, so that the application waits and then speaks of a timeout. A cluster without a policy engine takes policies and ignores them.',
  '정책이 선택한 파드는 어떤 정책이 허용한 통신만 할 수 있습니다. 허용되지 않은 패킷은 응답 없이 버려지므로 애플리케이션에는 시간 초과로 나타납니다. 정책 엔진이 없는 클러스터는 정책을 받아 두고 무시합니다.',
);

/** Connections that a pod's settings want and the cluster's NetworkPolicies do not allow. */
export const policyCauses: readonly Cause[] = defineCauses([
  {
    id: 'policy-blocks-dns',
    step: 'running',
    certainty: 'likely',
    title: both(
      'Network policies keep {workload|the pod} from asking for names',
      '네트워크 정책이 {workload|파드}의 DNS 조회를 막고 있습니다',
    ),
    why,
    explains: [
      'dns-name-unknown',
      'dns-unreachable',
      'otlp-name-unknown',
      'otlp-timeout',
      'connection-timeout',
      'policy-blocks-telemetry',
      'policy-blocks-connection',
    ],
    signs: [dnsBlocked],
    fix: [
      say(
        'Allow egress to kube-dns in kube-system, port 53, UDP and TCP ({policies|the policy}).',
        '{policies|정책}에서 kube-system의 kube-dns로 가는 53번 포트(UDP·TCP) egress를 허용하세요.',
      ),
      test,
    ],
  },
  {
    id: 'policy-blocks-telemetry',
    step: 'telemetry',
    certainty: 'likely',
    title: both(
      'Network policies keep {workload|the pod} from sending telemetry to {about|its receiver}',
      '네트워크 정책이 {workload|파드}에서 {about|수신기}(으)로 가는 텔레메트리를 막고 있습니다',
    ),
    why,
    explains: ['otlp-timeout', 'otlp-name-unknown', 'arrival-stopped'],
    signs: [blocked(({ isTelemetry }) => isTelemetry)],
    fix: [
      say(
        'Allow egress from the pod, and ingress at the receiver, for that port ({policies|the policies}).',
        '{policies|정책}에서 파드의 egress와 수신기의 ingress에 해당 포트를 허용하세요.',
      ),
      test,
    ],
  },
  {
    id: 'policy-blocks-connection',
    step: 'running',
    certainty: 'likely',
    title: both(
      'Network policies keep {workload|the pod} from reaching {about|what it needs}',
      '네트워크 정책이 {workload|파드}에서 {about|필요한 곳}(으)로 가는 연결을 막고 있습니다',
    ),
    why,
    explains: ['connection-timeout'],
    signs: [blocked(({ isTelemetry }) => !isTelemetry)],
    fix: [
      say(
        'Allow egress from the pod, and ingress at the other end, for that port ({policies|the policies}).',
        '{policies|정책}에서 파드의 egress와 상대편의 ingress에 해당 포트를 허용하세요.',
      ),
      test,
    ],
  },
]);
