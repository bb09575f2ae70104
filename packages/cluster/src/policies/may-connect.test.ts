import { describe, expect, it } from 'vitest';
import { blockingPolicies, type PolicyPeer } from './may-connect.ts';

const pod = (namespace: string, app: string): PolicyPeer => ({
  namespace,
  namespaceLabels: { 'kubernetes.io/metadata.name': namespace },
  labels: { app },
});
const api = pod('board', 'api');
const database = pod('board', 'mariadb');
const maru = pod('maru', 'maru');
const outside = (address?: string): PolicyPeer => ({
  namespace: '',
  namespaceLabels: {},
  labels: {},
  outside: { address },
});

function policy(spec: object, name = 'own', namespace = 'board'): object {
  return { kind: 'NetworkPolicy', metadata: { name, namespace }, spec };
}

const denyAll = policy({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] }, 'default-deny');

function mayConnect(
  policies: readonly object[],
  from: PolicyPeer,
  to: PolicyPeer,
  number: number,
  name?: string,
): boolean {
  const port = { number, protocol: 'TCP' as const, ...(name === undefined ? {} : { name }) };
  return blockingPolicies(policies, from, to, port).length === 0;
}

describe('network policies', () => {
  it('block nothing that none of them chooses', () => {
    expect(mayConnect([], api, database, 3306)).toBe(true);
    expect(mayConnect([denyAll], maru, outside('1.1.1.1'), 443)).toBe(true);
  });

  it('that deny all block both ends, and are named', () => {
    expect(blockingPolicies([denyAll], api, database, { number: 3306, protocol: 'TCP' })).toEqual([
      { namespace: 'board', name: 'default-deny', direction: 'Egress' },
      { namespace: 'board', name: 'default-deny', direction: 'Ingress' },
    ]);
  });

  it('allow what any of them allows, when both ends agree', () => {
    const out = policy({
      podSelector: { matchLabels: { app: 'api' } },
      policyTypes: ['Egress'],
      egress: [{ to: [{ podSelector: { matchLabels: { app: 'mariadb' } } }], ports: [{ port: 'mysql' }] }],
    });
    const within = policy({
      podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['mariadb'] }] },
      ingress: [{ from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } }] }],
    });
    expect(mayConnect([denyAll, out, within], api, database, 3306, 'mysql')).toBe(true);
    expect(mayConnect([denyAll, out], api, database, 3306, 'mysql')).toBe(false);
    expect(mayConnect([denyAll, out, within], api, database, 3307)).toBe(false);
  });

  it('without a namespace selector mean their own namespace', () => {
    const out = (peer: object): object =>
      policy({
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [{ to: [peer], ports: [{ port: 4310, endPort: 4319 }] }],
      });
    const labelled = { podSelector: { matchLabels: { app: 'maru' } } };
    const inMaru = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'maru' } } };
    expect(mayConnect([out(labelled)], api, maru, 4318)).toBe(false);
    expect(mayConnect([out({ ...labelled, ...inMaru })], api, maru, 4318)).toBe(true);
    expect(mayConnect([out({ ...labelled, ...inMaru })], api, maru, 3000)).toBe(false);
  });

  it('reach outside by address, and of a name only what no block could hold is refused', () => {
    const out = policy({
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        { to: [{ ipBlock: { cidr: '203.0.113.0/24', except: ['203.0.113.9/32'] } }], ports: [{ port: 443 }] },
      ],
    });
    expect(mayConnect([out], api, outside('203.0.113.10'), 443)).toBe(true);
    expect(mayConnect([out], api, outside('203.0.113.9'), 443)).toBe(false);
    expect(mayConnect([out], api, outside('198.51.100.1'), 443)).toBe(false);
    expect(mayConnect([out], api, outside(), 443)).toBe(true);
    expect(mayConnect([out], api, outside(), 4318)).toBe(false);
  });

  it('that are garbled throw nothing', () => {
    const garbled = [
      { kind: 'NetworkPolicy' },
      policy({ podSelector: 7, egress: [{ to: [{ ipBlock: { cidr: 'x/y' } }] }] }),
    ];
    expect(() => mayConnect(garbled, api, outside('1.1.1.1'), 1)).not.toThrow();
  });
});
