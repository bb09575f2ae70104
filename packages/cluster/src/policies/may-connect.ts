import { BlockList, isIP } from 'node:net';
import { at, listAt, numberAt, textAt, textsAt } from '../json.ts';

type Labels = Readonly<Record<string, string>>;

/** One end of a connection as a NetworkPolicy sees it: a pod, or an address outside of the cluster. */
export interface PolicyPeer {
  readonly namespace: string;
  readonly namespaceLabels: Labels;
  readonly labels: Labels;
  /** Only for what is no pod; `undefined` for an outside host whose address is not known. */
  readonly outside?: { readonly address: string | undefined };
}

/** Where a connection goes to. */
export interface PolicyPort {
  readonly number: number;
  readonly protocol: 'TCP' | 'UDP';
  /** The container port's name, which a policy may say in place of its number. */
  readonly name?: string;
}

type Direction = 'Ingress' | 'Egress';

/** A policy that chooses one end of a connection and does not allow it. */
export interface Blocking {
  readonly namespace: string;
  readonly name: string;
  readonly direction: Direction;
}

/**
 * The policies that keep a connection from being made, by the rules of
 * https://kubernetes.io/docs/concepts/services-networking/network-policies/: what no policy chooses may do all, what one
 * chooses may do what any of its policies allows, and both ends must agree. Empty: it may be made, as far as these tell.
 *
 * @param policies NetworkPolicy objects in the API's shape; other kinds are passed over
 */
export function blockingPolicies(
  policies: readonly unknown[],
  from: PolicyPeer,
  to: PolicyPeer,
  port: PolicyPort,
): readonly Blocking[] {
  const own = policies.filter((policy) => textAt(policy, 'kind') === 'NetworkPolicy');
  return [
    ...blockingAt(own, from, to, port, 'Egress'),
    ...(to.outside === undefined ? blockingAt(own, to, from, port, 'Ingress') : []),
  ];
}

function blockingAt(
  policies: readonly unknown[],
  own: PolicyPeer,
  other: PolicyPeer,
  port: PolicyPort,
  direction: Direction,
): readonly Blocking[] {
  const chosen = policies.filter((policy) => chooses(policy, own, direction));
  if (chosen.some((policy) => allows(policy, other, port, direction))) return [];
  return chosen.map((policy) => ({
    namespace: textAt(policy, 'metadata', 'namespace'),
    name: textAt(policy, 'metadata', 'name'),
    direction,
  }));
}

function chooses(policy: unknown, pod: PolicyPeer, direction: Direction): boolean {
  return (
    pod.outside === undefined &&
    textAt(policy, 'metadata', 'namespace') === pod.namespace &&
    directionsOf(policy).includes(direction) &&
    selectsLabels(at(policy, 'spec', 'podSelector'), pod.labels)
  );
}

/** Without `policyTypes`: always Ingress, and Egress when there are rules for it. */
function directionsOf(policy: unknown): readonly string[] {
  const types = listAt(policy, 'spec', 'policyTypes').map(String);
  if (types.length > 0) return types;
  return at(policy, 'spec', 'egress') === undefined ? ['Ingress'] : ['Ingress', 'Egress'];
}

function allows(policy: unknown, other: PolicyPeer, port: PolicyPort, direction: Direction): boolean {
  const rules = listAt(policy, 'spec', direction === 'Ingress' ? 'ingress' : 'egress');
  return rules.some((rule) => {
    const peers = listAt(rule, direction === 'Ingress' ? 'from' : 'to');
    const isForAll = peers.length === 0;
    return hasPort(rule, port) && (isForAll || peers.some((peer) => isPeer(peer, policy, other)));
  });
}

function hasPort(rule: unknown, port: PolicyPort): boolean {
  const ports = listAt(rule, 'ports');
  return ports.length === 0 || ports.some((one) => isPort(one, port));
}

function isPort(one: unknown, { number, protocol, name }: PolicyPort): boolean {
  if ((textAt(one, 'protocol') || 'TCP') !== protocol) return false;
  const wanted = textAt(one, 'port');
  const last = numberAt(one, 'endPort');
  if (wanted === '') return true;
  if (last !== undefined) return number >= Number(wanted) && number <= last;
  return wanted === String(number) || (name !== undefined && wanted === name);
}

/** Without a namespace selector, pods of the policy's own namespace are meant. */
function isPeer(peer: unknown, policy: unknown, other: PolicyPeer): boolean {
  const block = at(peer, 'ipBlock');
  if (block !== undefined) return other.outside !== undefined && isInBlock(block, other.outside.address);
  if (other.outside !== undefined) return false;
  const namespaces = at(peer, 'namespaceSelector');
  const inNamespace =
    namespaces === undefined
      ? other.namespace === textAt(policy, 'metadata', 'namespace')
      : selectsLabels(namespaces, other.namespaceLabels);
  return inNamespace && selectsLabels(at(peer, 'podSelector'), other.labels);
}

/** A host whose address is not known is taken to be in every block: only what is certain to be refused is told. */
function isInBlock(block: unknown, address: string | undefined): boolean {
  if (address === undefined) return true;
  const excluded = listAt(block, 'except').map(String);
  return isWithin(textAt(block, 'cidr'), address) && !excluded.some((cidr) => isWithin(cidr, address));
}

function isWithin(cidr: string, address: string): boolean {
  const [network = '', bits] = cidr.split('/');
  const family = isIP(network);
  if (family === 0 || family !== isIP(address)) return false;
  const list = new BlockList();
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const length = Number(bits ?? (family === 4 ? 32 : 128));
  if (!Number.isInteger(length) || length < 0 || length > (family === 4 ? 32 : 128)) return false;
  list.addSubnet(network, length, type);
  return list.check(address, type);
}

/** By `matchLabels` and `matchExpressions`; an empty selector chooses everything. */
function selectsLabels(selector: unknown, labels: Labels): boolean {
  const wanted = Object.entries(textsAt(selector, 'matchLabels') ?? {});
  return (
    wanted.every(([name, value]) => labels[name] === value) &&
    listAt(selector, 'matchExpressions').every((expression) => holds(expression, labels))
  );
}

function holds(expression: unknown, labels: Labels): boolean {
  const value = labels[textAt(expression, 'key')];
  const values = listAt(expression, 'values').map(String);
  switch (textAt(expression, 'operator')) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    default:
      return value === undefined;
  }
}
