import type { ProbeCause } from '../probe/finding.ts';
import { both, run, say } from '../rules/text.ts';

export type ImageCauseId =
  | 'image-platform'
  | 'image-binary-platform'
  | 'image-not-found'
  | 'image-repository-not-found'
  | 'image-unauthorized'
  | 'image-forbidden'
  | 'image-rate-limit'
  | 'image-registry-unknown'
  | 'image-registry-unreachable'
  | 'image-registry-no-answer'
  | 'image-registry-without-tls'
  | 'image-registry-certificate'
  | 'image-registry-error'
  | 'image-not-a-registry';

const build = run('docker buildx build --platform linux/amd64,linux/arm64 -t {repository}:NEW-TAG --push .');

export const imageCauses: Readonly<Record<ImageCauseId, ProbeCause>> = {
  'image-platform': {
    title: both(
      'The image {image} is not built for {wanted}: it has {platforms}',
      '이미지 {image}에는 {wanted}용 빌드가 없습니다(있는 것: {platforms})',
    ),
    fix: [
      say(
        'Certain. Build for both platforms under a new tag, and deploy that:',
        '확실합니다. 두 플랫폼용으로 새 태그를 빌드해 배포하세요:',
      ),
      build,
    ],
  },
  'image-binary-platform': {
    title: both(
      'The image {image} says {wanted}, but the program in it ({program}) is built for {machine}',
      '이미지 {image}은(는) {wanted}라고 하지만 그 안의 프로그램({program})은 {machine}용입니다',
    ),
    fix: [
      say(
        'Certain: it would end with "exec format error". Build the program for the target platform (TARGETARCH in the Dockerfile; nothing compiled copied from the host):',
        '확실합니다. "exec format error"로 끝납니다. 프로그램을 대상 플랫폼용으로 빌드하세요(Dockerfile의 TARGETARCH 사용, 호스트에서 컴파일한 것 복사 금지):',
      ),
      build,
    ],
  },
  'image-not-found': {
    title: both(
      'The repository {repository} has no {reference}',
      '저장소 {repository}에 {reference}이(가) 없습니다',
    ),
    fix: [
      say('Correct the tag, or push it:', '태그를 고치거나 푸시하세요:'),
      run('docker push {repository}:{reference}'),
    ],
  },
  'image-repository-not-found': {
    title: both(
      'The registry {registry} has no repository of this name',
      '레지스트리 {registry}에 이 이름의 저장소가 없습니다',
    ),
    fix: [
      say(
        'Correct the name; it may also be one that your account is not shown.',
        '이름을 고치세요. 계정에 보이지 않는 저장소일 수도 있습니다.',
      ),
    ],
  },
  'image-unauthorized': {
    title: both(
      'The registry {registry} wants a login for this image, and refused {login}',
      '레지스트리 {registry}이(가) 로그인을 요구합니다({login} 거절)',
    ),
    fix: [
      say(
        'Log in, and give the cluster the same by imagePullSecrets. A repository that does not exist is often answered alike.',
        '로그인하고 클러스터에는 imagePullSecrets로 같은 자격을 주세요. 없는 저장소도 같은 응답을 받을 때가 많습니다.',
      ),
      run('docker login {registry}'),
    ],
  },
  'image-forbidden': {
    title: both(
      'The registry {registry} does not let this account pull the image',
      '레지스트리 {registry}이(가) 이 계정의 이미지 받기를 허용하지 않습니다',
    ),
    fix: [say('Give the account the right to pull.', '계정에 pull 권한을 주세요.')],
  },
  'image-rate-limit': {
    title: both(
      'The registry {registry} has had too many requests from here',
      '레지스트리 {registry}의 요청 한도를 넘었습니다',
    ),
    fix: [
      say('Log in, wait, or pull through a mirror.', '로그인하거나 기다리거나 미러를 쓰세요.'),
      run('docker login {registry}'),
    ],
  },
  'image-registry-unknown': {
    title: both('The host {registry} does not exist', '호스트 {registry}은(는) 존재하지 않습니다'),
    fix: [say('Correct the registry in the image’s name.', '이미지 이름의 레지스트리를 고치세요.')],
  },
  'image-registry-unreachable': {
    title: both('Nothing answers at {registry}', '{registry}에서 응답하는 것이 없습니다'),
    fix: [
      say(
        'Start the registry or correct its port; when nothing came back at all, a firewall is in the way.',
        '레지스트리를 시작하거나 포트를 고치세요. 아무 응답도 없었다면 방화벽이 막고 있습니다.',
      ),
    ],
  },
  'image-registry-no-answer': {
    title: both(
      'The registry {registry} did not answer in time',
      '레지스트리 {registry}이(가) 제시간에 응답하지 않았습니다',
    ),
    fix: [say('Look at its load and its log.', '부하와 로그를 확인하세요.')],
  },
  'image-registry-without-tls': {
    title: both(
      'The registry {registry} speaks no TLS, and pulls without TLS are refused but from loopback',
      '레지스트리 {registry}이(가) TLS를 쓰지 않습니다. 루프백이 아니면 TLS 없는 pull은 거절됩니다',
    ),
    fix: [
      say(
        'Give the registry a certificate; for a trial name it as insecure in the runtime of every node.',
        '레지스트리에 인증서를 설정하세요. 시험용이라면 모든 노드의 런타임에 insecure로 등록하세요.',
      ),
    ],
  },
  'image-registry-certificate': {
    title: both(
      'The certificate of the registry {registry} is not trusted here',
      '레지스트리 {registry}의 인증서를 여기서 신뢰하지 않습니다',
    ),
    fix: [
      say(
        'Give the registry a certificate for this name that is valid, or its authority to every node.',
        '레지스트리에 이 이름의 유효한 인증서를 설정하거나 발급 기관을 모든 노드에 등록하세요.',
      ),
    ],
  },
  'image-registry-error': {
    title: both('The registry {registry} failed by its own fault', '레지스트리 {registry} 자체 오류입니다'),
    fix: [say('Try again; its log tells why.', '다시 시도하세요. 이유는 레지스트리 로그에 있습니다.')],
  },
  'image-not-a-registry': {
    title: both(
      'What answers at {registry} is no image registry, or the image is none that a node can run',
      '{registry}에서 응답하는 것이 이미지 레지스트리가 아니거나 노드가 실행할 수 있는 이미지가 아닙니다',
    ),
    fix: [say('Correct the registry in the image’s name.', '이미지 이름의 레지스트리를 고치세요.')],
  },
};
