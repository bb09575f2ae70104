/** Objects of a cluster as its API server tells them, made for a test. */

interface PodParts {
  readonly name: string;
  readonly namespace?: string;
  readonly image?: string;
  readonly cpu?: string;
  readonly node?: string;
  readonly waiting?: { readonly reason: string; readonly message: string };
  readonly lastExitCode?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly container?: object;
}

/** A pod of a Deployment named like the pod without its last two parts; running and ready unless it waits. */
export function podObject(parts: PodParts): object {
  const { name, namespace = 'board', image = 'registry.example.com/board-api:1.2.0', waiting } = parts;
  const owner = name.split('-').slice(0, -1).join('-');
  const isReady = waiting === undefined;
  const env = Object.entries(parts.environment ?? {}).map(([key, value]) => ({ name: key, value }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace,
      uid: name,
      creationTimestamp: '2026-11-28T09:00:00Z',
      labels: { app: owner.split('-').slice(0, -1).join('-') },
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: owner, controller: true }],
    },
    spec: {
      nodeName: parts.node ?? 'aks-pool-0',
      containers: [
        {
          name: 'api',
          image,
          env,
          resources: { requests: { cpu: parts.cpu ?? '50m', memory: '64Mi' } },
          ...parts.container,
        },
      ],
    },
    status: {
      phase: isReady ? 'Running' : 'Pending',
      conditions: [
        { type: 'PodScheduled', status: 'True' },
        { type: 'Initialized', status: 'True' },
        { type: 'Ready', status: isReady ? 'True' : 'False' },
      ],
      containerStatuses: [
        {
          name: 'api',
          image,
          imageID: '',
          ready: isReady,
          restartCount: parts.lastExitCode === undefined ? 0 : 4,
          state: isReady ? { running: { startedAt: '2026-11-28T09:00:05Z' } } : { waiting },
          lastState:
            parts.lastExitCode === undefined
              ? {}
              : { terminated: { exitCode: parts.lastExitCode, reason: 'Error' } },
        },
      ],
    },
  };
}

/** A node whose pods may ask for so much CPU. */
export function nodeObject(name: string, architecture = 'amd64', cpu = '1900m'): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      uid: name,
      labels: { 'kubernetes.io/arch': architecture, 'kubernetes.io/os': 'linux' },
    },
    spec: {},
    status: {
      allocatable: { cpu, memory: '5Gi', pods: '250' },
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }],
      nodeInfo: { architecture, operatingSystem: 'linux', containerRuntimeVersion: 'containerd://2.0.4' },
    },
  };
}

/** An event about a pod. */
export function eventObject(pod: string, reason: string, message: string, type = 'Warning'): object {
  return {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${pod}.${reason}`, namespace: 'board', uid: `${pod}.${reason}` },
    involvedObject: { kind: 'Pod', namespace: 'board', name: pod, fieldPath: 'spec.containers{api}' },
    type,
    reason,
    message,
    lastTimestamp: '2026-11-28T09:10:00Z',
    count: 5,
  };
}
