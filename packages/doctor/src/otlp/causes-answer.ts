import { both, run, say } from '../rules/text.ts';
import type { OtlpCause } from './cause.ts';
import type { ProtocolId } from './causes-protocol.ts';
import type { ReachId } from './causes-reach.ts';
import type { OtlpCauseId } from './verdict.ts';

/** Causes that a receiver tells by its answer, or by what it does not show again. */
export const answerCauses: Readonly<Record<Exclude<OtlpCauseId, ReachId | ProtocolId>, OtlpCause>> = {
  'otlp-path-doubled': {
    step: 'path',
    title: both(
      'The path is doubled: exporters add /v1/{signal} themselves, and {path} stands in the address already',
      '경로가 중복됩니다. 내보내기가 /v1/{signal}을 직접 붙이는데 주소에 이미 {path}이(가) 있습니다',
    ),
    fix: [
      say(
        'Give the base alone; only OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_ENDPOINT take the whole path.',
        '기본 주소만 쓰세요. 전체 경로는 OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_ENDPOINT에만 씁니다.',
      ),
      run('export OTEL_EXPORTER_OTLP_ENDPOINT={right}'),
    ],
  },
  'otlp-path-missing': {
    step: 'path',
    title: both(
      'The path is wrong: this server takes OTLP below {right}',
      '경로가 틀렸습니다. 이 서버는 {right} 아래에서 OTLP를 받습니다',
    ),
    fix: [run('export OTEL_EXPORTER_OTLP_ENDPOINT={right}')],
  },
  'otlp-path-not-found': {
    step: 'path',
    title: both('The server does not serve OTLP at this path', '서버가 이 경로에서 OTLP를 받지 않습니다'),
    fix: [
      say(
        'Correct the path, or enable OTLP there (Prometheus: --web.enable-otlp-receiver, below /api/v1/otlp; Mimir and Loki: below /otlp).',
        '경로를 고치거나 그곳에서 OTLP를 켜세요(Prometheus: --web.enable-otlp-receiver, /api/v1/otlp 아래. Mimir·Loki: /otlp 아래).',
      ),
    ],
  },
  'otlp-method-not-allowed': {
    step: 'path',
    title: both(
      'Something answers at this path that does not take POST',
      '이 경로에 있는 것은 POST를 받지 않습니다',
    ),
    fix: [
      say(
        'A web server or a proxy rule stands before the receiver; correct the path or the proxy.',
        '수신기 앞에 웹 서버나 프록시 규칙이 있습니다. 경로나 프록시를 고치세요.',
      ),
    ],
  },
  'otlp-media-type': {
    step: 'path',
    title: both('The receiver does not take {protocol}', '수신기가 {protocol} 형식을 받지 않습니다'),
    fix: [
      say(
        'Use the other encoding (http/protobuf is what every receiver takes), and no compression to begin with.',
        '다른 인코딩을 쓰세요(http/protobuf는 모든 수신기가 받습니다). 우선 압축도 끄세요.',
      ),
      run('export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'),
    ],
  },
  'otlp-key-missing': {
    step: 'key',
    title: both('The receiver wants a key, and none was sent', '수신기가 키를 요구하는데 보내지 않았습니다'),
    fix: [
      say('Give the exporter its key:', '내보내기에 키를 설정하세요:'),
      run("export OTEL_EXPORTER_OTLP_HEADERS='authorization=Bearer%20KEY'"),
    ],
  },
  'otlp-key-wrong': {
    step: 'key',
    title: both('The receiver does not know the key that was sent', '보낸 키를 수신기가 알지 못합니다'),
    fix: [
      say(
        'Take a key that is valid and was not revoked; the header’s name and the word before the key (Bearer, Basic) count too. Make one for Maru:',
        '유효하고 폐기되지 않은 키를 쓰세요. 헤더 이름과 키 앞의 단어(Bearer, Basic)도 맞아야 합니다. Maru의 키 만들기:',
      ),
      run('./maru key create NAME'),
    ],
  },
  'otlp-key-forbidden': {
    step: 'key',
    title: both(
      'The key is known but may not send this, or the sender’s address is not allowed',
      '키는 유효하지만 이것을 보낼 권한이 없거나, 보낸 쪽 주소가 허용되지 않습니다',
    ),
    fix: [
      say(
        'Give the key the right to write this signal and tenant, or allow this address at the proxy.',
        '키에 이 신호와 테넌트를 쓸 권한을 주거나, 프록시에서 이 주소를 허용하세요.',
      ),
    ],
  },
  'otlp-signal-not-served': {
    step: 'signal',
    title: both(
      'The receiver takes other signals, but not {signal}',
      '수신기가 다른 신호는 받지만 {signal}은(는) 받지 않습니다',
    ),
    fix: [
      say(
        'Send this signal elsewhere, add its pipeline to the receiver, or set its exporter to none (OTEL_TRACES_EXPORTER and so on).',
        '이 신호는 다른 곳으로 보내거나 수신기에 파이프라인을 추가하거나 exporter를 none으로 두세요(OTEL_TRACES_EXPORTER 등).',
      ),
    ],
  },
  'otlp-too-large': {
    step: 'signal',
    title: both(
      'Even a request of some hundred bytes is too large for what stands there',
      '수백 바이트짜리 요청도 너무 크다고 거절했습니다',
    ),
    fix: [
      say(
        'Raise the body limit of the proxy or receiver (nginx: client_max_body_size; ingress-nginx: proxy-body-size; Collector: max_request_body_size).',
        '프록시나 수신기의 본문 한도를 늘리세요(nginx: client_max_body_size, ingress-nginx: proxy-body-size, Collector: max_request_body_size).',
      ),
    ],
  },
  'otlp-throttled': {
    step: 'signal',
    title: both(
      'The receiver is throttling: a rate limit or its memory is used up',
      '수신기가 받는 양을 제한하고 있습니다. 속도 한도나 메모리가 다 찼습니다',
    ),
    fix: [
      say(
        'Raise the limit or the capacity, or send less (sampling, log level); SDKs hide this status from their users.',
        '한도나 용량을 늘리거나 보내는 양을 줄이세요(샘플링, 로그 수준). SDK는 이 상태를 사용자에게 보여 주지 않습니다.',
      ),
    ],
  },
  'otlp-refused': {
    step: 'signal',
    title: both(
      'The receiver refused a valid request ({status})',
      '수신기가 올바른 요청을 거절했습니다({status})',
    ),
    fix: [
      say(
        'Its words say why; a tenant header that is missing is a common reason.',
        '응답 내용에 이유가 있습니다. 테넌트 헤더 누락이 흔한 이유입니다.',
      ),
    ],
  },
  'otlp-partial-success': {
    step: 'signal',
    title: both(
      'The receiver answered with success and yet rejected {rejected} of what was sent',
      '수신기가 성공으로 답하고도 {rejected}건을 버렸습니다',
    ),
    fix: [
      say(
        'Its words say what it does not take (age, labels, limits); most SDKs count this as success.',
        '응답 내용에 받지 않는 이유(시각, 레이블, 한도)가 있습니다. 대부분의 SDK는 성공으로 셉니다.',
      ),
    ],
  },
  'otlp-not-found-again': {
    step: 'read back',
    title: both(
      'The receiver accepted the probe, but it cannot be found: {lost}',
      '수신기가 받았지만 다시 찾을 수 없습니다: {lost}',
    ),
    fix: [
      say(
        'Check that the query address belongs to the same stack and tenant as the endpoint, then what stands between: filters, tail sampling, a Collector without an exporter for this signal.',
        '조회 주소가 엔드포인트와 같은 스택·테넌트인지, 그다음 사이에 있는 것(필터, tail sampling, 이 신호의 exporter가 없는 Collector)을 확인하세요.',
      ),
    ],
  },
};
