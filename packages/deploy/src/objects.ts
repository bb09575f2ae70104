import { readFileSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { repository } from './repository.ts';

/** The part of a Kubernetes object that the rules are about. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: Labels };
  readonly automountServiceAccountToken?: boolean;
  readonly data?: Readonly<Record<string, string>>;
  readonly spec?: unknown;
}

export type Labels = Readonly<Record<string, string>>;

/** A Deployment, a StatefulSet or a DaemonSet. */
export interface Workload extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly serviceName?: string;
    readonly selector: { readonly matchLabels: Labels };
    readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
    readonly volumeClaimTemplates?: readonly { readonly metadata: { readonly name: string } }[];
  };
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly topologySpreadConstraints?: readonly {
    readonly topologyKey: string;
    readonly labelSelector: { readonly matchLabels: Labels };
  }[];
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
  readonly hostNetwork?: boolean;
  readonly nodeSelector?: Labels;
}

/** One of a pod's volumes; the kinds that are files of other objects are looked into. */
export interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string };
  readonly secret?: { readonly secretName: string };
  readonly [kind: string]: unknown;
}

export interface Container {
  readonly name: string;
  readonly image: string;
  readonly args?: readonly string[];
  readonly ports: readonly {
    readonly name: string;
    readonly containerPort: number;
    readonly hostPort?: number;
  }[];
  readonly env: readonly EnvironmentVariable[];
  readonly envFrom?: readonly { readonly configMapRef?: { readonly name: string } }[];
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly lifecycle?: { readonly preStop: { readonly sleep: { readonly seconds: number } } };
  readonly securityContext?: Readonly<Record<string, unknown>>;
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

export interface EnvironmentVariable {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: { readonly name: string; readonly key: string; readonly optional?: boolean };
    readonly configMapKeyRef?: { readonly name: string; readonly key: string };
    readonly fieldRef?: { readonly fieldPath: string };
  };
}

export interface Probe {
  readonly httpGet?: { readonly path: string; readonly port: string; readonly scheme?: 'HTTP' | 'HTTPS' };
  readonly tcpSocket?: { readonly port: string };
  readonly exec?: { readonly command: readonly string[] };
}

/** Where both sides can stand on one cluster. */
export const places = ['local', 'aks'] as const;

/** One rendered overlay. */
export interface Overlay {
  /** `workload-aks` */
  readonly name: string;
  /** The folder with the kustomization. */
  readonly source: string;
  /** The committed file for `kubectl apply -f`. */
  readonly plain: string;
}

const folders = [
  ['workload', 'local'],
  ['workload', 'aks'],
  ['workload', 'aks-remote'],
  ['workload', 'aks-lgtm'],
  ['workload', 'aks-tls'],
  ['stack', 'local'],
  ['stack', 'aks'],
  ['stack', 'aks-tls'],
  ['stack', 'aks-public'],
  ['stack', 'aks-metrics'],
] as const;

export const overlays: readonly Overlay[] = folders.map(([side, place]) => ({
  name: `${side}-${place}`,
  source: `${repository}/deploy/kubernetes/${side}/overlays/${place}`,
  plain: `${repository}/deploy/kubernetes/plain/${side}-${place}.yaml`,
}));

/** The Grafana stack for those who keep it; no overlay, for it stands for itself. */
export const lgtm: Overlay = {
  name: 'lgtm',
  source: `${repository}/deploy/lgtm`,
  plain: `${repository}/deploy/kubernetes/plain/lgtm.yaml`,
};

/** For those who need one: docs/collector-or-not.md. Its pods break rules that all others keep. */
export const collector: Overlay = {
  name: 'collector',
  source: `${repository}/deploy/kubernetes/collector`,
  plain: `${repository}/deploy/kubernetes/plain/collector.yaml`,
};

/** All that is rendered and keeps every rule. */
export const renderings: readonly Overlay[] = [...overlays, lgtm];

/** All that is rendered. */
export const everything: readonly Overlay[] = [...renderings, collector];

/** The objects of a rendered overlay, in the file's order. Throws when the file is no valid YAML. */
export function objectsOf(overlay: Overlay): readonly KubernetesObject[] {
  return parseAllDocuments(readFileSync(overlay.plain, 'utf8')).map((document) => {
    if (document.errors[0] !== undefined) throw document.errors[0];
    return document.toJS() as KubernetesObject;
  });
}

export function workloadsOf(objects: readonly KubernetesObject[]): readonly Workload[] {
  return objects.filter(isWorkload);
}

function isWorkload(object: KubernetesObject): object is Workload {
  return ['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind);
}

/** Whether a selector by labels chooses something with these labels; an empty selector chooses everything. */
export function selects(matchLabels: Labels, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([name, value]) => labels[name] === value);
}
