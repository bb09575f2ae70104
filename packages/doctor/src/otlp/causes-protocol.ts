import { both, run, say } from '../rules/text.ts';
import type { OtlpCause } from './cause.ts';
import type { OtlpCauseId } from './verdict.ts';

/** Causes of which no answer of an OTLP receiver came. */
export type ProtocolId = Extract<
  OtlpCauseId,
  | 'otlp-plain-on-tls'
  | 'otlp-http-on-grpc-port'
  | 'otlp-grpc-on-http-port'
  | `otlp-not-${'http' | 'grpc' | 'a-receiver'}`
  | 'otlp-slow'
  | 'otlp-redirect'
  | 'otlp-html-page'
  | 'otlp-unavailable'
  | 'otlp-server-error'
>;

export const protocolCauses: Readonly<Record<ProtocolId, OtlpCause>> = {
  'otlp-plain-on-tls': {
    step: 'protocol',
    title: both(
      'The address says http, but port {port} of {host} wants TLS',
      '주소는 http인데 {host}의 {port}번 포트는 TLS를 요구합니다',
    ),
    fix: [say('Use https:// in the endpoint.', '엔드포인트에 https://를 쓰세요.')],
  },
  'otlp-http-on-grpc-port': {
    step: 'protocol',
    title: both(
      'Port {port} speaks OTLP/gRPC, and {protocol} was sent to it',
      '{port}번 포트는 OTLP/gRPC인데 {protocol}(으)로 보냈습니다',
    ),
    fix: [
      say(
        'Send OTLP/HTTP to its own port (4318 by default), or set the protocol to gRPC:',
        'OTLP/HTTP는 해당 포트(기본 4318)로 보내거나 프로토콜을 gRPC로 설정하세요:',
      ),
      run('export OTEL_EXPORTER_OTLP_PROTOCOL=grpc'),
    ],
  },
  'otlp-grpc-on-http-port': {
    step: 'protocol',
    title: both(
      'Port {port} speaks OTLP/HTTP, and gRPC was sent to it',
      '{port}번 포트는 OTLP/HTTP인데 gRPC로 보냈습니다',
    ),
    fix: [
      say(
        'Send gRPC to its own port (4317 by default), or set the protocol to HTTP:',
        'gRPC는 해당 포트(기본 4317)로 보내거나 프로토콜을 HTTP로 설정하세요:',
      ),
      run('export OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf'),
    ],
  },
  'otlp-not-http': {
    step: 'protocol',
    title: both(
      'Port {port} of {host} is open, but no HTTP is spoken there',
      '{host}의 {port}번 포트는 열려 있지만 HTTP를 쓰지 않습니다',
    ),
    fix: [
      say(
        'Another program has this port; correct the port, or look at what listens there.',
        '다른 프로그램이 이 포트를 쓰고 있습니다. 포트를 고치거나 무엇이 듣고 있는지 확인하세요.',
      ),
    ],
  },
  'otlp-not-grpc': {
    step: 'protocol',
    title: both(
      'Port {port} of {host} is open, but no gRPC is spoken there',
      '{host}의 {port}번 포트는 열려 있지만 gRPC를 쓰지 않습니다',
    ),
    fix: [
      say(
        'Correct the port, or let the proxy before the receiver pass gRPC (HTTP/2 with trailers); OTLP/HTTP passes any proxy.',
        '포트를 고치거나 앞단 프록시가 gRPC(트레일러 있는 HTTP/2)를 통과시키게 하세요. OTLP/HTTP는 어떤 프록시든 통과합니다.',
      ),
    ],
  },
  'otlp-slow': {
    step: 'protocol',
    title: both(
      'The server took the connection and did not answer in time',
      '서버가 연결은 받았지만 제시간에 응답하지 않았습니다',
    ),
    fix: [
      say(
        'Look at the load and the log of the receiver; an exporter gives up after 10 s (OTEL_EXPORTER_OTLP_TIMEOUT) and loses the batch.',
        '수신기의 부하와 로그를 확인하세요. 내보내기는 10초(OTEL_EXPORTER_OTLP_TIMEOUT) 뒤 포기하고 그 배치를 잃습니다.',
      ),
    ],
  },
  'otlp-redirect': {
    step: 'protocol',
    title: both(
      'The server redirects, and exporters do not follow: the address is not the receiver’s own',
      '서버가 리디렉션합니다. 내보내기는 따라가지 않으므로 수신기의 실제 주소가 아닙니다',
    ),
    fix: [
      say(
        'Use the address that the redirect names (often https:// for http://, or a login in front of the receiver).',
        '리디렉션이 가리키는 주소를 쓰세요(흔히 http:// 대신 https://, 또는 수신기 앞의 로그인).',
      ),
    ],
  },
  'otlp-html-page': {
    step: 'protocol',
    title: both(
      'A web page answered in place of the receiver: a proxy, a console or a login stands at this address',
      '수신기 대신 웹 페이지가 응답했습니다. 이 주소에는 프록시, 콘솔 또는 로그인 화면이 있습니다',
    ),
    fix: [
      say(
        'Correct host and port, or let the proxy pass /v1/traces, /v1/metrics and /v1/logs to the receiver; set NO_PROXY when a forward proxy is in the way.',
        '호스트와 포트를 고치거나 프록시가 /v1/traces, /v1/metrics, /v1/logs를 수신기로 넘기게 하세요. 포워드 프록시가 끼어 있으면 NO_PROXY를 설정하세요.',
      ),
    ],
  },
  'otlp-not-a-receiver': {
    step: 'protocol',
    title: both(
      'The server answered with success, but not as an OTLP receiver does: another program stands there',
      '서버가 성공으로 답했지만 OTLP 수신기의 응답이 아닙니다. 다른 프로그램이 있습니다',
    ),
    fix: [
      say(
        'Correct host, port and path; what is sent there now is lost without an error.',
        '호스트, 포트, 경로를 고치세요. 지금 보내는 것은 오류 없이 사라집니다.',
      ),
    ],
  },
  'otlp-unavailable': {
    step: 'protocol',
    title: both(
      'The receiver, or what a proxy passes to, is not available at present',
      '수신기 또는 프록시 뒤의 서버가 지금 응답할 수 없습니다',
    ),
    fix: [
      say(
        'Look whether the receiver runs and is ready; the body tells whether it or a proxy answered. Exporters repeat this for a while.',
        '수신기가 실행 중이고 준비되었는지 보세요. 본문에서 수신기와 프록시 중 누가 답했는지 알 수 있습니다. 내보내기는 잠시 재시도합니다.',
      ),
    ],
  },
  'otlp-server-error': {
    step: 'protocol',
    title: both('The receiver failed by its own fault', '수신기 자체 오류입니다'),
    fix: [say('The receiver’s log tells why.', '수신기의 로그에 이유가 있습니다.')],
  },
};
