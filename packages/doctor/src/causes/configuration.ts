import { type Cause, defineCauses } from '../rules/cause.ts';
import { says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

/** What the container needs before it can be made, and its first command. */
export const configurationCauses: readonly Cause[] = defineCauses([
  {
    id: 'config-map-missing',
    step: 'configuration',
    title: both(
      'The ConfigMap {about|} does not exist in the namespace {namespace|of the pod}',
      'ConfigMap {about|}이(가) 네임스페이스 {namespace|파드의 네임스페이스}에 없습니다',
    ),
    why: both(
      'The pod refers to it by its environment or a volume.',
      '파드가 환경 변수나 볼륨에서 참조합니다.',
    ),
    signs: [
      says(
        /volume "[^"]+"\s*:\s*(?:references non-existent config key|configmaps? "(?<about>[^"]+)" not found)/i,
        { step: 'volumes' },
      ),
      says(/^(?:Error: )?configmaps? "(?<about>[^"]+)" not found/i),
    ],
    fix: [
      run('kubectl get configmap{namespaceFlag|}'),
      run('kubectl create configmap {about}{namespaceFlag|} --from-literal=KEY=VALUE'),
    ],
  },
  {
    id: 'secret-missing',
    step: 'configuration',
    title: both(
      'The Secret {about|} does not exist in the namespace {namespace|of the pod}',
      'Secret {about|}이(가) 네임스페이스 {namespace|파드의 네임스페이스}에 없습니다',
    ),
    why: both(
      'The pod refers to it by its environment or a volume; Secrets are not shared between namespaces.',
      '파드가 참조하는 Secret이 같은 네임스페이스에 있어야 합니다.',
    ),
    signs: [
      says(/volume "[^"]+"\s*:\s*secrets? "(?<about>[^"]+)" not found/i, { step: 'volumes' }),
      says(/^(?:Error: )?secrets? "(?<about>[^"]+)" not found/i),
    ],
    fix: [run('kubectl get secret{namespaceFlag|}')],
  },
  {
    id: 'config-key-missing',
    step: 'configuration',
    title: both(
      'The key {about|} is not in the {object|ConfigMap or Secret}',
      '{object|ConfigMap/Secret}에 키 {about|}이(가) 없습니다',
    ),
    why: both('The object exists, and that key in it does not.', '객체는 있지만 해당 키가 없습니다.'),
    signs: [
      says(/couldn't find key (?<about>\S+) in (?<object>(?:ConfigMap|Secret) \S+)/i),
      says(/references non-existent (?:config|secret) key: (?<about>\S+)/i, { step: 'volumes' }),
    ],
    fix: [run('kubectl get configmap,secret{namespaceFlag|} -o name')],
  },
  {
    id: 'run-as-root',
    step: 'configuration',
    title: both(
      'The pod forbids root, and the image runs as root',
      'runAsNonRoot인데 이미지가 root로 실행됩니다',
    ),
    why: both(
      'runAsNonRoot is checked before the start against the image’s USER.',
      '시작 전에 이미지의 USER를 검사합니다.',
    ),
    signs: [says(/runAsNonRoot and image will run as root|container's runAsUser breaks non-root policy/i)],
    fix: [
      say(
        'Put USER 10001 into the Dockerfile, or set runAsUser: 10001.',
        'Dockerfile에 USER 10001 또는 runAsUser: 10001을 설정하세요.',
      ),
    ],
  },
  {
    id: 'user-not-numeric',
    step: 'configuration',
    title: both(
      'The image names its user by a word ({about|}), which cannot be proven not to be root',
      '이미지 USER가 이름({about|})이라 root가 아님을 확인할 수 없습니다',
    ),
    why: both(
      'The kubelet does not look into the image’s /etc/passwd.',
      'kubelet은 이미지의 /etc/passwd를 보지 않습니다.',
    ),
    signs: [says(/image has non-numeric user \((?<about>[^)]*)\)/i)],
    fix: [
      say(
        'Write the number: USER 1000, or runAsUser: 1000.',
        '숫자로 지정하세요: USER 1000 또는 runAsUser: 1000.',
      ),
    ],
  },
  {
    id: 'command-not-found',
    step: 'started',
    title: both('The command {about|} is not in the image', '명령 {about|}이(가) 이미지에 없습니다'),
    why: both(
      'The runtime could not execute what command or ENTRYPOINT names; the process never ran, so that it has no log.',
      '런타임이 지정된 명령을 찾지 못했습니다. 프로세스가 실행되지 않아 로그가 없습니다.',
    ),
    signs: [
      says(
        /exec: "(?<about>[^"]+)": (?:stat [^:]+: no such file or directory|executable file not found in \$PATH)/i,
      ),
      says(/executable file `?(?<about>[^`\s]+)`? not found(?: in \$PATH)?: No such file/i),
      says(/(?:sh|bash): (?:line \d+: |\d+: )?(?<about>[\w./-]+): (?:command )?not found/i, {
        certainty: 'likely',
      }),
    ],
    fix: [run('docker run --rm -it --entrypoint sh {image} -c "ls -l {about}; echo $PATH"')],
  },
  {
    id: 'command-not-executable',
    step: 'started',
    title: both('The command {about|} may not be executed', '명령 {about|}에 실행 권한이 없습니다'),
    why: both('The file is there without its execute permission.', '파일에 실행 권한이 없습니다.'),
    signs: [
      says(/exec:? "?(?<about>[\w./-]+)"?: permission denied/i),
      says(/(?:sh|bash): (?:line \d+: |\d+: )?(?<about>[\w./-]+): Permission denied/i),
    ],
    fix: [run('chmod +x {about} && git update-index --chmod=+x {about}')],
  },
  {
    id: 'working-directory-missing',
    step: 'started',
    title: both(
      'The working directory {about|} cannot be entered',
      '작업 디렉터리 {about|}에 들어갈 수 없습니다',
    ),
    why: both(
      'workingDir or WORKDIR names a directory that is not there or not permitted.',
      'workingDir/WORKDIR가 없거나 권한이 없습니다.',
    ),
    signs: [
      says(
        /(?:chdir to cwd \("?(?<about>[^")]+)"?\)|mkdir (?<dir>\/\S*) as (?:root|cwd)).{0,80}(?:failed|no such file|permission denied)/i,
      ),
      says(/container init: mkdir (?<about>\/[^\s:]*): not a directory/),
    ],
    fix: [run('kubectl get pod {pod}{namespaceFlag|} -o jsonpath="{.spec.containers[*].workingDir}"')],
  },
  {
    id: 'mount-over-file',
    step: 'started',
    title: both(
      'A volume is mounted where the image has something of another kind',
      '볼륨 마운트 경로의 종류(파일/디렉터리)가 맞지 않습니다',
    ),
    why: both(
      'A file cannot be mounted over a directory, nor the reverse; a single file needs subPath.',
      '파일과 디렉터리는 서로 덮어 마운트할 수 없습니다. 단일 파일은 subPath가 필요합니다.',
    ),
    signs: [
      says(
        /to rootfs at "[^"]+"[\s\S]*: not a directory|not a directory: (?:unknown|Are you trying to mount a directory onto a file)|trying to mount a directory onto a file|failed to prepare subPath for volumeMount/i,
        { unless: /container init: mkdir/ },
      ),
    ],
    fix: [run('kubectl get pod {pod}{namespaceFlag|} -o jsonpath="{.spec.containers[*].volumeMounts}"')],
  },
  {
    id: 'memory-limit-too-small-to-start',
    step: 'started',
    title: both(
      'The memory limit {memoryLimit|} is too small for the container to start at all',
      '메모리 제한 {memoryLimit|}이(가) 너무 작아 시작조차 할 수 없습니다',
    ),
    why: both(
      'The runtime’s own first process needs some MiB; a limit written as "128m" means a fraction of a byte.',
      '런타임 자체도 수 MiB가 필요합니다. "128m"은 0.128바이트를 뜻합니다.',
    ),
    signs: [says(/container init was OOM-killed|memory limit too low|unable to set memory limit to \d+/i)],
    fix: [run('kubectl set resources deployment/{workload} --limits=memory=256Mi{namespaceFlag|}')],
  },
]);
