import { type ClusterReader, joinSeen, type LogRequest, type Seen } from '@maru/cluster';
import type { Container, Pod } from '../evidence/model.ts';

/** Logs of a run: of a thousand pods of one workload one is read, and of many workloads so many. */
const mostLogs = 60;

/**
 * Reads the logs that may tell a cause: of containers that ended, restarted or are not ready, this run and the one before;
 * and of those that send telemetry, because an SDK complains only there. One pod a workload, those in trouble first.
 */
export async function readLogs(reader: ClusterReader, pods: readonly Pod[]): Promise<Seen> {
  const wanted = chooseLogs(pods);
  const read = await Promise.all(wanted.map((request) => reader.log(request)));
  const gaps = read.flatMap((log) => log.gaps);
  const distinct = new Map(gaps.map((gap) => [gap.text.en, gap]));
  return joinSeen([{ objects: [], lines: read.flatMap(({ lines }) => lines), gaps: [...distinct.values()] }]);
}

function chooseLogs(pods: readonly Pod[]): readonly LogRequest[] {
  const chosen = new Map<string, readonly LogRequest[]>();
  const byTrouble = pods.toSorted((a, b) => Number(isInTrouble(b)) - Number(isInTrouble(a)));
  for (const pod of byTrouble) {
    for (const container of pod.containers) {
      const key = `${pod.namespace}/${pod.workload}/${container.name}`;
      if (!chosen.has(key)) chosen.set(key, requestsFor(pod, container));
    }
  }
  return [...chosen.values()].flat().slice(0, mostLogs);
}

function isInTrouble(pod: Pod): boolean {
  return pod.containers.some(hasStumbled) || (pod.isReady === false && pod.phase !== 'Succeeded');
}

/** A container that waits for its first start has no log. */
function requestsFor(pod: Pod, container: Container): readonly LogRequest[] {
  const request = { namespace: pod.namespace, pod: pod.name, container: container.name, isPrevious: false };
  const hasRun = container.state.kind !== 'waiting' || container.restartCount > 0;
  const isAsked = hasStumbled(container) || (isInTrouble(pod) && hasRun) || sendsTelemetry(container);
  if (!isAsked || !hasRun) return [];
  return container.restartCount > 0 ? [request, { ...request, isPrevious: true }] : [request];
}

function hasStumbled({ state, lastState, restartCount, isReady, isInit }: Container): boolean {
  const hasFailed = [state, lastState].some((one) => one?.kind === 'terminated' && one.exitCode !== 0);
  return hasFailed || restartCount > 0 || (isReady === false && state.kind === 'running' && !isInit);
}

function sendsTelemetry({ environment, state }: Container): boolean {
  return state.kind === 'running' && Object.keys(environment).some((name) => name.startsWith('OTEL_'));
}
