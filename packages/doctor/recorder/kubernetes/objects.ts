/** Objects to be made to fail; small enough to see what is wrong with each. */

/** The registry that most images come from. */
export const hub = 'hyunwoo.azurecr.io';

/** BusyBox, which is every program that a pod here needs. */
export const tools: string = `${hub}/tools:1`;

type Fields = Readonly<Record<string, unknown>>;

/** A container of BusyBox that runs a script of the shell. */
export function container(script: string, more: Fields = {}): Fields {
  return { name: 'api', image: tools, command: ['sh', '-c', script], ...more };
}

export const sleeping: Fields = container('exec sleep 100000');

function podSpec(containers: readonly Fields[], more: Fields): Fields {
  return { terminationGracePeriodSeconds: 1, containers, ...more };
}

export function pod(containers: readonly Fields[], more: Fields = {}, name = 'board-api'): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: podSpec(containers, more),
  };
}

export function deployment(containers: readonly Fields[], more: Fields = {}, name = 'board-api'): object {
  const labels = { app: name };
  const template = { metadata: { labels }, spec: podSpec(containers, more) };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: { replicas: 1, selector: { matchLabels: labels }, template },
  };
}

export function service(name: string, spec: Fields): object {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
}

export function claim(name: string, spec: Fields = {}): object {
  const resources = { requests: { storage: '1Gi' } };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], resources, ...spec },
  };
}

/** A node that nobody stands behind: the scheduler takes it for one until its kubelet has been silent for long. */
export function silentNode(
  name: string,
  more: { readonly labels?: Fields; readonly spec?: Fields; readonly pods?: string } = {},
): object {
  const resources = { cpu: '2', memory: '4Gi', 'ephemeral-storage': '20Gi', pods: more.pods ?? '110' };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      // Without it the controllers leave attaching volumes to a kubelet.
      annotations: { 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
      labels: {
        'kubernetes.io/hostname': name,
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/os': 'linux',
        ...more.labels,
      },
    },
    spec: more.spec ?? {},
    status: {
      capacity: resources,
      allocatable: resources,
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'KubeletReady',
          message: 'kubelet is posting ready status',
          lastHeartbeatTime: new Date().toISOString(),
          lastTransitionTime: new Date().toISOString(),
        },
      ],
    },
  };
}
