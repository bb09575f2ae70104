import type { Evidence, Rejection } from '../evidence/model.ts';
import { silentServices } from '../facts/silence.ts';
import { type Cause, defineCauses, type Match, type Sign } from '../rules/cause.ts';
import { both, run, say } from '../rules/text.ts';

/** A service that nobody knows to be running and that has been silent for so long was switched off. */
const longestSilenceMs = 30 * 60_000;
/** Rejections older than this are history. */
const recentMs = 15 * 60_000;
/** Time as SDKs send it is late by seconds; spans of different machines are told apart to milliseconds. */
const largestSkewMs = 5_000;

/** A service of which nothing comes any more, in any signal. */
const silence: Sign = (evidence) => {
  const { stack } = evidence;
  if (stack === undefined) return [];
  return silentServices(stack).flatMap(({ service, lastUnixMillis }) => {
    const silentMs = stack.nowUnixMillis - lastUnixMillis;
    const running = whereItRuns(service, evidence);
    const isNews = running !== undefined || silentMs < longestSilenceMs;
    return isNews ? [silenceMatch(service, lastUnixMillis, silentMs, running, stack.where)] : [];
  });
};

/** Where the service is seen running although it is silent; undefined when it was not seen. */
function whereItRuns(service: string, { processes, pods }: Evidence): string | undefined {
  const own = processes.find((one) => one.service === service);
  if (own !== undefined) return own.where;
  const pod = pods.find(
    (one) =>
      one.isReady === true &&
      one.containers.some((container) => container.environment.OTEL_SERVICE_NAME === service),
  );
  return pod?.where;
}

function silenceMatch(
  service: string,
  last: number,
  silentMs: number,
  running: string | undefined,
  where: string,
): Match {
  const since = new Date(last).toISOString();
  const seen = { where, text: `the last of ${service} came at ${since}, ${duration(silentMs)} ago` };
  const alive = running === undefined ? [] : [{ where: running, text: `${service} runs` }];
  return {
    subject: { kind: 'Text', namespace: '', name: service },
    about: service,
    quotes: [seen, ...alive],
    values: { since, silence: duration(silentMs) },
    certainty: running === undefined ? 'possible' : 'certain',
    isPast: false,
    order: 0,
  };
}

function duration(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** What the stack did not take lately for one of these reasons, one match a service and reason. */
function rejectedFor(reasons: RegExp): Sign {
  return ({ stack }) => {
    if (stack === undefined) return [];
    const recent = stack.rejections.filter(
      ({ reason, unixMillis }) => reasons.test(reason) && stack.nowUnixMillis - unixMillis < recentMs,
    );
    const groups = Map.groupBy(recent, ({ service, reason }) => `${service}\n${reason}`);
    return [...groups.values()].map((group) => rejectedMatch(group, stack.where));
  };
}

function rejectedMatch(group: readonly Rejection[], where: string): Match {
  const [first] = group;
  const { service = '', reason = '', detail = '' } = first ?? {};
  const count = group.reduce((sum, one) => sum + one.count, 0);
  const quoted = group.slice(0, 3).map(({ signal, count: own, detail: said }) => ({
    where,
    text: `${own} of ${signal} rejected (${reason}): ${said}`,
  }));
  return {
    subject: { kind: 'Text', namespace: '', name: service },
    about: service,
    quotes: quoted,
    values: { reason, count: String(count), detail, service },
    isPast: false,
    order: 0,
  };
}

const ask = run('curl -s http://127.0.0.1:3000/api/ledger');

/** What the stack's own ledger tells: of telemetry that came, that was not taken, and that stopped coming. */
export const arrivalCauses: readonly Cause[] = defineCauses([
  {
    id: 'arrival-stopped',
    step: 'telemetry',
    rank: 'fallback',
    title: both('Nothing arrives any more from {about}', '{about}의 텔레메트리가 더는 도착하지 않습니다'),
    why: both(
      'It sent in a steady rhythm until {since|a moment ago} and then nothing in any signal. An SDK whose endpoint is wrong or away, or that was switched off, does not stop its service, and says little or nothing.',
      '{since|조금 전}까지 일정하게 보내다가 모든 신호가 끊겼습니다. 엔드포인트가 틀렸거나 닿지 않거나 SDK가 꺼져도 서비스는 계속 동작하며, SDK는 거의 아무 말도 하지 않습니다.',
    ),
    signs: [silence],
    lookAlikes: [
      {
        name: both('the stack does not take it', '스택이 받지 않는 경우'),
        why: both(
          'what is refused is counted as rejected, and nothing of it was',
          '거절된 것은 원장에 rejected로 남는데 그런 기록이 없습니다',
        ),
      },
    ],
    fix: [
      say(
        'See what the service would send to, and walk that way:',
        '서비스가 어디로 보내는지 보고 그 길을 걸어 보세요:',
      ),
      run('./maru doctor env --pid PID'),
      run('./maru doctor otlp "$OTEL_EXPORTER_OTLP_ENDPOINT"'),
      say(
        'Its own log, with OTEL_LOG_LEVEL=info, tells of failed exports; start it again when the settings are right.',
        'OTEL_LOG_LEVEL=info로 두면 서비스 로그에 내보내기 실패가 남습니다. 설정이 맞다면 다시 시작하세요.',
      ),
    ],
  },
  {
    id: 'arrival-unauthorised',
    step: 'telemetry',
    title: both(
      'The stack refuses telemetry of {about|a sender} for its key',
      '스택이 {about|보낸 쪽}의 텔레메트리를 키 때문에 거절합니다',
    ),
    why: both(
      'No key was sent, or one that is not known or was revoked.',
      '키가 없거나 알 수 없거나 폐기된 키입니다.',
    ),
    signs: [rejectedFor(/^(?:unauthorized|forbidden)$/)],
    fix: [
      run('./maru key create NAME'),
      say(
        'and set it: OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20KEY',
        '만든 키를 설정하세요: OTEL_EXPORTER_OTLP_HEADERS=authorization=Bearer%20KEY',
      ),
    ],
  },
  {
    id: 'arrival-wrong-door',
    step: 'telemetry',
    title: both(
      '{about|A sender} speaks to the wrong port or in a form that is not taken there ({reason|})',
      '{about|보낸 쪽}이 잘못된 포트로 또는 받지 않는 형식으로 보냅니다({reason|})',
    ),
    why: both(
      '4317 is for gRPC and 4318 for HTTP; the content type and its compression must be OTLP’s.',
      '4317은 gRPC, 4318은 HTTP용이며 콘텐츠 형식과 압축이 OTLP에 맞아야 합니다.',
    ),
    signs: [
      rejectedFor(/^(?:wrong_port|unsupported_content_type|unsupported_encoding|bad_compression|malformed)$/),
    ],
    fix: [
      say(
        'Set OTEL_EXPORTER_OTLP_PROTOCOL to what the port takes: grpc at 4317, http/protobuf at 4318.',
        'OTEL_EXPORTER_OTLP_PROTOCOL을 포트에 맞추세요: 4317은 grpc, 4318은 http/protobuf.',
      ),
    ],
  },
  {
    id: 'arrival-too-large',
    step: 'telemetry',
    title: both(
      '{about|A sender} sends more in one request than the stack takes',
      '{about|보낸 쪽}의 요청 하나가 스택의 한도보다 큽니다',
    ),
    why: both(
      'The request was refused whole; its sender does not repeat it.',
      '요청 전체가 거절되었고 보낸 쪽은 다시 보내지 않습니다.',
    ),
    signs: [rejectedFor(/^too_large$/)],
    fix: [
      say(
        'Send smaller batches: OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BLRP_MAX_EXPORT_BATCH_SIZE.',
        '배치를 줄이세요: OTEL_BSP_MAX_EXPORT_BATCH_SIZE, OTEL_BLRP_MAX_EXPORT_BATCH_SIZE.',
      ),
    ],
  },
  {
    id: 'arrival-overloaded',
    step: 'telemetry',
    title: both(
      'The stack cannot take all that is sent ({reason|overloaded})',
      '스택이 보내 온 것을 모두 받지 못합니다({reason|overloaded})',
    ),
    why: both(
      'More comes than it can put on disk, or its journal is full. Senders repeat for a while and then drop.',
      '디스크에 쓸 수 있는 양보다 많이 오거나 저널이 가득 찼습니다. 보내는 쪽은 한동안 재시도하다가 버립니다.',
    ),
    signs: [rejectedFor(/^(?:overloaded|journal_full|journal_error)$/)],
    fix: [
      say(
        'Look at the disk and at the log of the engine: what waits to be loaded fills the journal.',
        '디스크와 엔진 로그를 확인하세요. 적재를 기다리는 데이터가 저널을 채웁니다.',
      ),
      ask,
    ],
  },
  {
    id: 'arrival-items-rejected',
    step: 'telemetry',
    title: both(
      'Some of what {about|a sender} sends is not valid and is left out ({reason|})',
      '{about|보낸 쪽}이 보낸 일부가 유효하지 않아 제외됩니다({reason|})',
    ),
    why: both(
      'The rest of each request is kept; the sender is told by partial success, which most SDKs only log as a warning.',
      '나머지는 저장됩니다. 부분 성공(partial success)으로 알려 주지만 대부분의 SDK는 경고로만 남깁니다.',
    ),
    signs: [
      rejectedFor(
        /^(?:invalid_\w+|time_\w+|temporality_\w+|bucket_\w+|native_\w+|value_missing|metric_\w+)$/,
      ),
    ],
    fix: [
      say(
        'docs/reference/rejections.md tells when each reason is given.',
        'docs/reference/rejections.md에 이유마다 조건이 있습니다.',
      ),
    ],
  },
  {
    id: 'arrival-forwarding-stuck',
    step: 'telemetry',
    title: both(
      'What the stack forwards does not get to {about}',
      '스택이 {about}(으)로 전달하지 못하고 있습니다',
    ),
    why: both(
      'The stack keeps it and tries again until its limit for that destination.',
      '스택이 보관하며 목적지별 한도까지 다시 시도합니다.',
    ),
    signs: [
      ({ stack }) =>
        (stack?.destinations ?? [])
          .filter(({ trouble }) => trouble !== '')
          .map(({ name, trouble }) => ({
            subject: { kind: 'Text', namespace: '', name },
            about: name,
            quotes: [{ where: stack?.where ?? '', text: trouble }],
            values: {},
            isPast: false,
            order: 0,
          })),
    ],
    fix: [run('./maru doctor otlp URL-OF-THE-DESTINATION')],
  },
  {
    id: 'arrival-clock',
    step: 'telemetry',
    title: both(
      'The clocks of this machine and of the stack differ by {seconds|seconds}',
      '이 컴퓨터와 스택의 시계가 {seconds|몇 초} 다릅니다',
    ),
    why: both(
      'Spans of both stand askew in one trace, and “the last five minutes” means another time here than there.',
      '한 트레이스 안에서 스팬 위치가 어긋나고 "최근 5분"이 서로 다른 시간을 뜻하게 됩니다.',
    ),
    signs: [
      ({ stack }) => {
        const ahead = stack?.clockAheadMillis ?? 0;
        if (stack === undefined || Math.abs(ahead) < largestSkewMs) return [];
        const seconds = `${(Math.abs(ahead) / 1_000).toFixed(0)} s`;
        const text = `its clock is ${seconds} ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`;
        return [
          {
            subject: { kind: 'Text', namespace: '', name: 'clock' },
            about: 'clock',
            quotes: [{ where: stack.where, text }],
            values: { seconds },
            isPast: false,
            order: 0,
          },
        ];
      },
    ],
    fix: [run('timedatectl set-ntp true')],
  },
  {
    id: 'arrival-unaccounted',
    step: 'telemetry',
    title: both(
      'The ledger does not balance: something acknowledged is not accounted for',
      '원장이 맞지 않습니다. 접수한 항목 일부의 행방을 알 수 없습니다',
    ),
    why: both(
      'received = rejected + journaled and journaled = stored + dead + waiting must hold; it does not.',
      '받음 = 거절 + 저널, 저널 = 저장 + 격리 + 대기가 성립해야 하는데 그렇지 않습니다.',
    ),
    signs: [
      ({ stack }) =>
        stack === undefined || stack.isBalanced
          ? []
          : [
              {
                subject: { kind: 'Text', namespace: '', name: 'ledger' },
                about: 'ledger',
                quotes: [{ where: stack.where, text: 'balanced: false' }],
                values: {},
                isPast: false,
                order: 0,
              },
            ],
    ],
    fix: [
      say(
        'Keep the data directory and the logs, and report it: this is a defect of the stack.',
        '데이터 디렉터리와 로그를 보관하고 신고해 주세요. 스택의 결함입니다.',
      ),
      ask,
    ],
  },
]);
