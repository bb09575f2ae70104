import type { Gap } from '@maru/cluster';

/**
 * What was seen, before anybody judges it. All values are immutable; readers make them, rules only read them.
 */

/** What a statement or a finding is about. Names are empty when the evidence does not tell them (a pasted line). */
export interface Subject {
  /** Kubernetes' kind: `Pod`, `Node`, `Service`; `Text` for a line that no object claims. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly container?: string;
}

/**
 * Where a sentence came from, in the order of trust: an object's own status, events (kept for an hour only, so their
 * absence proves nothing), container logs, and text whose origin is unknown.
 */
export type Channel = 'waiting' | 'terminated' | 'condition' | 'event' | 'log' | 'text';

/** One sentence that the system said about one subject. */
export interface Statement {
  readonly channel: Channel;
  /** Exactly as it was said; capped at `longestLine`. */
  readonly text: string;
  /** Lines beside it that tell where in the program it comes from: an error's stack. Capped; empty for all but logs. */
  readonly origin?: string;
  /** The event's, the waiting state's or the condition's reason; empty for logs and text. */
  readonly reason: string;
  readonly subject: Subject;
  /** `events.txt:12`, or `pods.json: Pod board/board-api-1`. */
  readonly where: string;
  /** Grows with time among the events of one subject; 0 for statements about the present. */
  readonly order: number;
  /** When an event was last seen: seconds on any axis that grows with time. */
  readonly seenAt?: number;
  /** The condition's type and status; only on the channel `condition`. */
  readonly condition?: { readonly type: string; readonly status: string };
}

/** A container's state as the kubelet reports it. */
export interface ContainerState {
  readonly kind: 'waiting' | 'running' | 'terminated' | 'unknown';
  readonly reason: string;
  readonly message: string;
  readonly exitCode?: number;
}

/** How the kubelet asks a container whether it works. */
export interface Probe {
  readonly way: 'http' | 'tcp' | 'exec' | 'grpc' | 'unknown';
  /** A number, or the name of a container port; empty for `exec`. */
  readonly port: string;
  readonly path: string;
  readonly timeoutSeconds: number;
}

export interface Container {
  readonly name: string;
  readonly isInit: boolean;
  readonly image: string;
  readonly imageId: string;
  readonly state: ContainerState;
  readonly lastState: ContainerState | undefined;
  readonly isReady: boolean | undefined;
  readonly restartCount: number;
  readonly cpuRequestCores: number | undefined;
  readonly memoryLimit: string;
  readonly ports: readonly { readonly name: string; readonly number: number }[];
  readonly environment: Readonly<Record<string, string>>;
  readonly probes: Readonly<Partial<Record<'liveness' | 'readiness' | 'startup', Probe>>>;
  readonly command: readonly string[];
}

export interface Pod {
  readonly namespace: string;
  readonly name: string;
  /** Name of what made it (Deployment, StatefulSet, Job …), else the pod's own name. */
  readonly workload: string;
  readonly node: string;
  /** `Pending`, `Running`, `Succeeded`, `Failed`, `Unknown`; empty when not told. */
  readonly phase: string;
  /** The STATUS column of `kubectl get pods`, where only that was seen. */
  readonly statusColumn: string;
  /** Condition PodScheduled; undefined when not told. */
  readonly isScheduled: boolean | undefined;
  readonly isReady: boolean | undefined;
  readonly isTerminating: boolean;
  readonly labels: Readonly<Record<string, string>> | undefined;
  /** Names of the claims that it mounts; undefined when its volumes were not told. */
  readonly claims: readonly string[] | undefined;
  readonly containers: readonly Container[];
  readonly where: string;
}

export interface Node {
  readonly name: string;
  /** `amd64`, `arm64` …; empty when not told. */
  readonly architecture: string;
  readonly operatingSystem: string;
  readonly allocatableCpuCores: number | undefined;
  /** Sum of the requests on it, from `describe node` or from the pods seen; undefined when not known. */
  readonly requestedCpuCores: number | undefined;
  readonly isUnschedulable: boolean;
  readonly where: string;
}

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** A number, or the name of a container port. */
  readonly targetPort: string;
}

export interface Service {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  /** `ip:port` of ready pods; undefined when no Endpoints were seen for it. */
  readonly endpoints: readonly string[] | undefined;
  readonly externalAddress: string;
  readonly ageSeconds: number | undefined;
  readonly where: string;
}

export interface IngressBackend {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  readonly port: string;
  /** What `kubectl describe` could not find of it: `services "board-ap" not found`; else empty. */
  readonly error: string;
}

export interface Ingress {
  readonly namespace: string;
  readonly name: string;
  /** `ingressClassName` or the old annotation; empty when neither is set. */
  readonly className: string;
  readonly address: string;
  readonly tlsSecrets: readonly string[];
  readonly backends: readonly IngressBackend[];
  readonly where: string;
}

export interface Claim {
  readonly namespace: string;
  readonly name: string;
  readonly phase: string;
  readonly storageClass: string | undefined;
  readonly where: string;
}

/** Settings of one process: a container's `env`, or a pasted environment. */
export interface Environment {
  readonly subject: Subject;
  readonly variables: Readonly<Record<string, string>>;
  readonly where: string;
}

/** When a service's telemetry of one signal last came to the stack. */
export interface Arrival {
  readonly service: string;
  readonly signal: 'traces' | 'metrics' | 'logs';
  readonly lastUnixMillis: number;
  /** From one request to the next; undefined while only one has come. */
  readonly usualGapMillis?: number;
}

/** Something that the stack did not take. */
export interface Rejection {
  /** The service when it is known, else where it came from. */
  readonly service: string;
  readonly signal: string;
  /** One of docs/reference/rejections.md. */
  readonly reason: string;
  readonly detail: string;
  readonly count: number;
  readonly unixMillis: number;
}

/** Where the stack forwards to, and why that does not work; empty while it does. */
export interface Destination {
  readonly name: string;
  readonly trouble: string;
}

/** Spans of a service that are stored more than once. */
export interface Doubled {
  readonly service: string;
  readonly spans: number;
  /** Of them with an id of their own. */
  readonly distinct: number;
  readonly resources: number;
}

/** What the ledger of a stack tells. */
export interface Stack {
  /** By the stack's own clock. */
  readonly nowUnixMillis: number;
  readonly arrivals: readonly Arrival[];
  /** Newest first. */
  readonly rejections: readonly Rejection[];
  readonly destinations: readonly Destination[];
  readonly doubled: readonly Doubled[];
  readonly isBalanced: boolean;
  /** How far its clock is ahead of this machine's; undefined when the ledger is a paste. */
  readonly clockAheadMillis?: number;
  readonly where: string;
}

/** A process of this machine that was told where to send telemetry. */
export interface LocalProcess {
  /** Its OpenTelemetry name. */
  readonly service: string;
  readonly pid: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly where: string;
}

/** What a registry told about an image that a pod wants. */
export interface ImageReport {
  readonly image: string;
  /** The platform of the nodes that it is wanted on; empty when they were not seen. */
  readonly wanted: string;
  readonly platforms: readonly string[];
  /** Id of the probe's finding (`image-platform`, `image-not-found`); empty when nothing is wrong with it. */
  readonly finding: string;
  /** The probe's words about it. */
  readonly seen: string;
  readonly where: string;
}

/** Names of objects that exist, for "selected X is not among Y". Undefined where that kind was not listed at all. */
export interface Inventory {
  readonly services: ReadonlySet<string> | undefined;
  readonly secrets: ReadonlySet<string> | undefined;
  readonly configMaps: ReadonlySet<string> | undefined;
  readonly ingressClasses: ReadonlySet<string> | undefined;
}

/** All that is known when the rules run. */
export interface Evidence {
  readonly statements: readonly Statement[];
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
  readonly services: readonly Service[];
  readonly ingresses: readonly Ingress[];
  readonly claims: readonly Claim[];
  /** In the API's shape, as `blockingPolicies` takes them. */
  readonly networkPolicies: readonly unknown[];
  readonly namespaceLabels: ReadonlyMap<string, Readonly<Record<string, string>>>;
  readonly environments: readonly Environment[];
  readonly inventory: Inventory;
  /** Undefined when no stack was looked at. */
  readonly stack: Stack | undefined;
  readonly processes: readonly LocalProcess[];
  readonly images: readonly ImageReport[];
  /** Sentences about what could not be read: a cut-off file, a refused permission. */
  readonly gaps: readonly Gap[];
  /** Values that must never be shown, such as the data of Secrets. */
  readonly secrets: readonly string[];
}
