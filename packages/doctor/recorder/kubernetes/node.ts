import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Daemon } from '../tools/daemon.ts';
import { places, programAt } from '../tools/places.ts';
import { until } from '../tools/wait.ts';
import { kubeconfigOf, nodeAddress } from './control-plane.ts';
import { kubectl } from './kubectl.ts';

const nodeName = 'aks-pool1-0';

/** Registries that are not what their name says: the port on loopback that a host's images come from. */
export type Mirrors = Readonly<Record<string, string>>;

/** How a kubelet is to behave beside its usual way. */
export type KubeletSettings = Readonly<Record<string, unknown>>;

/** containerd and a kubelet: a real node of this machine, with pods in network namespaces of their own. */
export class Node {
  readonly #containerd: Daemon;
  #kubelet: Daemon;

  private constructor(containerd: Daemon, kubelet: Daemon) {
    this.#containerd = containerd;
    this.#kubelet = kubelet;
  }

  static async start(mirrors: Mirrors): Promise<Node> {
    keepSysctls();
    writeNetwork('10.244.0.0/24');
    for (const [host, server] of Object.entries(mirrors)) writeMirror(host, server);
    writeFileSync('/srv/containerd.toml', containerdText);
    const containerd = new Daemon(
      programAt('containerd'),
      ['--config=/srv/containerd.toml'],
      '/srv/containerd.log',
      {
        PATH: `${places.bin}:${join(places.debian, 'usr/bin')}:${join(places.debian, 'usr/sbin')}:${process.env.PATH}`,
      },
    );
    await until('containerd', () => answersTo(['version']));
    const node = new Node(containerd, startKubelet({}));
    await node.ready();
    return node;
  }

  async ready(): Promise<void> {
    await until('the node', async () => /\bReady\b/.test(await kubectl(['get', 'nodes', nodeName])), 120);
  }

  async restartKubelet(settings: KubeletSettings): Promise<void> {
    await this.#kubelet.close('SIGKILL');
    this.#kubelet = startKubelet(settings);
  }

  async stopKubelet(): Promise<void> {
    await this.#kubelet.close('SIGKILL');
  }

  async close(): Promise<void> {
    await this.#kubelet.close('SIGKILL');
    await this.#containerd.close('SIGKILL');
  }
}

function answersTo(args: readonly string[]): boolean {
  try {
    execFileSync(programAt('ctr'), ['--address=/srv/containerd/containerd.sock', ...args], {
      stdio: 'ignore',
    });
    return true;
  } catch {
    return false;
  }
}

/** The kubelet would set these for the whole machine; here it finds what it wants, and the machine keeps what it has. */
function keepSysctls(): void {
  const wanted = {
    'vm/overcommit_memory': '1',
    'vm/panic_on_oom': '0',
    'kernel/panic': '10',
    'kernel/panic_on_oops': '1',
    'kernel/keys/root_maxkeys': '1000000',
    'kernel/keys/root_maxbytes': '25000000',
  };
  mkdirSync('/srv/sysctl', { recursive: true });
  for (const [name, value] of Object.entries(wanted)) {
    const file = `/srv/sysctl/${name.replaceAll('/', '-')}`;
    writeFileSync(file, `${value}\n`);
    execFileSync('mount', ['--bind', file, `/proc/sys/${name}`]);
  }
}

/** Pods get addresses of this range on a bridge; undefined takes the network away. */
export function writeNetwork(subnet: string | undefined, name = 'pods0'): void {
  mkdirSync('/srv/cni', { recursive: true });
  rmSync('/srv/cni/10-bridge.conflist', { force: true });
  if (subnet === undefined) return;
  const ipam = {
    type: 'host-local',
    dataDir: '/srv/addresses',
    ranges: [[{ subnet }]],
    routes: [{ dst: '0.0.0.0/0' }],
  };
  const bridge = { type: 'bridge', bridge: name, isGateway: true, ipMasq: false, ipam };
  const network = { cniVersion: '0.4.0', name, plugins: [bridge] };
  writeFileSync('/srv/cni/10-bridge.conflist', JSON.stringify(network));
}

function writeMirror(host: string, server: string): void {
  const folder = `/srv/certs.d/${host}`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'hosts.toml'),
    `server = "${server}"\n[host."${server}"]\n  capabilities = ["pull", "resolve"]\n`,
  );
}

const containerdText = `version = 2
root = "/srv/containerd/root"
state = "/srv/containerd/state"
[grpc]
  address = "/srv/containerd/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "hyunwoo.azurecr.io/pause:1"
  # Some sandboxes lack CAP_SYS_RESOURCE, without which no process may be made less killable than its parent.
  restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".cni]
  bin_dir = "${join(places.debian, 'usr/lib/cni')}"
  conf_dir = "/srv/cni"
[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/srv/certs.d"
`;

function startKubelet(settings: KubeletSettings): Daemon {
  const configuration = {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
    authorization: { mode: 'AlwaysAllow' },
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    containerRuntimeEndpoint: 'unix:///srv/containerd/containerd.sock',
    evictionHard: { 'memory.available': '100Mi', 'nodefs.available': '1%' },
    clusterDNS: ['10.0.0.10'],
    clusterDomain: 'cluster.local',
    failSwapOn: false,
    failCgroupV1: false,
    makeIPTablesUtilChains: false,
    protectKernelDefaults: false,
    resolvConf: '/srv/resolv.conf',
    nodeStatusUpdateFrequency: '5s',
    evictionPressureTransitionPeriod: '10s',
    podLogsDir: '/srv/pod-logs',
    ...settings,
  };
  writeFileSync('/srv/resolv.conf', 'nameserver 10.0.0.10\n');
  writeFileSync('/srv/kubelet.json', JSON.stringify(configuration));
  const flags = [
    '--config=/srv/kubelet.json',
    `--kubeconfig=${kubeconfigOf('admin')}`,
    '--root-dir=/srv/kubelet',
    '--cert-dir=/srv/kubelet/pki',
    `--hostname-override=${nodeName}`,
    `--node-ip=${nodeAddress}`,
  ];
  return new Daemon(programAt('kubelet'), flags, '/srv/kubelet.log');
}
