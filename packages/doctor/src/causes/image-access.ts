import { type Cause, defineCauses } from '../rules/cause.ts';
import { gives, says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';
import { duringPull, imageWords } from './pull-words.ts';

const seeSecret = run('kubectl get pod {pod}{namespaceFlag|} -o jsonpath="{.spec.imagePullSecrets}"');

/** The registry was reached and refused. */
export const imageAccessCauses: readonly Cause[] = defineCauses([
  {
    id: 'image-not-authorised',
    step: 'image',
    title: both(
      'The registry wants a login for {about|the image}, and none was sent',
      '레지스트리가 {about|이미지}에 로그인을 요구하지만 자격 증명이 전달되지 않았습니다',
    ),
    why: both(
      'The node asked without a credential: the pod names no pull secret, and the node’s own identity has no right to pull (on AKS: the registry is not attached).',
      '자격 증명 없이 요청했습니다. 파드에 pull secret이 없고 노드의 ID에도 권한이 없습니다(AKS: 레지스트리가 연결되지 않음).',
    ),
    signs: [
      says(duringPull('failed to fetch anonymous token[\\s\\S]*?(?:401|403|unauthorized)')),
      says(
        duringPull(
          `401 Unauthorized|in \\S+: unauthorized|unauthorized: authentication required|no basic auth credentials|authentication required|unauthorized: access to the requested resource`,
        ),
        {
          unless: /fetch oauth token|incorrect username or password|toomanyrequests|429 /i,
        },
      ),
    ],
    lookAlikes: [
      {
        name: both('a missing tag', '태그 없음'),
        why: both(
          'the registry answered 401 before it looked for the tag',
          '태그를 확인하기 전에 401로 거절했습니다',
        ),
      },
    ],
    fix: [
      run('az aks update -n CLUSTER -g GROUP --attach-acr REGISTRY'),
      say('or a pull secret in the same namespace:', '또는 같은 네임스페이스에 pull secret 생성:'),
      run(
        'kubectl create secret docker-registry registry-login{namespaceFlag|} --docker-server=HOST --docker-username=USER --docker-password=$REGISTRY_PASSWORD',
      ),
      seeSecret,
    ],
  },
  {
    id: 'image-credentials-refused',
    step: 'image',
    title: both(
      'The registry refused the login that was sent for {about|the image}',
      '레지스트리가 {about|이미지}에 보낸 로그인 정보를 거절했습니다',
    ),
    why: both('A credential was offered and is wrong or expired.', '자격 증명이 틀렸거나 만료되었습니다.'),
    signs: [
      says(
        duringPull(
          'failed to fetch oauth token[\\s\\S]*?(?:401|403|unauthorized|denied)|incorrect username or password|invalid username/password',
        ),
      ),
    ],
    fix: [
      seeSecret,
      run(
        'kubectl create secret docker-registry registry-login{namespaceFlag|} --docker-server=HOST --docker-username=USER --docker-password=$REGISTRY_PASSWORD --dry-run=client -o yaml | kubectl apply -f -',
      ),
    ],
  },
  {
    id: 'image-repository-private-or-missing',
    step: 'image',
    title: both(
      'The repository of {about|the image} does not exist, or is private',
      '{about|이미지}의 저장소가 없거나 비공개입니다',
    ),
    why: both(
      'A registry answers the same for both, so that strangers cannot learn names. Check the spelling first, then the access.',
      '레지스트리는 두 경우에 같은 답을 합니다. 먼저 철자, 다음으로 권한을 확인하세요.',
    ),
    certainty: 'likely',
    signs: [
      says(
        duringPull(
          'pull access denied|repository does not exist|insufficient_scope|name unknown|NAME_UNKNOWN|requested access to the resource is denied',
        ),
      ),
    ],
    fix: [run('docker manifest inspect {image}'), seeSecret],
  },
  {
    id: 'image-forbidden',
    step: 'image',
    title: both(
      'The registry knows the node and forbids it {about|the image}',
      '레지스트리가 이 노드의 {about|이미지} 접근을 금지합니다',
    ),
    why: both(
      '403 after the login is a rule of the registry: its firewall, a private endpoint, a blocked address, or a missing role.',
      '로그인 뒤의 403은 레지스트리의 방화벽, 사설 엔드포인트, 차단된 주소 또는 역할 부족입니다.',
    ),
    signs: [
      says(
        duringPull(String.raw`403 \(?Forbidden|status code 403|is not allowed access|denied: client with IP`),
        {
          unless: /fetch (?:anonymous|oauth) token/i,
        },
      ),
    ],
    fix: [
      run('az acr network-rule list -n REGISTRY'),
      run('az aks check-acr -n CLUSTER -g GROUP --acr REGISTRY.azurecr.io'),
    ],
  },
  {
    id: 'image-rate-limit',
    step: 'image',
    title: both('The registry’s limit on pulls is used up', '레지스트리의 pull 횟수 제한을 넘었습니다'),
    why: both(
      'Anonymous pulls are counted by address, and all nodes behind one exit share it.',
      '익명 pull은 주소별로 집계되며, 같은 출구를 쓰는 모든 노드가 함께 셉니다.',
    ),
    signs: [
      says(
        imageWords('toomanyrequests|reached your (?:unauthenticated )?pull rate limit|429 Too Many Requests'),
        { on: ['event', 'waiting', 'text'], unless: /otlp|v1\/(?:traces|metrics|logs)|export/i },
      ),
    ],
    lookAlikes: [
      {
        name: both('a wrong login', '로그인 오류'),
        why: both(
          '429 counts requests and does not judge the login',
          '429는 요청 수 제한이며 로그인 판정이 아닙니다',
        ),
      },
    ],
    fix: [
      say(
        'Log in for pulls, or copy the image into your own registry:',
        '로그인하거나 자체 레지스트리로 복사하세요:',
      ),
      run('az acr import -n REGISTRY --source docker.io/{image}'),
    ],
  },
  {
    id: 'image-pull-secret-missing',
    step: 'image',
    title: both(
      'The pull secret that the pod names does not exist in its namespace',
      '파드가 지정한 pull secret이 네임스페이스에 없습니다',
    ),
    why: both('Secrets are not shared between namespaces.', 'Secret은 네임스페이스 간에 공유되지 않습니다.'),
    explains: ['image-not-authorised', 'image-repository-private-or-missing', 'image-forbidden'],
    signs: [
      gives(/^FailedToRetrieveImagePullSecret$/),
      says(/Unable to retrieve some image pull secrets \((?<secret>[^)]*)\)/),
    ],
    fix: [
      run('kubectl get secret{namespaceFlag|}'),
      run(
        'kubectl create secret docker-registry {secret}{namespaceFlag|} --docker-server=HOST --docker-username=USER --docker-password=$REGISTRY_PASSWORD',
      ),
    ],
  },
  {
    id: 'image-signature-refused',
    step: 'image',
    title: both('The node’s policy refuses the image’s signature', '노드 정책이 이미지 서명을 거절합니다'),
    why: both(
      'The image is not signed, or not by a key that the policy trusts.',
      '이미지에 서명이 없거나 신뢰하는 키로 서명되지 않았습니다.',
    ),
    signs: [
      gives(/^SignatureValidationFailed$/),
      says(
        imageWords(
          'A signature was required, but no signature exists|signature validation failed|Source image rejected',
        ),
      ),
    ],
    fix: [run('cosign verify {image}')],
  },
]);
