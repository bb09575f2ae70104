import { type Cause, defineCauses } from '../rules/cause.ts';
import { says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

/** The API server refuses, so that no pod exists to look at. */
export const admissionCauses: readonly Cause[] = defineCauses([
  {
    id: 'quota-exceeded',
    step: 'admitted',
    title: both(
      'The namespace’s quota {about|} is used up',
      '네임스페이스 할당량 {about|}을(를) 초과했습니다',
    ),
    why: both(
      'The ReplicaSet cannot create the pod, so that there is no pod to look at.',
      'ReplicaSet이 파드를 만들 수 없어 살펴볼 파드가 없습니다.',
    ),
    signs: [says(/exceeded quota: (?<about>[\w.-]+)/i)],
    fix: [run('kubectl describe quota{namespaceFlag|}')],
  },
  {
    id: 'quota-wants-requests',
    step: 'admitted',
    title: both(
      'The quota {about|} demands requests or limits that the pod does not name',
      '할당량 {about|}이(가) 요구하는 requests/limits가 파드에 없습니다',
    ),
    why: both(
      'Where a quota counts a resource, each container must name it.',
      '할당량이 세는 자원은 모든 컨테이너가 명시해야 합니다.',
    ),
    signs: [says(/failed quota: (?<about>[\w.-]+): must specify/i)],
    fix: [
      run(
        'kubectl set resources deployment/{workload} --requests=cpu=100m,memory=128Mi --limits=memory=256Mi{namespaceFlag|}',
      ),
    ],
  },
  {
    id: 'limit-range',
    step: 'admitted',
    title: both(
      'The pod’s resources are outside the namespace’s limit range',
      '파드의 자원이 LimitRange 범위를 벗어났습니다',
    ),
    why: both(
      'A LimitRange sets the least and the most that one container may ask for.',
      'LimitRange가 컨테이너별 최소·최대를 정합니다.',
    ),
    signs: [
      says(
        /(?:maximum|minimum) \w+ usage per (?:Container|Pod) is|must be less than or equal to \w+ limit/i,
        {
          // The API server's own check of a manifest, which no LimitRange has a part in.
          unless: /is invalid:/,
        },
      ),
    ],
    fix: [run('kubectl describe limitrange{namespaceFlag|}')],
  },
  {
    id: 'pod-security',
    step: 'admitted',
    title: both(
      'Pod Security "{about|}" forbids the pod',
      'Pod Security "{about|}" 정책이 파드를 금지합니다',
    ),
    why: both(
      'The namespace enforces a level that the pod’s securityContext does not meet.',
      '네임스페이스의 보안 수준을 파드의 securityContext가 충족하지 않습니다.',
    ),
    signs: [says(/violates PodSecurity "(?<about>[^":]+)/i, { unless: /would violate/i })],
    fix: [
      say(
        'Set in the container: allowPrivilegeEscalation: false, capabilities.drop: [ALL], runAsNonRoot: true, seccompProfile.type: RuntimeDefault.',
        '컨테이너에 allowPrivilegeEscalation: false, capabilities.drop: [ALL], runAsNonRoot: true, seccompProfile: RuntimeDefault를 설정하세요.',
      ),
    ],
  },
  {
    id: 'webhook-unreachable',
    step: 'admitted',
    title: both(
      'The admission webhook {about|} does not answer',
      '어드미션 웹훅 {about|}이(가) 응답하지 않습니다',
    ),
    why: both(
      'The API server asks it before each create. Its pods are down, or an operator was removed and its webhook stayed.',
      'API 서버가 생성 전마다 호출합니다. 웹훅 파드가 죽었거나 오퍼레이터 삭제 후 설정만 남았습니다.',
    ),
    signs: [says(/failed calling webhook "(?<about>[^"]+)"/i)],
    fix: [run('kubectl get validatingwebhookconfigurations,mutatingwebhookconfigurations')],
  },
  {
    id: 'webhook-denied',
    step: 'admitted',
    title: both(
      'A policy of the cluster ({about|a webhook}) denied the request',
      '클러스터 정책({about|웹훅})이 요청을 거부했습니다',
    ),
    why: both('Its message says which rule.', '메시지에 어떤 규칙인지 적혀 있습니다.'),
    signs: [
      says(/admission webhook "(?<about>[^"]+)" denied the request/i),
      says(/ValidatingAdmissionPolicy '(?<about>[^']+)'.* denied request/i),
    ],
    fix: [run('kubectl get events{namespaceFlag|} --sort-by=.lastTimestamp')],
  },
  {
    id: 'service-account-missing',
    step: 'admitted',
    title: both('The service account {about|} does not exist', '서비스 어카운트 {about|}이(가) 없습니다'),
    why: both(
      'The controller may not create a pod under an account that is not there.',
      '없는 계정으로는 파드를 만들 수 없습니다.',
    ),
    signs: [says(/serviceaccount "(?<about>[^"]+)" not found/i)],
    fix: [run('kubectl create serviceaccount {about}{namespaceFlag|}')],
  },
  {
    id: 'priority-class-missing',
    step: 'admitted',
    title: both('The priority class {about|} does not exist', '우선순위 클래스 {about|}이(가) 없습니다'),
    why: both(
      'Classes belong to the cluster; this one was not installed in it.',
      '이 클러스터에 설치되지 않은 클래스입니다.',
    ),
    signs: [says(/no PriorityClass with name (?<about>[\w.-]+) was found/i)],
    fix: [run('kubectl get priorityclass')],
  },
  {
    id: 'rbac-forbidden',
    step: 'admitted',
    title: both('The account {about|} may not do what it tried', '계정 {about|}에 권한이 없습니다'),
    why: both('No role grants it; RBAC denies what is not granted.', '역할이 부여되지 않았습니다.'),
    signs: [says(/forbidden: User "(?<about>[^"]+)" cannot (?<verb>\w+) resource "(?<resource>[^"]+)"/i)],
    fix: [run('kubectl auth can-i {verb} {resource} --as={about}{namespaceFlag|}')],
  },
  {
    id: 'api-version-unknown',
    step: 'admitted',
    title: both(
      'The cluster does not know the kind {about|} in that version',
      '클러스터가 {about|} 종류(버전)를 알지 못합니다',
    ),
    why: both(
      'The kind’s definition (CRD) is not installed, or the version was removed from Kubernetes.',
      'CRD가 설치되지 않았거나 제거된 API 버전입니다.',
    ),
    signs: [
      says(/no matches for kind "(?<about>[^"]+)"/i),
      says(/the server could not find the requested resource/i, { on: ['text'], certainty: 'possible' }),
    ],
    fix: [run('kubectl api-resources | grep -i {about}')],
  },
  {
    id: 'manifest-invalid',
    step: 'admitted',
    title: both(
      'The API server rejects the manifest: {about|}',
      'API 서버가 매니페스트를 거부했습니다: {about|}',
    ),
    why: both(
      'A field’s value is not allowed, or may not be changed after creation.',
      '필드 값이 허용되지 않거나 생성 후 변경할 수 없는 필드입니다.',
    ),
    signs: [
      says(/The \w+ "[^"]+" is invalid: (?<about>[\w.[\]]+):/),
      says(/(?<about>spec\.selector|spec\.\S+): Invalid value:[\s\S]*field is immutable/),
    ],
    fix: [run('kubectl apply --dry-run=server -f FILE')],
  },
]);
