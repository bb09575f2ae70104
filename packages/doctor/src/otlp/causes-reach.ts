import { both, run, say } from '../rules/text.ts';
import type { OtlpCause } from './cause.ts';
import type { OtlpCauseId } from './verdict.ts';

/** Causes on the way to the receiver: name, address, TCP, TLS. */
export type ReachId = Extract<
  OtlpCauseId,
  | `otlp-name-${string}`
  | `otlp-certificate-${string}`
  | 'otlp-no-route'
  | 'otlp-nothing-listens'
  | 'otlp-black-hole'
  | 'otlp-tls-on-plain'
  | 'otlp-tls-failed'
>;

const newCertificate = say(
  'Renew the certificate of the receiver (or of the proxy before it) and reload it there. Do not switch verification off.',
  '수신기(또는 앞단 프록시)의 인증서를 갱신하고 다시 읽게 하세요. 인증서 검증을 끄지는 마세요.',
);

export const reachCauses: Readonly<Record<ReachId, OtlpCause>> = {
  'otlp-name-unknown': {
    step: 'name',
    title: both('The name {host} does not exist', '이름 {host}은(는) 존재하지 않습니다'),
    fix: [
      say(
        'Correct the host in OTEL_EXPORTER_OTLP_ENDPOINT. In a cluster a Service of another namespace is named SERVICE.NAMESPACE.svc.',
        'OTEL_EXPORTER_OTLP_ENDPOINT의 호스트를 고치세요. 클러스터에서 다른 네임스페이스의 Service는 SERVICE.NAMESPACE.svc입니다.',
      ),
      run('getent hosts {host}'),
    ],
  },
  'otlp-name-no-answer': {
    step: 'name',
    title: both('No name server answered for {host}', '{host}에 대해 응답한 DNS 서버가 없습니다'),
    fix: [
      say(
        'Look at the name servers of this machine or pod, and whether a policy lets UDP and TCP port 53 through.',
        '이 장비나 파드의 DNS 서버와, UDP·TCP 53번 포트를 허용하는 정책이 있는지 확인하세요.',
      ),
      run('cat /etc/resolv.conf && getent hosts {host}'),
    ],
  },
  'otlp-no-route': {
    step: 'address',
    title: both('There is no way from here to {host}', '여기서 {host}(으)로 가는 경로가 없습니다'),
    fix: [
      say(
        'Check the address, the VPN or peering, and the routes of this machine.',
        '주소, VPN·피어링, 이 장비의 라우팅을 확인하세요.',
      ),
      run('ip route get {host}'),
    ],
  },
  'otlp-nothing-listens': {
    step: 'TCP',
    title: both(
      'Nothing listens on port {port} of {host}',
      '{host}의 {port}번 포트에서 듣고 있는 프로그램이 없습니다',
    ),
    fix: [
      say(
        'Start the receiver, or correct the port: OTLP/HTTP is 4318, OTLP/gRPC is 4317. A receiver that listens on 127.0.0.1 is not reached from another machine or container.',
        '수신기를 시작하거나 포트를 고치세요. OTLP/HTTP는 4318, OTLP/gRPC는 4317입니다. 127.0.0.1에서만 듣는 수신기는 다른 장비나 컨테이너에서 닿지 않습니다.',
      ),
      run('ss -ltnp | grep -E ":(4317|4318|{port})"   # on {host}'),
    ],
  },
  'otlp-black-hole': {
    step: 'TCP',
    title: both(
      'Port {port} of {host} swallows connections: a firewall or network policy drops the packets, or nothing has that address',
      '{host}의 {port}번 포트로 보낸 연결이 사라집니다. 방화벽이나 네트워크 정책이 패킷을 버리거나, 그 주소를 쓰는 장비가 없습니다',
    ),
    fix: [
      say(
        'Allow TCP to that port in the security group, firewall or NetworkPolicy (egress here, ingress there). A closed port would have refused at once.',
        '보안 그룹, 방화벽, NetworkPolicy(이쪽은 egress, 저쪽은 ingress)에서 이 포트의 TCP를 허용하세요. 닫힌 포트라면 바로 거절되었을 것입니다.',
      ),
    ],
  },
  'otlp-tls-on-plain': {
    step: 'TLS',
    title: both(
      'The address says https, but port {port} of {host} speaks no TLS',
      '주소는 https인데 {host}의 {port}번 포트는 TLS를 쓰지 않습니다',
    ),
    fix: [
      say(
        'Use http:// for this port (gRPC: OTEL_EXPORTER_OTLP_INSECURE=true), or the port of the receiver that has TLS.',
        '이 포트에는 http://를 쓰거나(gRPC: OTEL_EXPORTER_OTLP_INSECURE=true) TLS가 있는 포트를 쓰세요.',
      ),
    ],
  },
  'otlp-certificate-expired': {
    step: 'TLS',
    title: both('The certificate of {host} expired on {until}', '{host}의 인증서가 {until}에 만료되었습니다'),
    fix: [newCertificate],
  },
  'otlp-certificate-not-yet-valid': {
    step: 'TLS',
    title: both(
      'The certificate of {host} is valid from {from} only',
      '{host}의 인증서는 {from}부터 유효합니다',
    ),
    fix: [
      say('Check the clock of this machine first.', '먼저 이 장비의 시계를 확인하세요.'),
      run('date -u'),
      newCertificate,
    ],
  },
  'otlp-certificate-name': {
    step: 'TLS',
    title: both('The certificate is not for the name {host}', '인증서가 {host} 이름에 대한 것이 아닙니다'),
    fix: [
      say(
        'Send to a name that stands in the certificate, or issue one with this name as subjectAltName.',
        '인증서에 있는 이름으로 보내거나, 이 이름을 subjectAltName에 넣어 인증서를 다시 발급하세요.',
      ),
    ],
  },
  'otlp-certificate-authority': {
    step: 'TLS',
    title: both(
      'The certificate of {host} was issued by an authority that is not trusted here',
      '{host}의 인증서를 발급한 기관을 여기서 신뢰하지 않습니다',
    ),
    fix: [
      say(
        'Give the exporter the authority’s certificate, and the server its whole chain; check with --ca FILE here.',
        '내보내기에 발급 기관의 인증서를, 서버에는 전체 체인을 설정하고 여기서 --ca FILE로 확인하세요.',
      ),
      run('export OTEL_EXPORTER_OTLP_CERTIFICATE=/path/to/ca.pem'),
    ],
  },
  'otlp-tls-failed': {
    step: 'TLS',
    title: both('The TLS handshake with {host} failed', '{host}와(과)의 TLS 핸드셰이크가 실패했습니다'),
    fix: [
      say(
        'See what the server offers; a client certificate (mTLS) or an old TLS version are the usual reasons.',
        '서버가 제시하는 것을 확인하세요. 클라이언트 인증서(mTLS) 요구나 오래된 TLS 버전이 흔한 이유입니다.',
      ),
      run('openssl s_client -connect {host}:{port} -servername {host} </dev/null'),
    ],
  },
};
