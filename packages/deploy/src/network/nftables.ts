import {
  applies,
  type Direction,
  isPeer,
  type Peer,
  type PeerSelector,
  policiesIn,
  type Rule,
} from '../connections.ts';
import type { KubernetesObject } from '../objects.ts';

/** A pod with its address. */
export interface Placed {
  readonly peer: Peer;
  readonly address: string;
}

/**
 * What a policy engine does for one pod, as nftables of the pod's own network namespace: answers of what was let through
 * pass, then what a policy allows, and nothing else in a direction for which some policy chooses the pod.
 */
export function nftablesFor(
  objects: readonly KubernetesObject[],
  pod: Peer,
  others: readonly Placed[],
): string {
  const chains = [chainOf('Ingress', objects, pod, others), chainOf('Egress', objects, pod, others)];
  return ['table inet policies {', ...chains.flat().map((line) => `  ${line}`), '}', ''].join('\n');
}

function chainOf(
  direction: Direction,
  objects: readonly KubernetesObject[],
  pod: Peer,
  others: readonly Placed[],
): readonly string[] {
  const hook = direction === 'Ingress' ? 'input' : 'output';
  const device = direction === 'Ingress' ? 'iif' : 'oif';
  const chosen = policiesIn(objects).filter((policy) => applies(policy, pod, direction));
  const allowed = chosen.flatMap((policy) =>
    ((direction === 'Ingress' ? policy.spec.ingress : policy.spec.egress) ?? []).flatMap((rule) => {
      const means = (selector: PeerSelector): readonly string[] =>
        rangesOf(
          selector,
          others.filter(({ peer }) => isPeer(selector, policy, peer)),
        );
      return statementsOf(direction, rule, means);
    }),
  );
  return [
    `chain ${hook} {`,
    `  type filter hook ${hook} priority 0; policy ${chosen.length === 0 ? 'accept' : 'drop'};`,
    `  ${device} lo accept`,
    '  ct state established,related accept',
    ...allowed.map((statement) => `  ${statement}`),
    '}',
  ];
}

function rangesOf({ ipBlock }: PeerSelector, chosen: readonly Placed[]): readonly string[] {
  return ipBlock === undefined ? chosen.map(({ address }) => address) : [ipBlock.cidr];
}

/** A rule without peers means all; one whose selectors choose no pod means none. */
function statementsOf(
  direction: Direction,
  rule: Rule,
  means: (selector: PeerSelector) => readonly string[],
): readonly string[] {
  const selectors = direction === 'Ingress' ? rule.from : rule.to;
  const addresses = selectors?.flatMap(means);
  if (addresses?.length === 0) return [];
  const side = direction === 'Ingress' ? 'saddr' : 'daddr';
  const whom = addresses === undefined ? '' : `ip ${side} { ${[...new Set(addresses)].join(', ')} } `;
  const except = (selectors ?? []).flatMap(({ ipBlock }) => ipBlock?.except ?? []);
  const but = except.length === 0 ? '' : `ip ${side} != { ${except.join(', ')} } `;
  if (rule.ports === undefined) return [`${whom}${but}accept`];
  return rule.ports.map(
    ({ port, protocol = 'TCP' }) => `${whom}${but}${protocol.toLowerCase()} dport ${port} accept`,
  );
}
