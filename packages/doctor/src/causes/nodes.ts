import type { Evidence } from '../evidence/model.ts';
import type { Sign } from '../rules/cause.ts';
import { type Cause, defineCauses } from '../rules/cause.ts';
import { gives, says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

/** A condition of a node that is as it should not be. */
function nodeCondition(type: RegExp, status: RegExp): Sign {
  return (evidence: Evidence) =>
    says(/^/, { on: ['condition'], kind: /^Node$/ })({
      ...evidence,
      statements: evidence.statements.filter(
        ({ condition }) =>
          condition !== undefined && type.test(condition.type) && status.test(condition.status),
      ),
    });
}

/** The node below the pods, and the sandbox that they start in. */
export const nodeCauses: readonly Cause[] = defineCauses([
  {
    id: 'node-not-ready',
    step: 'scheduled',
    rank: 'fallback',
    title: both('The node {name} is not ready', '노드 {name}이(가) 준비되지 않았습니다'),
    why: both(
      'Its kubelet does not report, or reports that the runtime or the network does not work.',
      'kubelet이 보고하지 않거나 런타임·네트워크 이상을 보고합니다.',
    ),
    explains: ['schedule-taint'],
    signs: [nodeCondition(/^Ready$/, /^(?:False|Unknown)$/), gives(/^NodeNotReady$/)],
    fix: [run('kubectl describe node {name}'), run('journalctl -u kubelet -n 100   # on the node')],
  },
  {
    id: 'node-disk-pressure',
    step: 'scheduled',
    title: both('The node {name} is short of disk', '노드 {name}의 디스크가 부족합니다'),
    why: both(
      'It takes no new pods and evicts some until images or files are removed.',
      '새 파드를 받지 않고 기존 파드를 축출합니다.',
    ),
    explains: ['schedule-taint'],
    signs: [
      nodeCondition(/^DiskPressure$/, /^True$/),
      gives(/^(?:NodeHasDiskPressure|FreeDiskSpaceFailed|ImageGCFailed)$/),
    ],
    fix: [run('kubectl debug node/{name} -it --image=busybox -- df -h /host')],
  },
  {
    id: 'node-memory-pressure',
    step: 'scheduled',
    title: both('The node {name} is short of memory', '노드 {name}의 메모리가 부족합니다'),
    why: both('Pods without a memory request are evicted first.', '메모리 요청이 없는 파드부터 축출됩니다.'),
    explains: ['schedule-taint'],
    signs: [
      nodeCondition(/^MemoryPressure$/, /^True$/),
      gives(/^NodeHasInsufficientMemory$/),
      says(/System OOM encountered/i),
    ],
    fix: [
      run('kubectl top pods -A --sort-by=memory | head'),
      say('Give each pod a memory request.', '모든 파드에 메모리 요청을 설정하세요.'),
    ],
  },
  {
    id: 'node-pid-pressure',
    step: 'scheduled',
    title: both('The node {name} has too many processes', '노드 {name}의 프로세스가 너무 많습니다'),
    why: both('Some pod starts processes without end.', '어떤 파드가 프로세스를 계속 만들고 있습니다.'),
    explains: ['schedule-taint'],
    signs: [nodeCondition(/^PIDPressure$/, /^True$/), gives(/^NodeHasInsufficientPID$/)],
    fix: [run('kubectl debug node/{name} -it --image=busybox -- ps')],
  },
  {
    id: 'network-plugin-not-ready',
    step: 'sandbox',
    title: both(
      'The node’s network plug-in (CNI) does not work',
      '노드의 네트워크 플러그인(CNI)이 동작하지 않습니다',
    ),
    why: both(
      'Without it no pod gets an address, and so no container is started.',
      '파드 주소를 할당할 수 없어 컨테이너가 시작되지 않습니다.',
    ),
    signs: [
      says(
        /cni plugin not initialized|cni config uninitialized|NetworkPluginNotReady|network is not ready|no networks found in \/etc\/cni|failed to find plugin "[^"]+" in path/i,
      ),
    ],
    fix: [run('kubectl get pods -n kube-system -o wide | grep -Ei "cni|calico|cilium|flannel|azure"')],
  },
  {
    id: 'pod-addresses-used-up',
    step: 'sandbox',
    title: both('The network has no free address for the pod', '파드에 줄 IP 주소가 없습니다'),
    why: both(
      'The subnet or the node’s own range is used up.',
      '서브넷 또는 노드 대역의 주소를 모두 사용했습니다.',
    ),
    signs: [
      says(
        /no IP addresses available in range|failed to allocate (?:for range|a pod IP)|insufficient (?:free )?IP addresses|failed to assign an IP address|SubnetFull|IPAM.{0,80}(?:exhausted|full)/i,
      ),
    ],
    fix: [run('az network vnet subnet show -g GROUP --vnet-name NETWORK -n SUBNET --query addressPrefix')],
  },
  {
    id: 'sandbox-failed',
    step: 'sandbox',
    rank: 'fallback',
    certainty: 'likely',
    title: both('The node cannot make the pod’s sandbox', '노드가 파드 샌드박스를 만들지 못합니다'),
    why: both('The runtime’s own words follow the event’s.', '이벤트 뒤에 런타임의 메시지가 이어집니다.'),
    signs: [gives(/^FailedCreatePodSandBox$/)],
    fix: [run('kubectl describe node {node}'), run('journalctl -u containerd -n 100   # on the node')],
  },
  {
    id: 'evicted',
    step: 'running',
    staysTrue: true,
    title: both(
      'The node evicted the pod for want of {about|a resource}',
      '노드가 {about|자원} 부족으로 파드를 축출했습니다',
    ),
    why: both(
      'When a node runs out of memory or disk, the kubelet ends the pods that use more than they requested.',
      '노드의 메모리·디스크가 부족하면 요청보다 많이 쓰는 파드를 종료합니다.',
    ),
    signs: [
      says(/node was low on resource: (?<about>[\w-]+(?: [a-z]+)?)/i),
      says(
        /(?<about>Pod ephemeral local storage|Container \S+) (?:usage )?exceed(?:s|ed) (?:its )?(?:the total limit of containers|local ephemeral storage limit)/i,
      ),
      says(/Usage of EmptyDir volume "(?<about>[^"]+)" exceeds the limit/i),
      gives(/^Evicted$/, { on: ['condition'] }),
    ],
    fix: [
      run(
        'kubectl set resources deployment/{workload} --requests=memory=256Mi,ephemeral-storage=1Gi{namespaceFlag|}',
      ),
      run('kubectl delete pod{namespaceFlag|} --field-selector=status.phase=Failed'),
    ],
  },
  {
    id: 'preempted',
    step: 'running',
    staysTrue: true,
    title: both('A pod of higher priority took the place', '우선순위가 높은 파드가 자리를 차지했습니다'),
    why: both(
      'The scheduler ends pods of low priority when one of higher priority does not fit.',
      '높은 우선순위 파드를 위해 낮은 우선순위 파드를 종료합니다.',
    ),
    signs: [gives(/^Preempted$/), says(/^Preempted by /)],
    fix: [run('kubectl get priorityclass')],
  },
]);
