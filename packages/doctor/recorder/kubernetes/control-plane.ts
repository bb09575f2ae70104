import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { Daemon } from '../tools/daemon.ts';
import { programAt } from '../tools/places.ts';
import { until } from '../tools/wait.ts';

const folder = '/srv/kubernetes';
/** Where the API server and the node stand, in a network that ends at this machine. */
export const nodeAddress = '10.20.0.10';
const server = `https://${nodeAddress}:6443`;

/** Who speaks to the API server; the developer may nothing. */
const users = {
  admin: ['system:admin', '"system:masters"'],
  kubelet: ['system:node:aks-pool1-0', '"system:nodes"'],
  developer: ['dev@example.com', '"developers"'],
} as const;

export type User = keyof typeof users;

/** The file that lets a client be this user. */
export function kubeconfigOf(user: User): string {
  return `${folder}/${user}.kubeconfig`;
}

/** A real etcd, API server, controller manager and scheduler, on an address of this network namespace. */
export class ControlPlane {
  readonly #daemons: readonly Daemon[];

  private constructor(daemons: readonly Daemon[]) {
    this.#daemons = daemons;
  }

  static async start(): Promise<ControlPlane> {
    mkdirSync(folder, { recursive: true });
    makeNetwork();
    makeAccounts();
    const etcd = new Daemon(programAt('etcd'), etcdFlags, '/srv/etcd.log');
    const api = new Daemon(programAt('kube-apiserver'), apiFlags, '/srv/kube-apiserver.log');
    await until('the API server', isReady, 180);
    const own = `--kubeconfig=${kubeconfigOf('admin')}`;
    const controllers = new Daemon(
      programAt('kube-controller-manager'),
      [own, ...controllerFlags],
      '/srv/controllers.log',
    );
    const scheduler = new Daemon(
      programAt('kube-scheduler'),
      [own, '--leader-elect=false'],
      '/srv/scheduler.log',
    );
    return new ControlPlane([scheduler, controllers, api, etcd]);
  }

  async close(): Promise<void> {
    for (const daemon of this.#daemons) await daemon.close('SIGKILL');
  }
}

function makeNetwork(): void {
  const commands = [
    'link add node0 type veth peer name outside',
    'link set node0 up',
    'link set outside up',
    `addr add ${nodeAddress}/16 dev node0`,
    'route add default via 10.20.0.1 dev node0',
  ];
  for (const command of commands) execFileSync('ip', command.split(' '));
}

function makeAccounts(): void {
  execFileSync('openssl', ['genrsa', '-out', `${folder}/account.key`, '2048'], { stdio: 'ignore' });
  const rows = Object.entries(users).map(([token, [name, group]]) => `${token},${name},${name},${group}`);
  writeFileSync(`${folder}/tokens.csv`, `${rows.join('\n')}\n`);
  for (const user of Object.keys(users) as User[]) writeFileSync(kubeconfigOf(user), kubeconfigText(user));
}

function kubeconfigText(user: User): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'recorder',
    clusters: [{ name: 'recorder', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: user, user: { token: user } }],
    contexts: [{ name: 'recorder', context: { cluster: 'recorder', user } }],
  });
}

function isReady(): boolean {
  try {
    execFileSync(programAt('kubectl'), ['--kubeconfig', kubeconfigOf('admin'), 'get', '--raw', '/readyz'], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

const etcdFlags = [
  '--data-dir=/srv/etcd',
  '--unsafe-no-fsync',
  '--listen-client-urls=http://127.0.0.1:2379',
  '--advertise-client-urls=http://127.0.0.1:2379',
  '--listen-peer-urls=http://127.0.0.1:2380',
  '--initial-advertise-peer-urls=http://127.0.0.1:2380',
  '--initial-cluster=default=http://127.0.0.1:2380',
];

const apiFlags = [
  '--etcd-servers=http://127.0.0.1:2379',
  `--advertise-address=${nodeAddress}`,
  '--secure-port=6443',
  `--cert-dir=${folder}/certificates`,
  '--service-cluster-ip-range=10.0.0.0/16',
  '--service-account-issuer=https://kubernetes.default.svc',
  `--service-account-key-file=${folder}/account.key`,
  `--service-account-signing-key-file=${folder}/account.key`,
  `--token-auth-file=${folder}/tokens.csv`,
  '--authorization-mode=RBAC',
  '--allow-privileged=true',
  '--event-ttl=6h',
  '--kubelet-preferred-address-types=InternalIP',
];

const controllerFlags = [
  `--service-account-private-key-file=${folder}/account.key`,
  `--root-ca-file=${folder}/certificates/apiserver.crt`,
  '--leader-elect=false',
  // Nodes without a kubelet are to stay as they are while pods are tried on them.
  '--node-monitor-grace-period=30m',
];
