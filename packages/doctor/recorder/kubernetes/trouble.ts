import { until } from '../tools/wait.ts';
import { apply, kubectl } from './kubectl.ts';
import { type Node, writeNetwork } from './node.ts';
import { claim, container, pod, silentNode, sleeping } from './objects.ts';
import { placed, podViews, type Scenario } from './scenario.ts';

const sandbox = /FailedCreatePodSandBox/;

function eightPods(): readonly object[] {
  return Array.from({ length: 8 }, (_, index) => pod([sleeping], {}, `worker-${index}`));
}

const volumes = (volume: object): object =>
  pod([{ ...sleeping, volumeMounts: [{ name: 'data', mountPath: '/data' }] }], {
    volumes: [{ name: 'data', ...volume }],
  });

function disk(driver: string): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk-7' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      claimRef: { namespace: 'storage-3', name: 'data' },
      csi: { driver, volumeHandle: 'disk-7' },
    },
  };
}

/** Volumes that the node cannot mount. */
export const storage: readonly Scenario[] = [
  {
    name: 'a share of a server that is not there',
    fires: ['volume-mount-failed'],
    unlike: ['config-map-missing'],
    objects: [volumes({ nfs: { server: '10.20.0.99', path: '/export' } })],
    shows: /FailedMount/,
    seconds: 150,
    views: podViews(),
  },
  {
    name: 'a driver that is not on the node',
    fires: ['volume-driver-missing'],
    unlike: ['volume-mount-failed'],
    objects: [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSIDriver',
        metadata: { name: 'file.csi.azure.com' },
        spec: { attachRequired: false },
      },
      volumes({ csi: { driver: 'file.csi.azure.com' } }),
    ],
    shows: /FailedMount/,
    seconds: 150,
    views: podViews(),
  },
  {
    name: 'a disk that another node holds',
    fires: ['volume-attached-elsewhere'],
    unlike: ['volume-mount-failed'],
    objects: [
      silentNode('aks-pool1-1'),
      silentNode('aks-pool1-2'),
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'CSIDriver',
        metadata: { name: 'disk.csi.azure.com' },
        spec: {},
      },
      disk('disk.csi.azure.com'),
      claim('data', { storageClassName: '', volumeName: 'disk-7' }),
      pod(
        [sleeping],
        {
          nodeName: 'aks-pool1-1',
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
        },
        'mariadb-0',
      ),
    ],
    meanwhile: async (namespace) => {
      const attachments = ['get', 'volumeattachments', '-o', 'name'];
      await until('the attachment', async () => /csi/.test(await kubectl(attachments)));
      const [name = ''] = (await kubectl(attachments)).trim().split('\n');
      // What the driver's own controller would say.
      await kubectl([
        'patch',
        name,
        '--subresource=status',
        '--type=merge',
        '-p',
        '{"status":{"attached":true}}',
      ]);
      apply([
        placed(
          pod(
            [sleeping],
            {
              nodeName: 'aks-pool1-2',
              volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
            },
            'mariadb-1',
          ),
          namespace,
        ),
      ]);
    },
    shows: /FailedAttachVolume/,
    seconds: 90,
    views: [
      { args: 'describe pod mariadb-1 mariadb-0', alsoOld: true },
      { args: 'get events' },
      { args: 'get pods,events -o json' },
    ],
  },
];

/** The sandbox and the network that pods start in. */
export const sandboxes: readonly Scenario[] = [
  {
    name: 'a runtime that the node does not have',
    fires: ['sandbox-failed'],
    unlike: ['network-plugin-not-ready'],
    objects: [
      { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'kata' }, handler: 'kata' },
      pod([sleeping], { runtimeClassName: 'kata' }),
    ],
    shows: sandbox,
    views: podViews(),
  },
  {
    name: 'a range without a free address',
    fires: ['pod-addresses-used-up'],
    unlike: ['network-plugin-not-ready'],
    objects: eightPods(),
    shows: sandbox,
    before: () => writeNetwork('10.244.9.0/29', 'pods9'),
    after: () => writeNetwork('10.244.0.0/24'),
    views: [{ args: 'get events' }, { args: 'get pods,events -o json' }],
  },
  {
    name: 'no network plug-in',
    fires: ['network-plugin-not-ready'],
    unlike: ['sandbox-failed'],
    objects: [pod([sleeping], { nodeName: 'aks-pool1-0' })],
    shows: /NetworkNotReady/,
    before: () => writeNetwork(undefined),
    after: () => writeNetwork('10.244.0.0/24'),
    views: [
      ...podViews(),
      { args: 'describe node aks-pool1-0', isWide: true },
      { args: 'get nodes', fires: ['node-not-ready'], isWide: true },
    ],
  },
  {
    name: 'containers that are not made yet',
    fires: ['still-creating'],
    unlike: ['volume-mount-failed', 'image-pull-failed'],
    objects: [volumes({ configMap: { name: 'late' } })],
    shows: /ContainerCreating/,
    views: [{ args: 'get pods' }],
  },
  {
    name: 'an emptyDir that grows too large',
    fires: ['evicted'],
    unlike: ['out-of-memory', 'node-disk-pressure'],
    objects: [
      pod(
        [
          {
            ...container('dd if=/dev/zero of=/cache/file bs=1M count=8; exec sleep 100000'),
            volumeMounts: [{ name: 'cache', mountPath: '/cache' }],
          },
        ],
        {
          volumes: [{ name: 'cache', emptyDir: { sizeLimit: '1Mi' } }],
        },
      ),
    ],
    shows: /Evicted/,
    seconds: 150,
    views: podViews(),
  },
];

/** What a node says when it runs out of something; `node` is made to believe so. */
export function pressures(node: Node): readonly Scenario[] {
  const short = (
    name: string,
    signal: string,
    fires: readonly string[],
    shows: RegExp,
    evicts: boolean,
  ): Scenario => ({
    name,
    fires,
    unlike: ['out-of-memory', 'image-disk-full'],
    objects: [pod([sleeping])],
    shows,
    seconds: 120,
    before: async () => {
      await node.restartKubelet({ evictionHard: { [signal]: '99.99%' } });
    },
    after: async () => {
      await node.restartKubelet({});
    },
    views: [
      { args: 'describe node aks-pool1-0', isWide: true, alsoOld: true },
      { args: 'get events -A --field-selector involvedObject.kind=Node', isWide: true },
      { args: 'get node aks-pool1-0 -o json', isWide: true },
      ...(evicts ? [{ args: 'describe pod', fires: ['evicted'] }] : []),
    ],
  });
  return [
    short(
      'a node that is short of memory',
      'memory.available',
      ['node-memory-pressure'],
      /Evict|FailedScheduling/,
      false,
    ),
    short(
      'a node that is short of disk',
      'nodefs.available',
      ['node-disk-pressure'],
      /Evict|FailedScheduling/,
      false,
    ),
    short(
      'a node with too many processes',
      'pid.available',
      ['node-pid-pressure'],
      /Evict|FailedScheduling/,
      false,
    ),
  ];
}
