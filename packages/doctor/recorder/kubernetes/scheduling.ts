import { until } from '../tools/wait.ts';
import { apply, kubectl } from './kubectl.ts';
import { claim, deployment, pod, silentNode, sleeping } from './objects.ts';
import { placed, podViews, type Scenario } from './scenario.ts';

const failed = /FailedScheduling/;

interface Draft {
  readonly name: string;
  readonly fires: readonly string[];
  readonly unlike?: readonly string[];
  readonly objects: readonly object[];
  readonly shows?: RegExp;
}

/** A scenario on nodes of its own, which are gone before the next one. */
function onNodes({ name, fires, unlike = [], objects, shows = failed }: Draft): Scenario {
  const nodes = objects.filter((one) => (one as { readonly kind: string }).kind === 'Node');
  return {
    name,
    fires,
    unlike,
    objects,
    shows,
    seconds: 40,
    before: async () => {
      apply(nodes);
      await until('the nodes to be taken for ready', async () => !/not-ready/.test(await kubectl(taints)));
    },
    views: podViews(undefined, []),
  };
}

const taints = ['get', 'nodes', '-o', 'jsonpath={.items[*].spec.taints}'];

function asking(requests: Readonly<Record<string, string>>): object {
  return pod([{ ...sleeping, resources: { requests, limits: requests } }]);
}

const labels = { 'topology.kubernetes.io/zone': 'koreacentral-1' };

function volumeIn(zone: string): object {
  const values = [zone];
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk-1' },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'zonal',
      local: { path: '/mnt/disk' },
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [
            { matchExpressions: [{ key: 'topology.kubernetes.io/zone', operator: 'In', values }] },
          ],
        },
      },
    },
  };
}

function mounting(name: string): object {
  return pod([{ ...sleeping, volumeMounts: [{ name: 'data', mountPath: '/data' }] }], {
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: name } }],
  });
}

const apart = {
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: 'kubernetes.io/hostname', labelSelector: { matchLabels: { app: 'board-api' } } },
    ],
  },
};

/** No node takes the pod; the nodes are objects alone, which is all that a scheduler sees of any. */
export const scheduling: readonly Scenario[] = [
  {
    ...onNodes({
      name: 'no node',
      fires: ['schedule-no-nodes'],
      unlike: ['schedule-cordoned'],
      objects: [pod([sleeping])],
    }),
  },
  onNodes({
    name: 'more CPU than is left',
    fires: ['schedule-cpu'],
    unlike: ['schedule-memory', 'image-platform'],
    objects: [silentNode('aks-pool1-1'), silentNode('aks-pool1-2'), asking({ cpu: '3' })],
  }),
  {
    ...onNodes({
      name: 'more CPU than is left, on a node that has just come',
      fires: ['schedule-cpu'],
      unlike: ['schedule-taint'],
      objects: [silentNode('aks-pool1-1'), asking({ cpu: '3' })],
      shows: /Insufficient cpu/,
    }),
    before: () => undefined,
    views: [{ args: 'get pods,events -o json' }],
  },
  onNodes({
    name: 'more memory than is left',
    fires: ['schedule-memory'],
    unlike: ['schedule-cpu', 'out-of-memory'],
    objects: [silentNode('aks-pool1-1'), asking({ memory: '8Gi' })],
  }),
  onNodes({
    name: 'more CPU and memory than is left',
    fires: ['schedule-cpu', 'schedule-memory'],
    objects: [silentNode('aks-pool1-1'), asking({ cpu: '3', memory: '8Gi' })],
  }),
  onNodes({
    name: 'a graphics card',
    fires: ['schedule-other-resource'],
    unlike: ['schedule-cpu', 'schedule-memory'],
    objects: [silentNode('aks-pool1-1'), asking({ 'nvidia.com/gpu': '1' })],
  }),
  onNodes({
    name: 'more scratch space than a node has',
    fires: ['schedule-other-resource'],
    unlike: ['schedule-memory', 'disk-full'],
    objects: [silentNode('aks-pool1-1'), asking({ 'ephemeral-storage': '100Gi' })],
  }),
  onNodes({
    name: 'a taint',
    fires: ['schedule-taint'],
    unlike: ['schedule-cordoned', 'schedule-node-affinity'],
    objects: [
      silentNode('aks-system-1', {
        spec: { taints: [{ key: 'CriticalAddonsOnly', value: 'true', effect: 'NoSchedule' }] },
      }),
      pod([sleeping]),
    ],
  }),
  onNodes({
    name: 'a node selector for Arm',
    fires: ['schedule-node-affinity'],
    unlike: ['image-platform', 'schedule-pod-affinity'],
    objects: [
      silentNode('aks-pool1-1'),
      pod([sleeping], { nodeSelector: { 'kubernetes.io/arch': 'arm64' } }),
    ],
  }),
  onNodes({
    name: 'two that may not stand together, one node',
    fires: ['schedule-pod-affinity'],
    unlike: ['schedule-node-affinity'],
    objects: [
      silentNode('aks-pool1-1'),
      {
        ...deployment([sleeping], { affinity: apart }),
        ...twice(deployment([sleeping], { affinity: apart })),
      },
    ],
  }),
  onNodes({
    name: 'a spread over zones',
    fires: ['schedule-topology-spread'],
    unlike: ['schedule-pod-affinity'],
    objects: [
      silentNode('aks-pool1-1', { labels }),
      pod([sleeping], {
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            minDomains: 2,
            topologyKey: 'topology.kubernetes.io/zone',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: { matchLabels: { app: 'board-api' } },
          },
        ],
      }),
      pod(
        [sleeping],
        {
          topologySpreadConstraints: [
            {
              maxSkew: 1,
              topologyKey: 'rack',
              whenUnsatisfiable: 'DoNotSchedule',
              labelSelector: { matchLabels: { app: 'board-web' } },
            },
          ],
        },
        'board-web',
      ),
    ],
  }),
  onNodes({
    name: 'a claim that nobody made',
    fires: ['schedule-claim-missing'],
    unlike: ['schedule-claim-unbound'],
    objects: [silentNode('aks-pool1-1'), mounting('data-mariadb-0')],
  }),
  {
    ...onNodes({
      name: 'a claim without a class',
      fires: ['claim-no-class'],
      unlike: ['claim-class-missing'],
      objects: [silentNode('aks-pool1-1'), claim('data'), mounting('data')],
    }),
    follows: ['schedule-claim-unbound'],
    shows: /FailedBinding[\s\S]*FailedScheduling|FailedScheduling[\s\S]*FailedBinding/,
    views: [
      { args: 'get pods,pvc,events -o json' },
      { args: 'get events' },
      { args: 'describe pod', alsoOld: true, fires: ['schedule-claim-unbound'] },
      { args: 'describe pvc', alsoOld: true, fires: ['claim-no-class'] },
    ],
  },
  {
    ...onNodes({
      name: 'a claim of a class that nobody made',
      fires: ['claim-class-missing'],
      unlike: ['claim-no-class', 'claim-provisioning-failed'],
      objects: [
        silentNode('aks-pool1-1'),
        claim('data', { storageClassName: 'managed-csi' }),
        mounting('data'),
      ],
    }),
    follows: ['schedule-claim-unbound'],
    shows: /ProvisioningFailed[\s\S]*FailedScheduling|FailedScheduling[\s\S]*ProvisioningFailed/,
    views: [
      { args: 'get pods,pvc,events -o json' },
      { args: 'get events' },
      { args: 'describe pvc', alsoOld: true, follows: [], fires: ['claim-class-missing'] },
    ],
  },
  {
    ...onNodes({
      name: 'a class whose provisioner does not exist',
      fires: ['claim-provisioning-failed'],
      unlike: ['claim-class-missing'],
      objects: [
        {
          apiVersion: 'storage.k8s.io/v1',
          kind: 'StorageClass',
          metadata: { name: 'glass' },
          provisioner: 'kubernetes.io/glusterfs',
        },
        claim('data', { storageClassName: 'glass' }),
      ],
    }),
    shows: /ProvisioningFailed/,
    views: [
      { args: 'describe pvc', alsoOld: true },
      { args: 'get events' },
      { args: 'get pvc,events -o json' },
    ],
  },
  {
    ...onNodes({
      name: 'a disk in another zone',
      fires: ['schedule-volume-zone'],
      unlike: ['schedule-node-affinity'],
      objects: [
        silentNode('aks-pool1-1', { labels }),
        volumeIn('koreacentral-2'),
        claim('data', { storageClassName: 'zonal', volumeName: 'disk-1' }),
      ],
    }),
    meanwhile: async (namespace) => {
      await until('the claim to be bound', async () =>
        /Bound/.test(await kubectl(['get', 'pvc', '-n', namespace])),
      );
      apply([placed(mounting('data'), namespace)]);
    },
  },
  onNodes({
    name: 'a host port that is taken',
    fires: ['schedule-host-port'],
    unlike: ['address-in-use'],
    objects: [
      silentNode('aks-pool1-1'),
      pod(
        [{ ...sleeping, ports: [{ containerPort: 80, hostPort: 80 }] }],
        { nodeName: 'aks-pool1-1' },
        'ingress',
      ),
      pod([{ ...sleeping, ports: [{ containerPort: 80, hostPort: 80 }] }]),
    ],
  }),
  onNodes({
    name: 'a node that is full of pods',
    fires: ['schedule-too-many-pods'],
    unlike: ['schedule-cpu'],
    objects: [
      silentNode('aks-pool1-1', { pods: '1' }),
      pod([sleeping], { nodeName: 'aks-pool1-1' }, 'board-web'),
      pod([sleeping]),
    ],
  }),
  onNodes({
    name: 'a node that was taken out of service',
    fires: ['schedule-cordoned'],
    unlike: ['schedule-taint'],
    objects: [silentNode('aks-pool1-1', { spec: { unschedulable: true } }), pod([sleeping])],
  }),
  {
    ...onNodes({
      name: 'a pod of higher priority',
      fires: ['preempted'],
      unlike: ['evicted'],
      objects: [
        silentNode('aks-pool1-1'),
        {
          apiVersion: 'scheduling.k8s.io/v1',
          kind: 'PriorityClass',
          metadata: { name: 'high' },
          value: 1000,
        },
        pod(
          [{ ...sleeping, resources: { requests: { cpu: '1500m' } } }],
          { nodeName: 'aks-pool1-1' },
          'report',
        ),
        pod([{ ...sleeping, resources: { requests: { cpu: '1500m' } } }], { priorityClassName: 'high' }),
      ],
    }),
    shows: /Preempted/,
    views: [{ args: 'get events', fires: ['preempted', 'schedule-cpu'] }, { args: 'describe pod report' }],
  },
];

function twice(one: object): object {
  const { spec } = one as { readonly spec: object };
  return { spec: { ...spec, replicas: 2 } };
}
