import { at, listAt, numberAt, type SeenObject, textAt, textsAt } from '@maru/cluster';
import type { Container, ContainerState, Pod, Probe } from '../evidence/model.ts';
import { cores } from '../evidence/quantity.ts';
import { type ConfigMaps, variablesOfContainer } from './variables.ts';

/** A pod as any of its forms tells it; with the ConfigMaps seen, its settings are those that it is started with. */
export function podFrom(object: SeenObject, maps: ConfigMaps = new Map()): Pod {
  const { value } = object;
  const table = textsAt(value, 'table');
  const specs = [...listAt(value, 'spec', 'initContainers'), ...listAt(value, 'spec', 'containers')];
  const initCount = listAt(value, 'spec', 'initContainers').length;
  const containers = specs.map((spec, index) => containerFrom(spec, value, index < initCount, maps));
  return {
    namespace: object.namespace,
    name: object.name,
    workload: workloadOf(value, object.name),
    node:
      textAt(value, 'spec', 'nodeName').replace('<none>', '') || (table?.NODE ?? '').replace('<none>', ''),
    phase: textAt(value, 'status', 'phase'),
    statusColumn: table?.STATUS ?? '',
    isScheduled: conditionOf(value, 'PodScheduled'),
    isReady: conditionOf(value, 'Ready') ?? readyFromTable(table?.READY),
    isTerminating: textAt(value, 'metadata', 'deletionTimestamp') !== '' || table?.STATUS === 'Terminating',
    labels: textsAt(value, 'metadata', 'labels'),
    claims: at(value, 'spec', 'volumes') === undefined ? undefined : claimsOf(value),
    containers: containers.length > 0 || table === undefined ? containers : containersOfRow(table),
    where: object.where,
  };
}

function claimsOf(value: unknown): readonly string[] {
  return listAt(value, 'spec', 'volumes')
    .map((volume) => textAt(volume, 'persistentVolumeClaim', 'claimName'))
    .filter((name) => name !== '');
}

function conditionOf(value: unknown, type: string): boolean | undefined {
  const condition = listAt(value, 'status', 'conditions').find((one) => textAt(one, 'type') === type);
  return condition === undefined ? undefined : textAt(condition, 'status') === 'True';
}

function readyFromTable(cell: string | undefined): boolean | undefined {
  const match = /^(\d+)\/(\d+)$/.exec(cell ?? '');
  return match === null ? undefined : match[1] === match[2] && match[2] !== '0';
}

/** Name of the owner; a ReplicaSet's without the template's hash is its Deployment's. */
function workloadOf(value: unknown, name: string): string {
  const owner = listAt(value, 'metadata', 'ownerReferences')[0];
  const ownerName = textAt(owner, 'name');
  if (ownerName === '') return name.replace(/-[a-z0-9]{6,10}-[a-z0-9]{5}$/, '');
  return textAt(owner, 'kind') === 'ReplicaSet' ? ownerName.replace(/-[a-z0-9]{6,10}$/, '') : ownerName;
}

function containerFrom(spec: unknown, pod: unknown, isInit: boolean, maps: ConfigMaps): Container {
  const name = textAt(spec, 'name');
  const statuses = listAt(pod, 'status', isInit ? 'initContainerStatuses' : 'containerStatuses');
  const status = statuses.find((one) => textAt(one, 'name') === name);
  const lastState = stateFrom(at(status, 'lastState'));
  const ready = textAt(status, 'ready');
  return {
    name,
    isInit,
    image: textAt(spec, 'image') || textAt(status, 'image'),
    imageId: textAt(status, 'imageID'),
    state: stateFrom(at(status, 'state')),
    lastState: lastState.kind === 'unknown' ? undefined : lastState,
    isReady: ready === '' ? undefined : ready === 'true',
    restartCount: numberAt(status, 'restartCount') ?? 0,
    cpuRequestCores: cores(textAt(spec, 'resources', 'requests', 'cpu')),
    memoryLimit: textAt(spec, 'resources', 'limits', 'memory'),
    ports: listAt(spec, 'ports').map((port) => ({
      name: textAt(port, 'name'),
      number: numberAt(port, 'containerPort') ?? 0,
    })),
    environment: variablesOfContainer(spec, textAt(pod, 'metadata', 'namespace'), maps).values,
    probes: probesFrom(spec),
    command: [...listAt(spec, 'command'), ...listAt(spec, 'args')].map(String),
  };
}

function stateFrom(state: unknown): ContainerState {
  for (const kind of ['waiting', 'running', 'terminated'] as const) {
    const inner = at(state, kind);
    if (inner === undefined || inner === null) continue;
    const exitCode = numberAt(inner, 'exitCode');
    const base = { kind, reason: textAt(inner, 'reason'), message: textAt(inner, 'message') };
    return exitCode === undefined ? base : { ...base, exitCode };
  }
  return { kind: 'unknown', reason: '', message: '' };
}

function probesFrom(spec: unknown): Container['probes'] {
  const probes: Partial<Record<'liveness' | 'readiness' | 'startup', Probe>> = {};
  for (const name of ['liveness', 'readiness', 'startup'] as const) {
    const probe = at(spec, `${name}Probe`);
    if (typeof probe === 'object' && probe !== null) probes[name] = probeFrom(probe);
  }
  return probes;
}

function probeFrom(probe: unknown): Probe {
  const ways = { httpGet: 'http', tcpSocket: 'tcp', exec: 'exec', grpc: 'grpc' } as const;
  const found = Object.entries(ways).find(([key]) => at(probe, key) !== undefined);
  const [key, way] = found ?? ['', 'unknown' as const];
  return {
    way,
    port: textAt(probe, key, 'port'),
    path: textAt(probe, key, 'path'),
    timeoutSeconds: numberAt(probe, 'timeoutSeconds') ?? 1,
  };
}

/** Of a row only the STATUS is known: it is the reason that a container waits or ended for. */
function containersOfRow(table: Readonly<Record<string, string>>): readonly Container[] {
  const status = table.STATUS ?? '';
  const init = /^Init:(.+)$/.exec(status)?.[1];
  const reason = init ?? status;
  const isReady = readyFromTable(table.READY);
  const state = stateOfStatus(reason);
  if (state === undefined) return [];
  return [
    {
      ...unknownContainer,
      isInit: init !== undefined,
      isReady: isReady ?? unknownContainer.isReady,
      state,
      restartCount: Number.parseInt(table.RESTARTS ?? '0', 10) || 0,
    },
  ];
}

function stateOfStatus(reason: string): ContainerState | undefined {
  if (reason === 'Running') return { kind: 'running', reason: '', message: '' };
  if (
    /^(?:Error|OOMKilled|Completed|ContainerCannotRun|StartError|DeadlineExceeded)$|^(?:ExitCode|Signal):/.test(
      reason,
    )
  ) {
    const exitCode = /^ExitCode:(\d+)$/.exec(reason)?.[1];
    const base = { kind: 'terminated' as const, reason, message: '' };
    return exitCode === undefined ? base : { ...base, exitCode: Number(exitCode) };
  }
  if (reason === 'Running') return { kind: 'running', reason: '', message: '' };
  const isWaiting = /(?:Err|BackOff|Error|Creating|Initializing|InvalidImageName)/.test(reason);
  return isWaiting ? { kind: 'waiting', reason, message: '' } : undefined;
}

const unknownContainer: Container = {
  name: '',
  isInit: false,
  image: '',
  imageId: '',
  state: { kind: 'unknown', reason: '', message: '' },
  lastState: undefined,
  isReady: undefined,
  restartCount: 0,
  cpuRequestCores: undefined,
  memoryLimit: '',
  ports: [],
  environment: {},
  probes: {},
  command: [],
};
