import { hexId, seeded } from './random.ts';

/** A span as the fixtures hold it; times in nanoseconds. */
export interface PlaySpan {
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly service: string;
  readonly name: string;
  readonly kind: 'SERVER' | 'CLIENT' | 'INTERNAL';
  readonly startNanos: bigint;
  readonly durationNanos: number;
  readonly error: string;
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly exception?: string;
}

export interface PlayTrace {
  readonly traceId: string;
  readonly spans: readonly PlaySpan[];
}

export interface PlayLog {
  readonly timeNanos: bigint;
  readonly service: string;
  readonly level: string;
  readonly line: string;
  readonly traceId: string;
  readonly spanId: string;
}

export interface World {
  readonly traces: readonly PlayTrace[];
  readonly logs: readonly PlayLog[];
}

/** A trace of 10,000 spans, for the waterfall. */
export const hugeTraceId = '00000000000000000000000000010000';
/** A trace with an orphan and with a clock that goes wrong. */
export const brokenTraceId = '0000000000000000000000000000bad0';

const routes = [
  {
    method: 'GET',
    route: '/api/messages',
    sql: 'SELECT id, title, author_id FROM messages ORDER BY id DESC LIMIT ?',
    millis: 12,
  },
  { method: 'GET', route: '/api/messages/:id', sql: 'SELECT * FROM messages WHERE id = ?', millis: 6 },
  {
    method: 'POST',
    route: '/api/messages',
    sql: 'INSERT INTO messages (title, body, author_id) VALUES (?, ?, ?)',
    millis: 18,
  },
  {
    method: 'POST',
    route: '/api/login',
    sql: 'SELECT id, password_hash FROM users WHERE username = ?',
    millis: 95,
  },
  { method: 'GET', route: '/api/me', sql: 'SELECT user_id FROM sessions WHERE id = ?', millis: 3 },
] as const;

const lines = {
  info: [
    '관리자 로그인 성공',
    '글 목록을 보냈습니다',
    'message created',
    '{"event":"request","method":"GET","path":"/api/messages","ms":12}',
  ],
  warn: [
    '로그인 실패: 비밀번호가 다릅니다',
    'slow query: SELECT * FROM messages took 812 ms',
    'connection pool is 90% busy',
  ],
  error: [
    "Error: Can't connect to server on '127.0.0.1' (111)\n    at Connection.query (db.ts:41:11)\n    at listMessages (messages.ts:18:5)",
    '요청 처리 중 오류가 발생했습니다 <script>alert(1)</script>',
  ],
  debug: ['cache miss key=messages:page:1', 'session renewed'],
} as const;

/** An hour of a small message board, ending now. */
export function playWorld(nowMillis: number): World {
  const random = seeded(7);
  const now = BigInt(nowMillis) * 1_000_000n;
  const visits = Array.from({ length: 420 }, (_, index) => {
    const age = BigInt(Math.floor((index + random()) * 8.5e9));
    return visit(random, now - age - 1_500_000_000n);
  });
  const traces = [
    ...visits.map(({ trace }) => trace),
    hugeTrace(now - 400_000_000_000n),
    brokenTrace(now - 200_000_000_000n),
  ];
  return { traces, logs: visits.flatMap(({ logs }) => logs) };
}

function visit(random: () => number, start: bigint): { trace: PlayTrace; logs: PlayLog[] } {
  const traceId = hexId(random, 16);
  const route = routes[Math.floor(random() ** 1.5 * routes.length)] ?? routes[0];
  const isFailed = random() < 0.05;
  const apiNanos = route.millis * 1e6 * (0.5 + random() + (random() < 0.04 ? 8 : 0));
  const ids = Array.from({ length: 5 }, () => hexId(random, 8));
  const [web = '', fetchId = '', api = '', handler = '', db = ''] = ids;
  const http = {
    'http.request.method': route.method,
    'http.route': route.route,
    'http.response.status_code': isFailed ? 500 : 200,
    'url.path': route.route,
  };
  const at = (nanos: number): bigint => start + BigInt(Math.floor(nanos));
  const error = isFailed ? 'connect ECONNREFUSED 127.0.0.1:3306' : '';
  const span = (
    fields: Pick<
      PlaySpan,
      'spanId' | 'parentSpanId' | 'service' | 'name' | 'kind' | 'startNanos' | 'durationNanos'
    > &
      Partial<PlaySpan>,
  ): PlaySpan => ({ error: '', attributes: {}, ...fields });
  const spans = [
    span({
      spanId: web,
      parentSpanId: '',
      service: 'board-web',
      name: 'click',
      kind: 'INTERNAL',
      startNanos: start,
      durationNanos: apiNanos + 14e6,
      attributes: { 'session.id': hexId(random, 4), 'browser.language': 'ko-KR' },
    }),
    span({
      spanId: fetchId,
      parentSpanId: web,
      service: 'board-web',
      name: `HTTP ${route.method}`,
      kind: 'CLIENT',
      startNanos: at(2e6),
      durationNanos: apiNanos + 9e6,
      attributes: http,
    }),
    span({
      spanId: api,
      parentSpanId: fetchId,
      service: 'board-api',
      name: `${route.method} ${route.route}`,
      kind: 'SERVER',
      startNanos: at(6e6),
      durationNanos: apiNanos,
      error,
      attributes: http,
    }),
    span({
      spanId: handler,
      parentSpanId: api,
      service: 'board-api',
      name: 'handler',
      kind: 'INTERNAL',
      startNanos: at(6.4e6),
      durationNanos: apiNanos * 0.9,
      error,
      ...(isFailed ? { exception: error } : {}),
    }),
    span({
      spanId: db,
      parentSpanId: handler,
      service: 'board-api',
      name: route.sql.split(' ')[0] ?? '',
      kind: 'CLIENT',
      startNanos: at(6.4e6 + apiNanos * 0.1),
      durationNanos: apiNanos * 0.6,
      error,
      attributes: {
        'db.system.name': 'mariadb',
        'db.query.text': route.sql,
        'server.address': '127.0.0.1',
        'server.port': 3306,
      },
    }),
  ];
  return { trace: { traceId, spans }, logs: logsOf(random, traceId, handler, at(6.6e6), isFailed) };
}

function logsOf(
  random: () => number,
  traceId: string,
  spanId: string,
  timeNanos: bigint,
  isFailed: boolean,
): PlayLog[] {
  const level = isFailed ? 'error' : random() < 0.12 ? 'warn' : random() < 0.3 ? 'debug' : 'info';
  const pick = (): string => lines[level][Math.floor(random() * lines[level].length)] ?? '';
  const log = { service: 'board-api', level, traceId, spanId };
  const loose = {
    service: 'board-web',
    level: 'info',
    traceId: '',
    spanId: '',
    line: 'document loaded in 231 ms',
    timeNanos: timeNanos - 5_000_000n,
  };
  const own = [
    { ...log, line: pick(), timeNanos },
    { ...log, line: pick(), timeNanos: timeNanos + 1_200_000n },
  ];
  return random() < 0.2 ? [...own, loose] : own;
}

function hugeTrace(start: bigint): PlayTrace {
  const random = seeded(11);
  const services = ['gateway', 'orders', 'stock', 'payment', 'mail', 'search'];
  const spans: PlaySpan[] = [];
  for (let index = 0; index < 10_000; index++) {
    const parent =
      index === 0
        ? undefined
        : spans[Math.floor(Math.max(0, index - 1 - random() ** 3 * Math.min(index, 40)))];
    const offset = parent ? Number(parent.startNanos - start) + random() * parent.durationNanos * 0.3 : 0;
    const room = parent ? Number(parent.startNanos - start) + parent.durationNanos - offset : 8e9;
    spans.push({
      spanId: (index + 1).toString(16).padStart(16, '0'),
      parentSpanId: parent?.spanId ?? '',
      service: services[Math.floor(random() * services.length)] ?? 'gateway',
      name: `step ${index}`,
      kind: 'INTERNAL',
      startNanos: start + BigInt(Math.floor(offset)),
      durationNanos: Math.max(1e4, room * (0.3 + 0.7 * random())),
      error: random() < 0.004 ? 'step failed' : '',
      attributes: { index, shard: index % 16 },
    });
  }
  return { traceId: hugeTraceId, spans };
}

function brokenTrace(start: bigint): PlayTrace {
  const base = { kind: 'SERVER' as const, error: '', attributes: {} };
  return {
    traceId: brokenTraceId,
    spans: [
      {
        ...base,
        spanId: '00000000000000a1',
        parentSpanId: '',
        service: 'board-web',
        name: 'GET /',
        startNanos: start,
        durationNanos: 90e6,
      },
      {
        ...base,
        spanId: '00000000000000a2',
        parentSpanId: '00000000000000a1',
        service: 'board-api',
        name: 'GET /api/me',
        startNanos: start - 30_000_000n,
        durationNanos: 40e6,
      },
      {
        ...base,
        spanId: '00000000000000a3',
        parentSpanId: '00000000000000ff',
        service: 'worker',
        name: 'deliver',
        startNanos: start + 50_000_000n,
        durationNanos: 20e6,
      },
    ],
  };
}
