import { type Cause, defineCauses } from '../rules/cause.ts';
import { says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

const notExport =
  /otlp|otel|v1\/(?:traces|metrics|logs)|export|:431[78]\b|collector|telemetry|pull|probe|webhook|initializing source|container registry|failed to resolve (?:reference|image)|trying next host/i;

/** What a program says in its own log when it cannot work. */
export const applicationCauses: readonly Cause[] = defineCauses([
  {
    id: 'module-missing',
    step: 'running',
    title: both(
      'The program’s module {about|} is not in the image',
      '프로그램의 모듈 {about|}이(가) 이미지에 없습니다',
    ),
    why: both(
      'It was not installed (a development dependency), not copied, or the path is wrong.',
      '설치되지 않았거나(devDependency) 복사되지 않았거나 경로가 틀립니다.',
    ),
    signs: [
      says(
        /Cannot find (?:module|package) ['"](?<about>(?!@?[\w/-]*(?:linux|darwin|win32)-(?:x64|arm64))[^'"]+)['"]/,
      ),
      says(/ModuleNotFoundError: No module named ['"](?<about>[^'"]+)['"]/),
      says(/Could not find or load main class (?<about>\S+)/),
    ],
    fix: [
      run('docker run --rm --entrypoint ls {image|IMAGE} -la /app'),
      say(
        'Move it from devDependencies to dependencies, or copy the build’s output.',
        'devDependencies에서 dependencies로 옮기거나 빌드 결과를 복사하세요.',
      ),
    ],
  },
  {
    id: 'module-kind',
    step: 'running',
    title: both('An ES module is loaded as CommonJS, or the reverse', 'ES 모듈과 CommonJS가 섞였습니다'),
    why: both(
      '"type" in package.json or the file’s ending says which of the two it is.',
      'package.json의 "type"이나 확장자가 종류를 정합니다.',
    ),
    signs: [
      says(
        /Cannot use import statement outside a module|ERR_REQUIRE_ESM|require is not defined in ES module scope|ERR_UNKNOWN_FILE_EXTENSION/,
      ),
    ],
    fix: [
      say(
        'Set "type": "module", or build to CommonJS.',
        '"type": "module"을 설정하거나 CommonJS로 빌드하세요.',
      ),
    ],
  },
  {
    id: 'address-in-use',
    step: 'running',
    title: both(
      'The port {about|} is taken by another process',
      '포트 {about|}을(를) 다른 프로세스가 사용 중입니다',
    ),
    why: both(
      'Two processes of one pod (all its containers share the ports) want the same one.',
      '한 파드의 컨테이너는 포트를 공유합니다.',
    ),
    signs: [
      says(/EADDRINUSE[^\n]*?:(?<about>\d+)/),
      says(/(?:address already in use|Address already in use|bind\(\) to \S+:(?<about>\d+) failed \(98)/),
    ],
    fix: [say('Give one of them another port.', '둘 중 하나의 포트를 바꾸세요.')],
  },
  {
    id: 'low-port-forbidden',
    step: 'running',
    title: both(
      'The process may not listen on the port {about|below 1024}',
      '프로세스가 포트 {about|1024 미만}에서 수신할 권한이 없습니다',
    ),
    why: both(
      'Ports below 1024 belong to root or to NET_BIND_SERVICE.',
      '1024 미만 포트는 root 또는 NET_BIND_SERVICE가 필요합니다.',
    ),
    signs: [
      says(/listen EACCES: permission denied \S*?:(?<about>\d+)/),
      says(/bind\(\) to \S+:(?<about>\d+) failed \(13: Permission denied\)/),
    ],
    fix: [
      say(
        'Listen on 8080 and let the Service map 80 to it.',
        '8080에서 수신하고 Service가 80을 매핑하게 하세요.',
      ),
    ],
  },
  {
    id: 'setting-missing',
    step: 'running',
    certainty: 'likely',
    title: both('The program misses its setting {about|}', '프로그램에 설정 {about|}이(가) 없습니다'),
    why: both(
      'It checks its environment at the start and ends when something is missing.',
      '시작할 때 환경 변수를 검사하고 없으면 종료합니다.',
    ),
    signs: [
      says(
        /(?:missing|required|undefined|unset)\b[^\n]{0,40}?(?:environment|env(?:ironment)?) (?:variable|var)s?\b[^\n]{0,20}?(?<about>[A-Z][A-Z0-9]*_[A-Z0-9_]+)/i,
      ),
      says(
        /(?:environment variable )?["'`]?\b(?<about>[A-Z][A-Z0-9]*_[A-Z0-9_]+)["'`]? (?:environment variable )?(?:is|must be) (?:required|not set|missing|undefined|set\b|provided|not defined)/,
      ),
      says(/KeyError: '(?<about>[A-Z][A-Z0-9]*_[A-Z0-9_]+)'/),
      // A list of what is missing has a line for each: `    DATABASE_URL: undefined`.
      says(/^\s*(?<about>[A-Z][A-Z0-9]*_[A-Z0-9_]+): undefined\b/),
    ],
    fix: [run('kubectl set env deployment/{workload} {about}=VALUE{namespaceFlag|}')],
  },
  {
    id: 'dns-name-unknown',
    step: 'running',
    title: both('The name {about|} does not exist in DNS', '이름 {about|}이(가) DNS에 없습니다'),
    why: both(
      'The resolver answered that there is no such name: mistyped, another namespace (use name.namespace), or no Service of that name.',
      '해당 이름이 없다고 답했습니다. 오타, 다른 네임스페이스(name.namespace) 또는 Service 없음입니다.',
    ),
    signs: [
      says(/getaddrinfo ENOTFOUND (?<about>[\w.-]+)/, {
        dependsOn: 'about',
        on: ['log', 'text', 'terminated'],
        unless: notExport,
      }),
      says(
        /lookup (?<about>[\w.-]+)(?: on \S+)?: no such host|Name or service not known|could not translate host name "(?<host>[^"]+)"|Unknown (?:MySQL )?server host '(?<server>[^']+)'|host not found in upstream "(?<upstream>[^"]+)"/i,
        { on: ['log', 'text', 'terminated'], unless: notExport },
      ),
    ],
    lookAlikes: [
      {
        name: both('a resolver that cannot be reached', '리졸버 불통'),
        why: both(
          'it answered (EAI_AGAIN would mean that it did not)',
          '응답은 왔습니다(불통이면 EAI_AGAIN)',
        ),
      },
    ],
    fix: [
      run('kubectl get service -A | grep {about}'),
      run('kubectl exec {pod}{namespaceFlag|} -- nslookup {about}'),
    ],
  },
  {
    id: 'dns-unreachable',
    step: 'running',
    certainty: 'likely',
    title: both('The pod cannot reach its DNS resolver', '파드가 DNS 리졸버에 연결하지 못합니다'),
    why: both(
      'No answer came: a network policy without port 53 (UDP and TCP) to kube-dns, or CoreDNS does not run.',
      '응답이 없습니다. kube-dns 53(UDP·TCP)을 막는 네트워크 정책이거나 CoreDNS 장애입니다.',
    ),
    signs: [
      says(
        /EAI_AGAIN(?: (?<about>[\w.-]+))?|Temporary failure in name resolution|lookup (?<host>[\w.-]+)(?: on \S+)?: (?:i\/o timeout|read udp[^\n]*timeout)/i,
        { on: ['log', 'text', 'terminated'] },
      ),
    ],
    lookAlikes: [
      {
        name: both('a wrong name', '잘못된 이름'),
        why: both(
          'the resolver did not say that the name is unknown; it did not answer',
          '이름이 없다는 답이 아니라 무응답입니다',
        ),
      },
    ],
    fix: [
      run('kubectl get pods -n kube-system -l k8s-app=kube-dns'),
      run('kubectl get networkpolicy{namespaceFlag|}'),
    ],
  },
  {
    id: 'connection-refused',
    step: 'running',
    certainty: 'likely',
    title: both(
      'Nothing listens at {about|the address that the program calls}',
      '{about|프로그램이 호출하는 주소}에서 아무도 수신하지 않습니다',
    ),
    why: both(
      'The host answered and refused: the port is wrong, or the server there has not started.',
      '호스트가 거부했습니다. 포트가 틀렸거나 서버가 시작되지 않았습니다.',
    ),
    signs: [
      says(/ECONNREFUSED (?<about>[\w.:-]+)/, { unless: notExport, on: ['log', 'text', 'terminated'] }),
      says(
        /Can't connect to (?:MySQL |local )?server on '(?<about>[^']+)'|connection to server at "(?<host>[^"]+)"[^\n]*refused|dial tcp (?<address>[\w.:[\]-]+): (?:connect: )?connection refused/i,
        { unless: notExport, on: ['log', 'text', 'terminated'] },
      ),
    ],
    fix: [run('kubectl get endpoints,pods{namespaceFlag|} -o wide')],
  },
  {
    id: 'connection-timeout',
    step: 'running',
    certainty: 'likely',
    title: both(
      'Packets to {about|the address that the program calls} are dropped',
      '{about|프로그램이 호출하는 주소}로 가는 패킷이 버려집니다',
    ),
    why: both(
      'A timeout and no refusal: a network policy, a security group or a firewall on the way.',
      '거부가 아니라 시간 초과입니다. 네트워크 정책, NSG, 방화벽을 확인하세요.',
    ),
    signs: [
      says(/(?:connect )?ETIMEDOUT(?: (?<about>[\d.:]+))?|dial tcp (?<address>[\w.:[\]-]+): i\/o timeout/, {
        unless: notExport,
        on: ['log', 'text', 'terminated'],
      }),
    ],
    fix: [
      run('kubectl get networkpolicy{namespaceFlag|}'),
      run('kubectl exec {pod}{namespaceFlag|} -- nc -vz HOST PORT'),
    ],
  },
  {
    id: 'certificate-not-trusted',
    step: 'running',
    title: both(
      'The program does not trust the certificate of the server it calls',
      '프로그램이 상대 서버의 인증서를 신뢰하지 않습니다',
    ),
    why: both(
      'A certificate of an own authority, of another name, or out of its time.',
      '사설 CA, 다른 이름, 또는 만료된 인증서입니다.',
    ),
    signs: [
      says(
        /self[- ]signed certificate|unable to verify the first certificate|ERR_TLS_CERT_ALTNAME_INVALID|CERT_HAS_EXPIRED|certificate has expired|x509: certificate/i,
        { on: ['log', 'text'], unless: notExport },
      ),
    ],
    fix: [
      run('kubectl set env deployment/{workload} NODE_EXTRA_CA_CERTS=/etc/ssl/own-ca.pem{namespaceFlag|}'),
    ],
  },
  {
    id: 'file-watches-used-up',
    step: 'running',
    title: both(
      'The node has no file watches or open files left',
      '노드의 파일 감시·열린 파일 한도를 다 썼습니다',
    ),
    why: both(
      'inotify watches and open files are limited for the node, not the pod.',
      'inotify·열린 파일 한도는 노드 단위입니다.',
    ),
    signs: [
      says(
        /System limit for number of file watchers reached|too many open files|EMFILE|inotify_add_watch.*No space left/i,
      ),
    ],
    fix: [run('sysctl fs.inotify.max_user_watches=524288   # on the node')],
  },
]);
