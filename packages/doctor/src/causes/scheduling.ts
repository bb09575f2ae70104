import { type Cause, type CauseDraft, defineCauses } from '../rules/cause.ts';
import { says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

type SchedulingDraft = Pick<CauseDraft, 'id' | 'title' | 'why' | 'fix'> & { readonly words: RegExp };

/** The scheduler lists every reason with the number of nodes it holds for; each is a family of its own. */
function scheduling({ words, ...draft }: SchedulingDraft): CauseDraft {
  return {
    step: 'scheduled',
    ...draft,
    signs: [
      says(words, { on: ['event'], reason: /^FailedScheduling$/ }),
      says(words, { on: ['condition'], kind: /^Pod$/ }),
      says(
        new RegExp(
          `(?:nodes are available|Unschedulable|FailedScheduling)[\\s\\S]*?(?:${words.source})`,
          words.flags,
        ),
        { on: ['text', 'log'] },
      ),
    ],
  };
}

const seeNodes = run('kubectl describe nodes | grep -A8 "Allocated resources"');

/** No node takes the pod. */
export const schedulingCauses: readonly Cause[] = defineCauses(
  [
    {
      id: 'schedule-cpu',
      words: /Insufficient cpu/i,
      title: both(
        'No node has as much unrequested CPU as the pod requests',
        '파드가 요청한 만큼의 CPU가 남은 노드가 없습니다',
      ),
      why: both(
        'What counts is the sum of requests, not the use: a node at 5 % may be full.',
        '실제 사용량이 아니라 요청(requests)의 합이 기준입니다.',
      ),
      fix: [seeNodes, run('kubectl set resources deployment/{workload} --requests=cpu=100m{namespaceFlag|}')],
    },
    {
      id: 'schedule-memory',
      words: /Insufficient memory/i,
      title: both(
        'No node has as much unrequested memory as the pod requests',
        '파드가 요청한 만큼의 메모리가 남은 노드가 없습니다',
      ),
      why: both(
        'What counts is the sum of requests. This is not an OOM kill: the pod has not run.',
        'requests의 합이 기준입니다. OOM이 아니며 파드는 아직 실행되지 않았습니다.',
      ),
      fix: [
        seeNodes,
        run('kubectl set resources deployment/{workload} --requests=memory=128Mi{namespaceFlag|}'),
      ],
    },
    {
      id: 'schedule-other-resource',
      words: /Insufficient (?<about>(?!cpu\b|memory\b)[\w./-]+)/i,
      title: both(
        'No node has enough of {about|a resource} that the pod requests',
        '파드가 요청한 {about|자원}이(가) 충분한 노드가 없습니다',
      ),
      why: both(
        'Ephemeral storage, huge pages, GPUs and other devices are counted as CPU is.',
        '임시 저장소, GPU 등도 CPU처럼 집계됩니다.',
      ),
      fix: [run('kubectl get nodes -o custom-columns=NAME:.metadata.name,ALLOCATABLE:.status.allocatable')],
    },
    {
      id: 'schedule-taint',
      words: /(?:had untolerated taints?|had taints?) ?(?:\{(?<about>[^}]*)\})?/i,
      title: both(
        'Nodes are kept free by a taint that the pod does not tolerate ({about|})',
        '파드가 허용(toleration)하지 않는 taint가 노드에 있습니다 ({about|})',
      ),
      why: both(
        'A taint keeps pods off a node: for a pool with a purpose, or because the node is not ready.',
        'taint는 전용 풀이거나 노드가 준비되지 않아 파드를 막습니다.',
      ),
      fix: [
        run('kubectl get nodes -o custom-columns=NAME:.metadata.name,TAINTS:.spec.taints'),
        say(
          'Add a toleration to the pod template, or use another pool.',
          '파드 템플릿에 toleration을 추가하거나 다른 풀을 사용하세요.',
        ),
      ],
    },
    {
      id: 'schedule-node-affinity',
      words:
        /didn't match (?:Pod's node affinity(?:\/selector)?|node selector)|node\(s\) didn't satisfy .*node affinity/i,
      title: both(
        'No node has the labels that the pod asks for',
        '파드가 요구하는 라벨을 가진 노드가 없습니다',
      ),
      why: both(
        'nodeSelector or node affinity names a label that no node carries: a mistyped value, or a pool that is gone.',
        'nodeSelector·affinity의 라벨이 오타이거나 해당 풀이 없습니다.',
      ),
      fix: [
        run('kubectl get nodes --show-labels'),
        run('kubectl get pod {pod}{namespaceFlag|} -o jsonpath="{.spec.nodeSelector}{.spec.affinity}"'),
      ],
    },
    {
      id: 'schedule-pod-affinity',
      words:
        /didn't (?:match|satisfy) (?:existing pods )?(?:pod )?(?:anti-)?affinity(?:\/anti-affinity)?|pod (?:anti-)?affinity rules/i,
      title: both(
        'Rules on which pods may stand together leave no node',
        '파드 affinity/anti-affinity 규칙을 만족하는 노드가 없습니다',
      ),
      why: both(
        'Required anti-affinity with more replicas than nodes never fits.',
        '필수 anti-affinity에서 복제본이 노드보다 많으면 배치할 수 없습니다.',
      ),
      fix: [say('Make the rule preferred, or add nodes.', '규칙을 preferred로 바꾸거나 노드를 추가하세요.')],
    },
    {
      id: 'schedule-topology-spread',
      words: /didn't match pod topology spread constraints/i,
      title: both(
        'The spread over zones or nodes cannot be kept',
        '토폴로지 분산 제약을 만족하는 노드가 없습니다',
      ),
      why: both(
        'whenUnsatisfiable: DoNotSchedule waits rather than breaks the spread.',
        'DoNotSchedule은 분산을 깨는 대신 기다립니다.',
      ),
      fix: [say('Use whenUnsatisfiable: ScheduleAnyway.', 'whenUnsatisfiable: ScheduleAnyway를 사용하세요.')],
    },
    {
      id: 'schedule-claim-missing',
      words: /persistentvolumeclaim "(?<claim>[^"]+)" not found/i,
      title: both(
        'The claim {claim|} that the pod mounts does not exist',
        '파드가 사용하는 PVC {claim|}이(가) 없습니다',
      ),
      why: both(
        'A claim must exist in the pod’s own namespace.',
        'PVC는 파드와 같은 네임스페이스에 있어야 합니다.',
      ),
      fix: [run('kubectl get pvc{namespaceFlag|}')],
    },
    {
      id: 'schedule-claim-unbound',
      words: /unbound immediate PersistentVolumeClaims|didn't find available persistent volumes to bind/i,
      title: both('A claim of the pod has no volume', '파드의 PVC에 볼륨이 연결되지 않았습니다'),
      why: both('The claim’s own events tell what it waits for.', 'PVC의 이벤트에 이유가 있습니다.'),
      fix: [run('kubectl describe pvc{namespaceFlag|}'), run('kubectl get storageclass')],
    },
    {
      id: 'schedule-volume-zone',
      words:
        /volume node affinity conflict|didn't match PersistentVolume's node affinity|no available volume zone/i,
      title: both(
        'The pod’s disk is in a zone where no node is free',
        '파드의 디스크가 있는 영역(zone)에 사용할 수 있는 노드가 없습니다',
      ),
      why: both(
        'A zonal disk can be used only in its own zone.',
        '영역 디스크는 자기 영역에서만 쓸 수 있습니다.',
      ),
      fix: [
        run('kubectl get pv -o custom-columns=NAME:.metadata.name,ZONE:.spec.nodeAffinity.required'),
        run('kubectl get nodes -L topology.kubernetes.io/zone'),
      ],
    },
    {
      id: 'schedule-host-port',
      words: /didn't have free ports for the requested pod ports/i,
      title: both(
        'The host port that the pod wants is taken on every node',
        '파드가 요구하는 hostPort가 모든 노드에서 사용 중입니다',
      ),
      why: both('A host port exists once a node.', 'hostPort는 노드마다 하나뿐입니다.'),
      fix: [say('Remove hostPort and use a Service.', 'hostPort 대신 Service를 사용하세요.')],
    },
    {
      id: 'schedule-too-many-pods',
      words: /Too many pods/i,
      title: both('The nodes hold as many pods as they may', '노드의 최대 파드 수에 도달했습니다'),
      why: both(
        'Each node has a limit on pods that has nothing to do with CPU (30 with Azure CNI, 110 by default).',
        '노드별 파드 수 제한은 CPU와 무관합니다(Azure CNI 30, 기본 110).',
      ),
      fix: [run('kubectl get nodes -o custom-columns=NAME:.metadata.name,PODS:.status.allocatable.pods')],
    },
    {
      id: 'schedule-cordoned',
      words: /node\(s\) were unschedulable/i,
      title: both('Nodes are cordoned', '노드가 스케줄링 금지(cordon) 상태입니다'),
      why: both(
        'Somebody, or an upgrade, took them out of service.',
        '누군가 또는 업그레이드가 노드를 제외했습니다.',
      ),
      fix: [run('kubectl uncordon {node}')],
    },
    {
      id: 'schedule-no-nodes',
      words: /no nodes available to schedule pods|0\/0 nodes are available/i,
      title: both('The cluster has no node', '클러스터에 노드가 없습니다'),
      why: both(
        'The pool is scaled to zero or its machines did not join.',
        '노드 풀이 0이거나 머신이 합류하지 못했습니다.',
      ),
      fix: [run('kubectl get nodes'), run('az aks nodepool list --cluster-name CLUSTER -g GROUP -o table')],
    },
  ].map(scheduling),
);
