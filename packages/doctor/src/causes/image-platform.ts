import { type Cause, defineCauses } from '../rules/cause.ts';
import { says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';
import { registrySays } from './in-registry.ts';
import { imageWords } from './pull-words.ts';

/**
 * One cause with three faces: an index without the node's platform is refused by the pull; a plain manifest is pulled
 * (containerd does not compare its configuration with the node) and the binary then cannot be executed; and so does a
 * binary whose image merely says that it is of the right platform.
 */
export const imagePlatformCauses: readonly Cause[] = defineCauses([
  {
    id: 'image-platform',
    step: 'image',
    title: both(
      'The image {about|} is not built for the platform of the node ({platform|its operating system and CPU})',
      '이미지 {about|}에 노드의 플랫폼({platform|운영체제·CPU})용 빌드가 없습니다',
    ),
    why: both(
      'An image holds programs for one CPU architecture, and an index lists one image for each. An image built on an Arm Mac runs on arm64 alone unless it was built for other platforms too; nodes are mostly amd64.',
      '이미지는 한 가지 CPU 아키텍처용 프로그램만 담습니다. Arm Mac에서 그대로 빌드한 이미지는 arm64 전용이며, 노드는 대부분 amd64입니다.',
    ),
    signs: [
      says(imageWords('no match for platform in manifest|no match for platform')),
      says(imageWords(String.raw`no matching manifest for \S+ in the manifest list`)),
      says(imageWords('no image found in (?:image index|manifest list) for architecture')),
      says(imageWords('found but its platform [\\s\\S]*?does not match the specified platform')),
      says(/exec format error/i, {
        unless: /[\w/.-]+\.(?:sh|bash|py|rb|pl)\b/,
        certainty: 'likely',
        step: 'running',
      }),
      says(/(?:cannot|could not) execute binary file/i, { certainty: 'likely', step: 'running' }),
      registrySays(
        /^image-platform$/,
        ({ image, platforms, wanted }) =>
          `${image} is built for ${platforms.join(', ')}; the node is ${wanted}`,
      ),
      registrySays(
        /^image-binary-platform$/,
        ({ image, platforms, wanted, seen }) =>
          `${image} says ${platforms.join(', ')}, but its program ${seen}; the node is ${wanted}`,
      ),
    ],
    lookAlikes: [
      {
        name: both('a missing tag', '태그 없음'),
        why: both(
          'the reference was found; what is missing is the platform in it',
          '참조 자체는 찾았고, 그 안에 플랫폼이 없을 뿐입니다',
        ),
      },
    ],
    fix: [
      say(
        'Build for both platforms under a new tag, and deploy that:',
        '두 플랫폼용으로 새 태그를 빌드해 배포하세요:',
      ),
      run(
        'docker buildx build --platform linux/amd64,linux/arm64 -t {repository|REPOSITORY}:NEW-TAG --push .',
      ),
      say('See what an image holds:', '이미지에 들어 있는 플랫폼 확인:'),
      run('docker buildx imagetools inspect {image}'),
    ],
  },
  {
    id: 'image-platform-warning',
    step: 'image',
    certainty: 'likely',
    title: both(
      'Docker emulates an image of another platform',
      'Docker가 다른 플랫폼의 이미지를 에뮬레이션하고 있습니다',
    ),
    why: both(
      'It runs here only because Docker Desktop emulates the other CPU; a cluster node does not.',
      'Docker Desktop의 에뮬레이션 덕분에 여기서만 동작합니다. 클러스터 노드에서는 실행되지 않습니다.',
    ),
    signs: [
      says(
        /image(?:'s)? platform \((?<about>[^)]+)\) does not match the (?:detected host|expected) platform/i,
      ),
    ],
    fix: [
      run(
        'docker buildx build --platform linux/amd64,linux/arm64 -t {repository|REPOSITORY}:NEW-TAG --push .',
      ),
    ],
  },
  {
    id: 'script-without-interpreter',
    step: 'started',
    certainty: 'likely',
    title: both(
      'The start script has no usable first line (#!)',
      '시작 스크립트의 첫 줄(#!)이 없거나 잘못되었습니다',
    ),
    why: both(
      'The kernel runs a script through the interpreter that its first line names. Without one it says "exec format error"; with Windows line ends or an interpreter that the image lacks, "no such file".',
      '커널은 스크립트 첫 줄에 적힌 인터프리터로 실행합니다. 첫 줄이 없으면 "exec format error", CRLF 줄바꿈이거나 인터프리터가 없으면 "no such file"이 납니다.',
    ),
    signs: [
      says(/(?<about>[\w/.-]+\.(?:sh|bash|py|rb|pl))["']?:? ?(?:[^"]{0,80})exec format error/i),
      says(/env: .?(?:ba)?sh\\?r?.?: No such file or directory|bad interpreter/i),
    ],
    fix: [
      say(
        'Begin the script with #!/bin/sh and save it with LF line ends:',
        '스크립트를 #!/bin/sh로 시작하고 LF 줄바꿈으로 저장하세요:',
      ),
      run("sed -i 's/\\r$//' {about|entrypoint.sh} && head -1 {about|entrypoint.sh}"),
    ],
  },
  {
    id: 'native-module-platform',
    step: 'running',
    title: both(
      'A native module was built for another platform or C library',
      '네이티브 모듈이 다른 플랫폼 또는 C 라이브러리용으로 빌드되었습니다',
    ),
    why: both(
      'node_modules from the developer’s machine, or from a build stage of another platform, came into the image: the program starts, and its compiled parts cannot be loaded.',
      '개발 PC나 다른 플랫폼의 빌드 단계에서 만든 node_modules가 이미지에 복사되었습니다.',
    ),
    signs: [
      says(/invalid ELF header|wrong ELF class/i),
      says(/ERR_DLOPEN_FAILED/),
      says(/error while loading shared libraries: (?<about>[\w.+-]+)/i),
      says(/version [`'"](?<about>GLIBC(?:XX)?_[\d.]+)['"] not found/),
      says(/Error relocating [^:]+: \S+: symbol not found/),
      says(/Cannot find module '?@?[\w/-]*(?:linux|darwin|win32)-(?:x64|arm64)/),
    ],
    fix: [
      say(
        'Install inside the stage that has the target platform, and keep node_modules out of the build context:',
        '대상 플랫폼 단계 안에서 설치하고 node_modules는 빌드 컨텍스트에서 제외하세요:',
      ),
      run("printf 'node_modules\\n' >> .dockerignore   # and in the Dockerfile: RUN npm ci --omit=dev"),
    ],
  },
]);
