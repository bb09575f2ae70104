import { blockingPolicies } from '@maru/cluster';
import { type KubernetesObject, type Labels, selects } from './objects.ts';

/** A pod as a NetworkPolicy sees it. */
export interface Peer {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
}

/** A NetworkPolicy as our manifests write it. */
export interface NetworkPolicy extends KubernetesObject {
  readonly spec: {
    readonly podSelector: Selector;
    readonly policyTypes: readonly ('Ingress' | 'Egress')[];
    readonly ingress?: readonly Rule[];
    readonly egress?: readonly Rule[];
  };
}

/** One rule of a policy; `from` or `to` are absent where all may. */
export interface Rule {
  readonly from?: readonly PeerSelector[];
  readonly to?: readonly PeerSelector[];
  readonly ports?: readonly { readonly port: number; readonly protocol?: 'TCP' | 'UDP' }[];
}

/** Whom a rule means. */
export interface PeerSelector {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  /** Addresses outside of the cluster. */
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

export type Direction = 'Ingress' | 'Egress';

interface Selector {
  readonly matchLabels?: Labels;
}

/**
 * Whether NetworkPolicies let one pod connect to another, by the rules of
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/: what no policy chooses may do all, what
 * one chooses may do what any of its policies allows, and both ends must agree. Knows what our manifests use: selectors
 * by labels, and ports by number.
 */
export function mayConnect(
  objects: readonly KubernetesObject[],
  from: Peer,
  to: Peer,
  port: number,
  protocol: 'TCP' | 'UDP' = 'TCP',
): boolean {
  return blockingPolicies(objects, from, to, { number: port, protocol }).length === 0;
}

/** Where a pod may connect outside of the cluster, as `address/bits:port`. */
export function waysOut(objects: readonly KubernetesObject[], from: Peer): readonly string[] {
  const policies = policiesIn(objects).filter((policy) => applies(policy, from, 'Egress'));
  return policies
    .flatMap(({ spec }) => spec.egress ?? [])
    .flatMap(({ to, ports }) => (to ?? []).flatMap(({ ipBlock }) => (ipBlock ? [{ ipBlock, ports }] : [])))
    .map(({ ipBlock, ports }) => `${ipBlock.cidr}:${ports?.map(({ port }) => port).join(',') ?? 'any'}`);
}

/** The policies among some objects. */
export function policiesIn(objects: readonly KubernetesObject[]): readonly NetworkPolicy[] {
  return objects.filter(isNetworkPolicy);
}

function isNetworkPolicy(object: KubernetesObject): object is NetworkPolicy {
  return object.kind === 'NetworkPolicy';
}

/** Whether a policy chooses a pod for this direction. */
export function applies({ metadata, spec }: NetworkPolicy, pod: Peer, direction: Direction): boolean {
  return (
    metadata.namespace === pod.namespace &&
    spec.policyTypes.includes(direction) &&
    selects(spec.podSelector.matchLabels ?? {}, pod.labels)
  );
}

/** Whether a selector means a pod. Without a namespace selector, pods of the policy's own namespace are meant. */
export function isPeer(selector: PeerSelector, policy: NetworkPolicy, pod: Peer): boolean {
  if (selector.ipBlock !== undefined) return false;
  const inNamespace =
    selector.namespaceSelector === undefined
      ? pod.namespace === policy.metadata.namespace
      : selects(selector.namespaceSelector.matchLabels ?? {}, pod.namespaceLabels);
  return inNamespace && selects(selector.podSelector?.matchLabels ?? {}, pod.labels);
}
