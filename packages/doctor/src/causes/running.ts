import type { Container, ContainerState } from '../evidence/model.ts';
import { type Cause, defineCauses, type Sign } from '../rules/cause.ts';
import { gives, ofContainers, says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

/** How the container ended last, when it does not run now. */
function lastEnd({ state, lastState, isReady }: Container): ContainerState | undefined {
  if (state.kind === 'terminated') return state;
  return state.kind === 'running' && isReady === true ? undefined : lastState;
}

/** Containers that ended with a code that fits. */
function endedWith(fits: (code: number, end: ContainerState, container: Container) => boolean): Sign {
  return ofContainers((container) => {
    const end = lastEnd(container);
    if (end?.kind !== 'terminated' || end.exitCode === undefined) return undefined;
    if (!fits(end.exitCode, end, container)) return undefined;
    const reason = end.reason || 'ended';
    return {
      text: `container ${container.name}: ${reason}, exit code ${end.exitCode}, ${container.restartCount} restarts`,
      values: { code: String(end.exitCode) },
    };
  });
}

const seeLog = run('kubectl logs {pod}{namespaceFlag|} --previous --all-containers');

/** Ends of containers that ran. */
export const runningCauses: readonly Cause[] = defineCauses([
  {
    id: 'out-of-memory',
    step: 'running',
    staysTrue: true,
    title: both(
      'The container {container|} used more memory than its limit {memoryLimit|} and was killed',
      '컨테이너 {container|}이(가) 메모리 제한 {memoryLimit|}을(를) 넘어 종료되었습니다',
    ),
    why: both(
      'The kernel kills a process of the container as soon as the limit is crossed (OOMKilled, 137).',
      '제한을 넘는 즉시 커널이 프로세스를 종료합니다(OOMKilled, 137).',
    ),
    signs: [
      gives(/^OOMKilled$/, { on: ['terminated', 'condition'] }),
      says(/^(?=.*\bOOMKilled\b)/, { on: ['text', 'log', 'event'] }),
    ],
    lookAlikes: [
      {
        name: both('memory of the nodes', '노드의 메모리'),
        why: both('OOMKilled is the container’s own limit', 'OOMKilled는 컨테이너 자체의 제한입니다'),
      },
    ],
    fix: [
      run('kubectl top pod {pod}{namespaceFlag|} --containers'),
      run('kubectl set resources deployment/{workload} --limits=memory=512Mi{namespaceFlag|}'),
    ],
  },
  {
    id: 'node-heap-limit',
    step: 'running',
    title: both('Node.js reached its heap limit', 'Node.js가 힙 한도에 도달했습니다'),
    why: both(
      'V8 has a limit of its own, below or above the container’s; the process ends itself (exit 134).',
      'V8 자체 한도이며 프로세스가 스스로 종료됩니다(134).',
    ),
    signs: [says(/JavaScript heap out of memory|Reached heap limit Allocation failed/i)],
    fix: [
      run('kubectl set env deployment/{workload} NODE_OPTIONS=--max-old-space-size=384{namespaceFlag|}'),
      say(
        'and find what grows: node --heapsnapshot-near-heap-limit=1',
        '누수 확인: node --heapsnapshot-near-heap-limit=1',
      ),
    ],
  },
  {
    id: 'segmentation-fault',
    step: 'running',
    title: both(
      'The process crashed inside compiled code (exit code 139)',
      '네이티브 코드에서 비정상 종료했습니다(종료 코드 139)',
    ),
    why: both(
      'A segmentation fault: a native module, a library of another C library, or emulation.',
      '네이티브 모듈, 다른 libc용 라이브러리 또는 에뮬레이션 문제입니다.',
    ),
    signs: [endedWith((code) => code === 139), says(/Segmentation fault|signal SIGSEGV/i)],
    fix: [
      say(
        'Rebuild native modules inside the final image’s base.',
        '최종 베이스 이미지 안에서 네이티브 모듈을 다시 빌드하세요.',
      ),
    ],
  },
  {
    id: 'killed-without-out-of-memory',
    step: 'running',
    rank: 'fallback',
    certainty: 'likely',
    title: both(
      'The container was killed (137), and not for its memory limit',
      '컨테이너가 강제 종료(137)되었지만 메모리 제한 때문은 아닙니다',
    ),
    why: both(
      'SIGKILL comes after the grace period, from a failed liveness probe, or from the node.',
      'SIGKILL은 유예 시간 초과, liveness 실패 또는 노드에서 옵니다.',
    ),
    signs: [endedWith((code, { reason }) => code === 137 && reason !== 'OOMKilled')],
    fix: [run('kubectl describe pod {pod}{namespaceFlag|} | grep -A20 Events:')],
  },
  {
    id: 'ends-by-itself',
    step: 'running',
    rank: 'fallback',
    certainty: 'likely',
    title: both(
      'The process ends without an error, and is started again and again',
      '프로세스가 오류 없이 끝나 계속 재시작됩니다',
    ),
    why: both(
      'A pod of a Deployment must not end. It went into the background, or had nothing to do.',
      'Deployment의 프로세스는 끝나면 안 됩니다. 백그라운드로 갔거나 할 일이 없었습니다.',
    ),
    signs: [
      // What ended well and was begun again is meant to run on, whether its next turn is put off yet or not.
      endedWith(
        (code, _, { state, isInit, restartCount }) =>
          code === 0 &&
          !isInit &&
          (state.reason === 'CrashLoopBackOff' || (state.kind === 'terminated' && restartCount > 0)),
      ),
    ],
    fix: [
      say(
        'Run the program in the foreground; for one-time work use a Job.',
        '포그라운드로 실행하고, 일회성 작업은 Job을 사용하세요.',
      ),
    ],
  },
  {
    id: 'init-container-failed',
    step: 'started',
    rank: 'fallback',
    certainty: 'likely',
    title: both(
      'The init container {container|} fails, so that the pod’s own containers do not start',
      '초기화 컨테이너 {container|}이(가) 실패해 본 컨테이너가 시작되지 않습니다',
    ),
    why: both(
      'Init containers run one after another and each must end with 0.',
      '초기화 컨테이너는 차례로 0으로 끝나야 합니다.',
    ),
    signs: [
      endedWith((code, _, { isInit }) => code !== 0 && isInit),
      ofContainers(({ isInit, state }) =>
        isInit && /^(?:CrashLoopBackOff|Error)$/.test(state.reason)
          ? { text: `Init:${state.reason}` }
          : undefined,
      ),
    ],
    fix: [run('kubectl logs {pod}{namespaceFlag|} -c {container} --previous')],
  },
  {
    id: 'exited-with-error',
    step: 'running',
    rank: 'fallback',
    certainty: 'possible',
    title: both(
      'The process ended with exit code {code|other than 0}; its log says why',
      '프로세스가 종료 코드 {code|≠0}(으)로 끝났습니다. 이유는 로그에 있습니다',
    ),
    why: both(
      'It started and ended by itself: what stopped it stands in its own log, mostly in the first error.',
      '스스로 종료했으며, 이유는 로그의 첫 오류에 있습니다.',
    ),
    signs: [
      gives(/^Error$/, { on: ['condition'], kind: /^Pod$/ }),
      endedWith(
        (code, { reason }, { isInit }) => ![0, 137, 139].includes(code) && reason !== 'OOMKilled' && !isInit,
      ),
    ],
    fix: [seeLog],
  },
  {
    id: 'crash-loop',
    step: 'running',
    rank: 'symptom',
    certainty: 'possible',
    title: both(
      'The container starts and ends over and over; its log says why',
      '컨테이너가 반복해서 시작되고 종료됩니다. 이유는 로그에 있습니다',
    ),
    why: both(
      'CrashLoopBackOff is a status: the wait before the next start.',
      'CrashLoopBackOff는 다음 시작 전 대기 상태일 뿐입니다.',
    ),
    signs: [gives(/^CrashLoopBackOff$/), says(/Back-off restarting failed container/i)],
    fix: [seeLog],
  },
  {
    id: 'deadline-exceeded',
    step: 'running',
    title: both(
      'The Job or rollout took longer than its deadline',
      'Job 또는 롤아웃이 제한 시간을 넘었습니다',
    ),
    why: both(
      'activeDeadlineSeconds or progressDeadlineSeconds ran out.',
      'activeDeadlineSeconds/progressDeadlineSeconds를 넘었습니다.',
    ),
    rank: 'fallback',
    signs: [
      gives(/^(?:DeadlineExceeded|ProgressDeadlineExceeded|BackoffLimitExceeded)$/),
      says(/exceeded its progress deadline/),
    ],
    fix: [run('kubectl describe {name}{namespaceFlag|}'), seeLog],
  },
]);
