import { type Cause, defineCauses } from '../rules/cause.ts';
import { says } from '../rules/signs.ts';
import { both, run, say } from '../rules/text.ts';

const otlp = String.raw`(?:OTLP\w*|[Ee]xport\w*|v1/(?:traces|metrics|logs)|:431[78]\b|otelcol|opentelemetry|\b[Tt]elemetry\b)`;
/** Words that count only in a line about exporting telemetry. Anchored: else each place of a long stack is tried anew. */
const inExport = (words: string): RegExp => new RegExp(`^(?=[\\s\\S]*${otlp})[\\s\\S]*?(?:${words})`);
const askEmpty = run(
  "curl -i -X POST -H 'content-type: application/json' -d '{}' \"$OTEL_EXPORTER_OTLP_ENDPOINT/v1/traces\"",
);

/** What SDKs and collectors say when the receiver does not take what they send. */
export const telemetryTransportCauses: readonly Cause[] = defineCauses([
  {
    id: 'otlp-not-found',
    step: 'telemetry',
    title: both(
      'The receiver has no such path: 404 for the telemetry sent',
      '수신기에 해당 경로가 없습니다: 텔레메트리 전송에 404',
    ),
    why: both(
      'OTEL_EXPORTER_OTLP_ENDPOINT gets /v1/traces appended; the variables for one signal are used as they are.',
      'OTEL_EXPORTER_OTLP_ENDPOINT에는 /v1/traces가 덧붙고, 신호별 변수는 그대로 사용됩니다.',
    ),
    signs: [
      says(/OTLPExporterError: Not Found/),
      says(inExport(`HTTP (?:Status Code )?404|404 Not Found|status code:? 404|"?code"?: ?["']?404`)),
    ],
    fix: [
      run(
        'kubectl set env deployment/{workload} OTEL_EXPORTER_OTLP_ENDPOINT=http://HOST:4318{namespaceFlag|}',
      ),
    ],
  },
  {
    id: 'otlp-unauthorised',
    step: 'telemetry',
    title: both(
      'The receiver refuses the key of the telemetry sent',
      '수신기가 텔레메트리의 키를 거절합니다',
    ),
    why: both(
      'No key, a wrong one, or one without the right to write.',
      '키가 없거나 틀렸거나 쓰기 권한이 없습니다.',
    ),
    signs: [
      says(/OTLPExporterError: (?:Unauthorized|Forbidden)/),
      says(
        inExport(
          String.raw`HTTP (?:Status Code )?40[13]\b|"?code"?: ?["']?40[13]\b|40[13] (?:Unauthorized|Forbidden)|code = (?:Unauthenticated|PermissionDenied)|1?[67] (?:UNAUTHENTICATED|PERMISSION_DENIED)`,
        ),
        { unless: /pull|oauth2\/token/i },
      ),
    ],
    fix: [
      say(
        'OTEL_EXPORTER_OTLP_HEADERS is name=value, percent-encoded: authorization=Bearer%20KEY.',
        'OTEL_EXPORTER_OTLP_HEADERS는 authorization=Bearer%20KEY 형식입니다.',
      ),
      askEmpty,
    ],
  },
  {
    id: 'otlp-http-to-grpc-port',
    step: 'telemetry',
    title: both('HTTP is sent to the gRPC port', 'gRPC 포트로 HTTP를 보내고 있습니다'),
    why: both('4317 speaks gRPC; OTLP over HTTP has 4318.', '4317은 gRPC, OTLP/HTTP는 4318입니다.'),
    // What answers HTTP/1 there is HTTP/2's SETTINGS frame: a length of three bytes, then type 4.
    signs: [
      says(
        /Parse Error: Expected HTTP\/|malformed HTTP response "(?:\\{1,2}x00){2}(?:\\{1,2}x[0-9a-f]{2}|.)\\{1,2}x04|Received HTTP\/0\.9 when not allowed/,
      ),
    ],
    fix: [
      run(
        'kubectl set env deployment/{workload} OTEL_EXPORTER_OTLP_ENDPOINT=http://HOST:4318 OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf{namespaceFlag|}',
      ),
    ],
  },
  {
    id: 'otlp-grpc-to-http-port',
    step: 'telemetry',
    title: both('gRPC is sent to an HTTP port', 'HTTP 포트로 gRPC를 보내고 있습니다'),
    why: both('4318 speaks HTTP/1; gRPC has 4317.', '4318은 HTTP, gRPC는 4317입니다.'),
    signs: [
      says(
        /error reading server preface: http2: (?:frame too large|failed reading)|FRAME_SIZE_ERROR|14 UNAVAILABLE: No connection established\. Last error:[^\n]*Protocol error|"PRI \* HTTP\/2\.0" 400/,
      ),
    ],
    fix: [
      run(
        'kubectl set env deployment/{workload} OTEL_EXPORTER_OTLP_ENDPOINT=http://HOST:4317 OTEL_EXPORTER_OTLP_PROTOCOL=grpc{namespaceFlag|}',
      ),
    ],
  },
  {
    id: 'otlp-tls-to-plain',
    step: 'telemetry',
    title: both('TLS is spoken to a receiver without TLS', 'TLS가 없는 수신기에 TLS로 접속합니다'),
    why: both(
      'The address says https, or gRPC takes TLS for granted.',
      'https 주소이거나 gRPC가 TLS를 기본으로 사용합니다.',
    ),
    signs: [
      says(
        /EPROTO[^\n]*wrong version number|SSL routines:[^\n]*wrong version number|first record does not look like a TLS handshake|Cannot determine the frame size or a corrupted frame/,
      ),
      says(inExport('server gave HTTP response to HTTPS client'), { unless: /pull/i }),
    ],
    fix: [
      run(
        'kubectl set env deployment/{workload} OTEL_EXPORTER_OTLP_ENDPOINT=http://HOST:4318{namespaceFlag|}',
      ),
    ],
  },
  {
    id: 'otlp-plain-to-tls',
    step: 'telemetry',
    certainty: 'likely',
    title: both('Plain HTTP is spoken to a receiver with TLS', 'TLS 수신기에 평문 HTTP로 접속합니다'),
    why: both(
      'The receiver closes the connection, which looks like an outage.',
      '수신기가 연결을 끊어 장애처럼 보입니다.',
    ),
    signs: [says(/Client sent an HTTP request to an HTTPS server/), says(inExport('socket hang up'))],
    fix: [
      run(
        'kubectl set env deployment/{workload} OTEL_EXPORTER_OTLP_ENDPOINT=https://HOST:4318{namespaceFlag|}',
      ),
    ],
  },
  {
    id: 'otlp-certificate',
    step: 'telemetry',
    title: both(
      'The SDK does not trust the receiver’s certificate',
      'SDK가 수신기의 인증서를 신뢰하지 않습니다',
    ),
    why: both('An own authority, another name, or out of its time.', '사설 CA, 다른 이름 또는 만료입니다.'),
    signs: [
      says(
        inExport(
          'self[- ]signed certificate|unable to verify the first certificate|does not match certificate|certificate has expired|x509: certificate',
        ),
        { unless: /pull/i },
      ),
    ],
    fix: [
      run(
        'kubectl set env deployment/{workload} OTEL_EXPORTER_OTLP_CERTIFICATE=/etc/ssl/own-ca.pem{namespaceFlag|}',
      ),
    ],
  },
  {
    id: 'otlp-refused',
    step: 'telemetry',
    title: both(
      'Nothing listens where the telemetry is sent',
      '텔레메트리를 보내는 주소에서 아무도 수신하지 않습니다',
    ),
    why: both(
      'localhost inside a pod is the pod itself; an endpoint without a scheme falls back to localhost:4318.',
      '파드 안의 localhost는 파드 자신입니다. 스킴이 없는 주소는 localhost:4318로 대체됩니다.',
    ),
    signs: [
      says(/ECONNREFUSED (?<about>[\w.:]*:431[78])\b/),
      says(inExport(String.raw`Failed to connect to (?<about>[\w.:/-]+:\d+)`), {
        unless: /pull|probe|timed? ?out/i,
        on: ['log', 'text'],
      }),
      says(inExport(String.raw`ECONNREFUSED(?: (?<about>[\w.:]+))?|[Cc]onnection refused`), {
        unless: /pull|probe|webhook|ECONNREFUSED [\w.:]*:431[78]\b/i,
        on: ['log', 'text'],
      }),
    ],
    fix: [askEmpty],
  },
  {
    id: 'otlp-name-unknown',
    step: 'telemetry',
    title: both(
      'The name of the telemetry’s receiver does not exist in DNS',
      '텔레메트리 수신기의 이름이 DNS에 없습니다',
    ),
    why: both(
      'Mistyped, or a Service of another namespace.',
      '오타이거나 다른 네임스페이스의 Service입니다.',
    ),
    signs: [
      says(inExport(String.raw`ENOTFOUND (?<about>[\w.-]+)|no such host|Name resolution failed`), {
        on: ['log', 'text'],
        unless: /pull/i,
      }),
    ],
    fix: [run('kubectl exec {pod}{namespaceFlag|} -- nslookup HOST')],
  },
  {
    id: 'otlp-timeout',
    step: 'telemetry',
    certainty: 'likely',
    title: both('The receiver does not answer in time', '수신기가 제시간에 응답하지 않습니다'),
    why: both(
      'Packets are dropped (a network policy, a firewall), or the receiver is overloaded.',
      '패킷이 버려지거나(정책·방화벽) 수신기가 과부하입니다.',
    ),
    signs: [
      says(
        inExport(
          'ETIMEDOUT|Error: Timeout|Request Timeout|DEADLINE_EXCEEDED|DeadlineExceeded|context deadline exceeded|Request timed out',
        ),
        { on: ['log', 'text'], unless: /probe|pull/i },
      ),
    ],
    fix: [run('kubectl get networkpolicy{namespaceFlag|}'), askEmpty],
  },
  {
    id: 'otlp-too-large',
    step: 'telemetry',
    title: both(
      'A batch is larger than the receiver or its proxy takes',
      '배치가 수신기나 프록시의 허용 크기보다 큽니다',
    ),
    why: both(
      '413, or gRPC’s RESOURCE_EXHAUSTED with two sizes (4 MiB by default).',
      '413 또는 크기 관련 RESOURCE_EXHAUSTED(기본 4 MiB)입니다.',
    ),
    signs: [
      says(inExport('413|Payload Too Large|Request Entity Too Large|received message larger than max')),
    ],
    fix: [
      run(
        'kubectl set env deployment/{workload} OTEL_BSP_MAX_EXPORT_BATCH_SIZE=256 OTEL_BLRP_MAX_EXPORT_BATCH_SIZE=256{namespaceFlag|}',
      ),
    ],
  },
  {
    id: 'otlp-throttled',
    step: 'telemetry',
    title: both(
      'The receiver asks to send less (429 or 503)',
      '수신기가 전송량을 줄이라고 요구합니다(429/503)',
    ),
    why: both(
      'A limit of the receiver is reached; what cannot wait is lost.',
      '수신기의 한도에 도달했으며 기다리지 못한 데이터는 유실됩니다.',
    ),
    signs: [
      says(
        inExport(
          String.raw`\b429\b|Too Many Requests|\b503\b|Service Unavailable|RESOURCE_EXHAUSTED|retryable status`,
        ),
        { unless: /pull|probe|larger than max/i },
      ),
    ],
    fix: [
      say(
        'Look at the receiver’s own limits; send in larger, fewer batches.',
        '수신기의 한도를 확인하고 더 큰 배치로 드물게 보내세요.',
      ),
    ],
  },
  {
    id: 'otlp-partial-success',
    step: 'telemetry',
    title: both(
      'The receiver took a part and rejected the rest',
      '수신기가 일부만 받고 나머지는 거절했습니다',
    ),
    why: both(
      'The answer is 200 with a count of rejected items and why.',
      '200 응답에 거절된 수와 이유가 들어 있습니다.',
    ),
    signs: [
      says(
        /[Pp]artial[ _]?[Ss]uccess|rejected_?(?:spans|data_?points|log_?records)["']?\s*[:=]\s*["']?[1-9]/i,
      ),
    ],
    fix: [
      say(
        'The message names the reason: mostly timestamps, sizes or limits.',
        '메시지에 이유(시각, 크기, 한도)가 있습니다.',
      ),
    ],
  },
  {
    id: 'telemetry-queue-full',
    step: 'telemetry',
    title: both(
      'The SDK drops telemetry because its queue is full',
      'SDK 큐가 가득 차 텔레메트리를 버립니다',
    ),
    why: both(
      'A slow or dead receiver first, too much volume second.',
      '느리거나 죽은 수신기가 먼저, 양이 많은 것이 다음입니다.',
    ),
    signs: [
      says(
        /maxQueueSize reached, dropping|Dropped \d+ (?:spans|logs|log records) because maxQueueSize reached|Queue (?:is )?full, (?:dropping|likely spans)|sending queue is full|Concurrent export limit reached/i,
      ),
    ],
    fix: [run('kubectl set env deployment/{workload} OTEL_BSP_MAX_QUEUE_SIZE=8192{namespaceFlag|}')],
  },
  {
    id: 'telemetry-set-up-twice',
    step: 'telemetry',
    title: both(
      'OpenTelemetry is set up twice in one process',
      '한 프로세스에서 OpenTelemetry가 두 번 설정됩니다',
    ),
    why: both(
      'The operator injects an SDK, and the program brings its own.',
      '오퍼레이터가 주입한 SDK와 프로그램의 SDK가 겹칩니다.',
    ),
    signs: [says(/Attempted duplicate registration of API|Overriding of current \w+Provider is not allowed/)],
    fix: [
      say(
        'Remove one of the two: the annotation instrumentation.opentelemetry.io/inject-… or the own set-up.',
        '주입 애너테이션과 자체 설정 중 하나를 제거하세요.',
      ),
    ],
  },
  {
    id: 'telemetry-loaded-too-late',
    step: 'telemetry',
    title: both(
      'The instrumentation is loaded after what it should observe ({about|})',
      '계측이 관측 대상({about|})보다 늦게 로드됩니다',
    ),
    why: both(
      'Libraries are wrapped while they are loaded; what is there already stays unseen.',
      '라이브러리는 로드될 때 감싸지므로 이미 로드된 것은 보이지 않습니다.',
    ),
    signs: [says(/Module (?<about>\S+) has been loaded before @opentelemetry\/\S+ so it might not work/)],
    fix: [run('node --import @opentelemetry/auto-instrumentations-node/register app.js')],
  },
  {
    id: 'browser-cross-origin',
    step: 'telemetry',
    title: both(
      'The browser may not send to another origin (CORS)',
      '브라우저가 다른 출처로 보낼 수 없습니다(CORS)',
    ),
    why: both(
      'The receiver must allow the page’s origin, and answer OPTIONS without a key.',
      '수신기가 페이지 출처를 허용하고 OPTIONS에 키 없이 답해야 합니다.',
    ),
    signs: [says(/blocked by CORS policy/i)],
    fix: [
      say(
        'Send through the page’s own host (/otlp/), or allow its origin at the receiver.',
        '페이지와 같은 호스트(/otlp/)로 보내거나 수신기에서 출처를 허용하세요.',
      ),
    ],
  },
  {
    id: 'browser-mixed-content',
    step: 'telemetry',
    title: both('An https page sends to an http address', 'https 페이지가 http 주소로 보냅니다'),
    why: both('Browsers block it.', '브라우저가 차단합니다.'),
    signs: [says(/Mixed Content: The page at/i)],
    fix: [
      say(
        'Give the receiver TLS, or send through the page’s own host.',
        '수신기에 TLS를 설정하거나 같은 호스트로 보내세요.',
      ),
    ],
  },
]);
