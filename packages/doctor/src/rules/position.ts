import type { Container, Evidence, Pod, Statement } from '../evidence/model.ts';
import { heightOf, type Step } from '../evidence/step.ts';
import type { Match } from './cause.ts';

/** Waiting reasons and the step on which a container that gives them stands. */
const stepsByReason: readonly (readonly [RegExp, Step])[] = [
  [/^CrashLoopBackOff$/, 'running'],
  [
    /^(?:RunContainerError|CreateContainerError|PostStartHookError|StartError|ContainerCannotRun)$/,
    'started',
  ],
  [/^CreateContainerConfigError$/, 'configuration'],
  [
    /^(?:ErrImage\w*|ImagePullBackOff|ImageInspectError|InvalidImageName|RegistryUnavailable|SignatureValidationFailed)$/,
    'image',
  ],
  [/^(?:ContainerCreating|PodInitializing)$/, 'volumes'],
];

/** Reasons of an end that came before the process. */
const neverStarted = /^(?:StartError|ContainerCannotRun)$/;

/** The step on which this container stands now; every step below it is proven to work. */
export function standOf(container: Container): Step | undefined {
  const { state, lastState } = container;
  if (state.kind === 'running') return 'running';
  // One that the runtime could not start is put off like one that crashed, and has never run.
  const ended = state.kind === 'terminated' ? state : lastState;
  const isPutOff = state.kind === 'terminated' || state.reason === 'CrashLoopBackOff';
  if (isPutOff && ended !== undefined && neverStarted.test(ended.reason)) return 'started';
  if (state.kind === 'terminated') return 'running';
  return stepsByReason.find(([reason]) => reason.test(container.state.reason))?.[1];
}

/** The step on which the pod stands, as far as all its containers share it. */
function standOfPod(pod: Pod): Step {
  if (pod.isReady === true) return 'endpoint';
  const stands = pod.containers.map(standOf).filter((step) => step !== undefined);
  const isPlaced = pod.isScheduled === true || (pod.isScheduled === undefined && pod.node !== '');
  return highest([...stands, isPlaced ? 'volumes' : 'scheduled']);
}

function highest(steps: readonly Step[]): Step {
  return steps.reduce((best, step) => (heightOf(step) > heightOf(best) ? step : best), 'admitted' as Step);
}

/** Whether what the match tells of is over: its pod stands on a higher step than that now. */
export function isPassed(match: Match, step: Step, evidence: Evidence): boolean {
  if (!match.isPast) return false;
  if (isSuperseded(match, evidence.statements)) return true;
  if (match.subject.kind === 'Node') return hasRecovered(match, evidence.statements);
  if (match.subject.kind !== 'Pod') return false;
  const pod = podOf(match, evidence);
  if (pod === undefined) return laterEventsPassed(match, step, evidence.statements);
  return heightOf(standFor(match, step, pod)) > heightOf(step);
}

/** Who tries again and again says last what holds: a node that was just starting is up by then, a webhook answers. */
const triedAgain = /^Failed(?:Scheduling|Create)$/;

function isSuperseded({ subject, order }: Match, statements: readonly Statement[]): boolean {
  const tries = statements.filter(
    (one) =>
      one.channel === 'event' &&
      triedAgain.test(one.reason) &&
      one.subject.kind === subject.kind &&
      one.subject.name === subject.name &&
      one.subject.namespace === subject.namespace,
  );
  const own = tries.find((one) => one.order === order)?.seenAt;
  return own !== undefined && tries.some(({ seenAt = own }) => seenAt > own);
}

/** What a node's event tells of, the event that takes it back, and the condition that is so while it lasts. */
const ofNodes = [
  {
    reason: 'NodeHasInsufficientMemory',
    over: 'NodeHasSufficientMemory',
    type: 'MemoryPressure',
    status: 'True',
  },
  { reason: 'NodeHasDiskPressure', over: 'NodeHasNoDiskPressure', type: 'DiskPressure', status: 'True' },
  { reason: 'NodeHasInsufficientPID', over: 'NodeHasSufficientPID', type: 'PIDPressure', status: 'True' },
  { reason: 'NodeNotReady', over: 'NodeReady', type: 'Ready', status: 'False' },
] as const;

/** Events of a node are kept for an hour, whatever became of it since. */
function hasRecovered({ subject, order }: Match, statements: readonly Statement[]): boolean {
  const own = statements.filter(({ subject: { kind, name } }) => kind === 'Node' && name === subject.name);
  const said = own.find((one) => one.channel === 'event' && one.order === order);
  const told = ofNodes.find(({ reason }) => reason === said?.reason);
  if (told === undefined) return false;
  const now = own.find(({ condition }) => condition?.type === told.type)?.condition;
  if (now !== undefined) return (now.status === 'True') !== (told.status === 'True');
  return own.some((one) => one.channel === 'event' && one.reason === told.over && one.order > order);
}

export function podOf(match: Match, { pods }: Evidence): Pod | undefined {
  const { name, namespace } = match.subject;
  return pods.find(
    (pod) => pod.name === name && (pod.namespace === namespace || pod.namespace === '' || namespace === ''),
  );
}

/** Up to the sandbox all containers stand together; from the image on each stands for itself. */
function standFor(match: Match, step: Step, pod: Pod): Step {
  const whole = standOfPod(pod);
  if (heightOf(step) < heightOf('image') || whole === 'endpoint') return whole;
  const own = pod.containers.filter(
    ({ name, image }) => name === match.subject.container || (match.about !== '' && image === match.about),
  );
  const concerned = own.length > 0 ? own : pod.containers;
  const stands = concerned.map((container) => standOf(container) ?? 'volumes');
  const lowest = stands.toSorted((a, b) => heightOf(a) - heightOf(b))[0];
  return lowest ?? whole;
}

/** Without the pod itself, later events of success tell: what was pulled after the failure was pulled. */
function laterEventsPassed(match: Match, step: Step, statements: readonly Statement[]): boolean {
  const later = statements.filter(
    ({ channel, subject, order }) =>
      channel === 'event' &&
      subject.kind === 'Pod' &&
      subject.name === match.subject.name &&
      order > match.order,
  );
  if (heightOf(step) <= heightOf('scheduled'))
    return later.some(({ reason }) => /^(?:Scheduled|Pulling|Pulled|Created|Started)$/.test(reason));
  if (heightOf(step) <= heightOf('sandbox'))
    return later.some(({ reason }) => /^(?:Pulling|Pulled|Created|Started)$/.test(reason));
  if (step !== 'image') return false;
  return later.some(
    ({ reason, text }) => reason === 'Pulled' && (match.about === '' || text.includes(match.about)),
  );
}
