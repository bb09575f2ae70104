import type { Evidence, Node, Pod } from '../evidence/model.ts';
import { heightOf } from '../evidence/step.ts';
import type { LookAlike, Match } from './cause.ts';
import type { Found } from './finding.ts';
import { podOf, standOf } from './position.ts';

/** What else was considered for this finding, and what in the evidence speaks against it. */
export function ruledOutFor(
  found: Found,
  refuted: readonly Found[],
  evidence: Evidence,
): readonly LookAlike[] {
  const match = found.matches[0];
  const pod = match === undefined ? undefined : podOf(match, evidence);
  return [
    ...(pod === undefined
      ? []
      : [...shortage(found, pod, evidence), ...imagePull(found, pod), ...memory(found, pod)]),
    ...found.cause.lookAlikes,
    ...refuted.filter((other) => sharesPod(other, found)).map(passed),
  ];
}

/** The mistake that cost a day: CPU is a matter of scheduling, and a pod on a higher step was scheduled. */
function shortage(found: Found, pod: Pod, evidence: Evidence): readonly LookAlike[] {
  const isScheduled = pod.isScheduled === true || pod.node !== '';
  if (heightOf(found.step) <= heightOf('scheduled') || !isScheduled) return [];
  const node = evidence.nodes.find(({ name }) => name === pod.node);
  const room = roomOn(node);
  const events = evidence.statements.some(
    ({ reason, subject }) => reason === 'FailedScheduling' && subject.name === pod.name,
  );
  const on = pod.node === '' ? '' : ` (${pod.node})`;
  return [
    {
      name: { en: 'CPU or memory of the nodes', ko: '노드의 CPU·메모리 부족' },
      why: {
        en: `the pod was given a node${on}, which a lack of CPU or memory prevents${room.en}${events ? '; its FailedScheduling event is older than that' : '; no FailedScheduling event'}`,
        ko: `파드가 이미 노드${on.trim()}에 배정되었고, 자원이 부족했다면 배정되지 않습니다${room.ko}${events ? '; FailedScheduling 이벤트는 그 이전 것입니다' : '; FailedScheduling 이벤트도 없습니다'}`,
      },
    },
  ];
}

function roomOn(node: Node | undefined): { readonly en: string; readonly ko: string } {
  const { allocatableCpuCores: all, requestedCpuCores: used } = node ?? {};
  if (all === undefined || used === undefined) return { en: '', ko: '' };
  const free = Math.max(0, all - used).toFixed(1);
  return {
    en: `; ${free} of its ${all.toFixed(1)} cores are not requested`,
    ko: `; 노드의 ${all.toFixed(1)}코어 중 ${free}코어가 요청되지 않은 상태입니다`,
  };
}

function imagePull(found: Found, pod: Pod): readonly LookAlike[] {
  const hasRun = pod.containers.some(
    (container) => standOf(container) === 'running' && container.state.reason !== 'Completed',
  );
  const isLater = heightOf(found.step) >= heightOf('running') && heightOf(found.step) <= heightOf('ready');
  if (!hasRun || !isLater) return [];
  return [
    {
      name: { en: 'pulling the image, scheduling, volumes', ko: '이미지 내려받기·스케줄링·볼륨' },
      why: {
        en: 'the container has been started, which comes after all of them',
        ko: '컨테이너가 한 번 시작되었으므로 그 앞 단계는 모두 통과했습니다',
      },
    },
  ];
}

/** Only an end with the reason OOMKilled is the memory limit's. */
function memory(found: Found, pod: Pod): readonly LookAlike[] {
  if (found.step !== 'running' || found.cause.id.includes('memory')) return [];
  const ended = pod.containers
    .flatMap(({ state, lastState }) => [state, lastState])
    .find((state) => state?.kind === 'terminated' && state.exitCode !== undefined && state.exitCode !== 0);
  if (ended === undefined || ended.reason === 'OOMKilled') return [];
  return [
    {
      name: { en: 'the memory limit', ko: '메모리 제한 초과' },
      why: {
        en: `the container ended with ${ended.reason || 'an error'}, exit code ${ended.exitCode}, and not with OOMKilled`,
        ko: `컨테이너는 OOMKilled가 아니라 ${ended.reason || '오류'}(종료 코드 ${ended.exitCode})로 끝났습니다`,
      },
    },
  ];
}

function sharesPod(a: Found, b: Found): boolean {
  const names = (matches: readonly Match[]): ReadonlySet<string> =>
    new Set(matches.map(({ subject }) => subject.name));
  const own = names(b.matches);
  return [...names(a.matches)].some((name) => own.has(name));
}

function passed({ cause, about }: Found): LookAlike {
  const suffix = about === '' ? '' : ` (${about})`;
  return {
    name: { en: `${cause.id}${suffix}`, ko: `${cause.id}${suffix}` },
    why: {
      en: `its event is from before: the pod has passed the step "${cause.step}" since`,
      ko: `이전 이벤트입니다. 파드가 그 뒤 "${cause.step}" 단계를 통과했습니다`,
    },
  };
}
