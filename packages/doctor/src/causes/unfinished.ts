import { type Cause, defineCauses } from '../rules/cause.ts';
import { gives, ofContainers } from '../rules/signs.ts';
import { both, run } from '../rules/text.ts';

const seeEvents = run('kubectl describe pod {pod}{namespaceFlag|} | grep -A20 Events:');

/** Where a pod stands still without saying why: told only when nothing else explains it. */
export const unfinishedCauses: readonly Cause[] = defineCauses([
  {
    id: 'not-ready',
    step: 'ready',
    rank: 'symptom',
    certainty: 'possible',
    title: both(
      'The container {container|} runs and is not ready',
      '컨테이너 {container|}이(가) 실행 중이지만 준비되지 않았습니다',
    ),
    why: both(
      'Its readiness probe fails, or has not passed yet; the events tell how.',
      'readiness 프로브가 실패하거나 아직 통과하지 않았습니다. 이벤트에 이유가 있습니다.',
    ),
    signs: [
      ofContainers(({ state, isReady, isInit, name }, pod) =>
        state.kind === 'running' && isReady === false && !isInit && !pod.isTerminating
          ? { text: `container ${name}: running, ready: false` }
          : undefined,
      ),
    ],
    fix: [seeEvents],
  },
  {
    id: 'still-creating',
    step: 'sandbox',
    rank: 'symptom',
    certainty: 'possible',
    title: both(
      'The pod has a node, and its containers are not made yet',
      '파드가 노드에 배정되었지만 컨테이너가 아직 만들어지지 않았습니다',
    ),
    why: both(
      'It waits for its volumes, its network or a slow pull; the events tell which.',
      '볼륨, 네트워크 또는 느린 이미지 pull을 기다립니다. 이벤트에 이유가 있습니다.',
    ),
    signs: [gives(/^ContainerCreating$/)],
    fix: [seeEvents],
  },
]);
