import type { PlayLog, PlaySpan, PlayTrace, World } from './world.ts';

type Query = URLSearchParams;
const service = (query: string): string | undefined => /service[._]name\s*=\s*"([^"]*)"/.exec(query)?.[1];
const base64 = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
const seconds = (query: Query, name: string): number => Number(query.get(name) ?? 0);

/** Roughly what Tempo's search answers: the fixtures know service, name, status and a minimal duration, no more. */
export function search(world: World, query: Query): object {
  const text = query.get('q') ?? '';
  if (/&&\s*}|=\s*}/.test(text))
    return { failure: `parse error at line 1, col ${text.indexOf('}') + 1}: syntax error: unexpected }` };
  const found = world.traces
    .map((trace) => ({ trace, spans: trace.spans.filter((span) => matches(span, text)) }))
    .filter(({ spans }) => spans.length > 0);
  found.sort((a, b) => (startOf(a.trace) < startOf(b.trace) ? 1 : -1));
  const spss = seconds(query, 'spss');
  return {
    traces: found.slice(0, seconds(query, 'limit')).map(({ trace, spans }) => foundTrace(trace, spans, spss)),
    metrics: {},
  };
}

function matches(span: PlaySpan, text: string): boolean {
  const name = /(?:^|[{&(\s])name\s*=\s*"([^"]*)"/.exec(text)?.[1];
  const least = /duration\s*>=?\s*(\d+)ms/.exec(text)?.[1];
  return (
    (!service(text) || span.service === service(text)) &&
    (!name || span.name === name) &&
    (!/status = error/.test(text) || span.error !== '') &&
    (!/kind = server/.test(text) || span.kind === 'SERVER') &&
    (!least || span.durationNanos >= Number(least) * 1e6)
  );
}

function startOf(trace: PlayTrace): bigint {
  return trace.spans[0]?.startNanos ?? 0n;
}

function foundTrace(trace: PlayTrace, spans: readonly PlaySpan[], spss: number): object {
  const root = trace.spans[0];
  const stats = Object.entries(Object.groupBy(trace.spans, (span) => span.service)).map(
    ([name, own = []]) => {
      const errorCount = own.filter((span) => span.error !== '').length;
      return [name, { spanCount: own.length, ...(errorCount > 0 ? { errorCount } : {}) }];
    },
  );
  return {
    traceID: trace.traceId.replace(/^0+/, ''),
    rootServiceName: root?.service,
    rootTraceName: root?.name,
    startTimeUnixNano: String(startOf(trace)),
    durationMs: Math.floor((root?.durationNanos ?? 0) / 1e6),
    spanSets: [
      {
        matched: spans.length,
        spans: spans.slice(0, spss).map((span) => ({
          spanID: span.spanId,
          name: span.name,
          startTimeUnixNano: String(span.startNanos),
          durationNanos: String(Math.floor(span.durationNanos)),
        })),
      },
    ],
    serviceStats: Object.fromEntries(stats),
  };
}

/** A trace in Tempo's JSON; an empty trace when there is none. */
export function traceById(world: World, id: string): object {
  const trace = world.traces.find(({ traceId }) => traceId === id.padStart(32, '0'));
  const groups = Object.entries(Object.groupBy(trace?.spans ?? [], (span) => span.service));
  const resourceSpans = groups.map(([name, spans = []]) => ({
    resource: {
      attributes: pairs({
        'service.name': name,
        'service.version': '1.4.2',
        'deployment.environment.name': 'dev',
        'k8s.namespace.name': 'board',
      }),
    },
    scopeSpans: [
      {
        scope: { name: '@opentelemetry/instrumentation-http', version: '0.57.0' },
        spans: spans.map((span) => otlpSpan(id, span)),
      },
    ],
  }));
  return { trace: trace ? { resourceSpans } : {}, metrics: {} };
}

function otlpSpan(traceId: string, span: PlaySpan): object {
  const end = span.startNanos + BigInt(Math.floor(span.durationNanos));
  const exception = {
    name: 'exception',
    timeUnixNano: String(end - 200_000n),
    attributes: pairs({
      'exception.type': 'Error',
      'exception.message': span.exception ?? '',
      'exception.stacktrace': `Error: ${span.exception}\n    at listMessages (messages.ts:18:5)`,
    }),
  };
  return {
    traceId: base64(traceId),
    spanId: base64(span.spanId),
    ...(span.parentSpanId ? { parentSpanId: base64(span.parentSpanId) } : {}),
    name: span.name,
    kind: `SPAN_KIND_${span.kind}`,
    startTimeUnixNano: String(span.startNanos),
    endTimeUnixNano: String(end),
    attributes: pairs(span.attributes),
    status: span.error ? { code: 'STATUS_CODE_ERROR', message: span.error } : {},
    ...(span.exception ? { events: [exception] } : {}),
  };
}

function pairs(values: Readonly<Record<string, string | number | boolean>>): object[] {
  return Object.entries(values).map(([key, value]) => {
    if (typeof value === 'number') return { key, value: { intValue: String(value) } };
    return { key, value: typeof value === 'boolean' ? { boolValue: value } : { stringValue: value } };
  });
}

export function tagNames(): object {
  const span = [
    'http.request.method',
    'http.route',
    'http.response.status_code',
    'db.system.name',
    'db.query.text',
    'session.id',
  ];
  return {
    scopes: [
      { name: 'span', tags: span },
      { name: 'resource', tags: ['service.name', 'service.version', 'k8s.namespace.name'] },
      { name: 'intrinsic', tags: ['duration', 'name'] },
    ],
    metrics: {},
  };
}

export function tagValues(world: World, tag: string, query: Query): object {
  const spans = world.traces
    .flatMap((trace) => trace.spans)
    .filter((span) => matches(span, query.get('q') ?? ''));
  const attribute = tag.replace(/^(?:span|resource)\./, '');
  const values = spans.map((span) =>
    tag === 'name' ? span.name : attribute === 'service.name' ? span.service : span.attributes[attribute],
  );
  const distinct = [...new Set(values)].filter(
    (value) => value !== undefined && !/^step /.test(String(value)),
  );
  return { tagValues: distinct.map((value) => ({ type: 'string', value: String(value) })), metrics: {} };
}

/** Roughly what Loki answers: service, one `|=`, level and trace id are known. */
export function logs(world: World, query: Query): object {
  const text = query.get('query') ?? '';
  if (/\|\s*$|\|=(?!\s*["`])/.test(text))
    return { failure: `parse error at line 1, col ${text.length}: syntax error: unexpected $end` };
  const found = world.logs
    .filter((log) => logMatches(log, text))
    .filter(
      (log) =>
        log.timeNanos >= BigInt(query.get('start') ?? 0) && log.timeNanos < BigInt(query.get('end') ?? 0),
    );
  if (/count_over_time/.test(text)) return volume(found, query);
  const newest = found
    .toSorted((a, b) => (a.timeNanos < b.timeNanos ? 1 : -1))
    .slice(0, seconds(query, 'limit'));
  const streams = Object.entries(Object.groupBy(newest, (log) => log.service)).map(
    ([service_name, own = []]) => ({
      stream: { service_name, deployment_environment_name: 'dev' },
      values: own.map((log) => [
        String(log.timeNanos),
        log.line,
        {
          structuredMetadata: {
            detected_level: log.level,
            severity_text: log.level.toUpperCase(),
            ...(log.traceId ? { trace_id: log.traceId, span_id: log.spanId } : {}),
          },
        },
      ]),
    }),
  );
  return {
    status: 'success',
    data: { resultType: 'streams', encodingFlags: ['categorize-labels'], result: streams, stats: {} },
  };
}

function logMatches(log: PlayLog, text: string): boolean {
  const value = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1];
  const [needle, level, trace, span] = [
    value(/\|= "((?:[^"\\]|\\.)*)"/),
    value(/detected_level="([^"]*)"/),
    value(/trace_id="([^"]*)"/),
    value(/span_id="([^"]*)"/),
  ];
  return (
    (!service(text) || log.service === service(text)) &&
    (!needle || log.line.includes(needle)) &&
    (!level || log.level === level) &&
    (!trace || log.traceId === trace) &&
    (!span || log.spanId === span)
  );
}

function volume(found: readonly PlayLog[], query: Query): object {
  const step = seconds(query, 'step');
  const start = Number(BigInt(query.get('start') ?? 0) / 1_000_000_000n);
  const result = Object.entries(Object.groupBy(found, (log) => log.level)).map(
    ([detected_level, own = []]) => {
      const buckets = Object.groupBy(
        own,
        (log) => start + Math.ceil((Number(log.timeNanos / 1_000_000n) / 1000 - start) / step) * step,
      );
      return {
        metric: { detected_level },
        values: Object.entries(buckets).map(([time, logs = []]) => [Number(time), String(logs.length)]),
      };
    },
  );
  return { status: 'success', data: { resultType: 'matrix', result, stats: {} } };
}

const metrics = {
  http_server_request_duration_seconds: {
    type: 'histogram',
    unit: 's',
    help: 'Duration of HTTP server requests.',
  },
  board_messages_created_total: { type: 'counter', unit: '{message}', help: 'Messages written.' },
  process_memory_usage_bytes: { type: 'gauge', unit: 'By', help: 'Resident memory of the process.' },
  nodejs_eventloop_utilization_ratio: { type: 'gauge', unit: '1', help: 'Event loop utilization.' },
  db_client_connection_count: { type: 'gauge', unit: '', help: 'Connections of the pool by state.' },
};

export function metricNames(): object {
  const names = Object.entries(metrics).flatMap(([name, { type }]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_count`, `${name}_sum`] : [name],
  );
  return { status: 'success', data: names };
}

export function metricMetadata(): object {
  return {
    status: 'success',
    data: Object.fromEntries(Object.entries(metrics).map(([name, entry]) => [name, [entry]])),
  };
}

export function labelNames(): object {
  return { status: 'success', data: ['__name__', 'http_route', 'job', 'le', 'service_name'] };
}

/** Smooth made-up curves, of the size that the metric would have. */
export function matrix(query: Query): object {
  const text = query.get('query') ?? '';
  if (/[({]\s*$/.test(text))
    return {
      status: 'error',
      errorType: 'bad_data',
      error: `invalid parameter "query": 1:${text.length + 1}: parse error: unclosed left parenthesis`,
    };
  const isGrouped = /by \([^)]*(?:http_route|job|service_name)/.test(text);
  const groups = isGrouped ? ['/api/messages', '/api/messages/:id', '/api/login'] : [''];
  const size = /bytes/.test(text)
    ? 1.4e8
    : /0\.5,/.test(text)
      ? 0.012
      : /0\.95/.test(text)
        ? 0.08
        : /0\.99/.test(text)
          ? 0.21
          : /ratio/.test(text)
            ? 0.12
            : 3.4;
  const [start, end, step] = [seconds(query, 'start'), seconds(query, 'end'), seconds(query, 'step')];
  const times = Array.from(
    { length: Math.floor((end - start) / step) + 1 },
    (_, index) => start + index * step,
  );
  const result = groups.map((group, index) => ({
    metric: group ? { http_route: group } : {},
    values: times.map((time) => [
      time,
      String(
        size *
          (1 + index * 0.6) *
          (1 + 0.25 * Math.sin(time / 400 + index) + 0.08 * Math.sin(time / 37 + index * 2)),
      ),
    ]),
  }));
  return { status: 'success', data: { resultType: 'matrix', result } };
}

/** Home's figures, computed from the fixtures' spans. */
export function services(world: World, query: Query): object {
  const [start, end] = [seconds(query, 'start'), seconds(query, 'end')];
  const step = Math.max(1, Math.round((end - start) / 30));
  const entries = world.traces
    .flatMap((trace) => trace.spans)
    .filter((span) => span.kind === 'SERVER' || span.parentSpanId === '');
  const groups = Object.entries(Object.groupBy(entries, (span) => span.service));
  return { services: groups.map(([name, spans = []]) => summary(name, spans, start, end, step)) };
}

function summary(name: string, all: readonly PlaySpan[], start: number, end: number, step: number): object {
  const at = (span: PlaySpan): number => Number(span.startNanos / 1_000_000_000n);
  const spans = all.filter((span) => at(span) >= start && at(span) < end);
  const points = Array.from({ length: 30 }, (_, index) => {
    const own = spans.filter((span) => Math.floor((at(span) - start) / step) === index);
    return {
      timeUnixSeconds: start + index * step,
      requests: own.length,
      errors: own.filter((span) => span.error).length,
      p95Nanos: quantile(own, 0.95),
    };
  });
  return {
    name,
    requestsPerSecond: spans.length / (end - start),
    errorRatio: spans.filter((span) => span.error).length / Math.max(1, spans.length),
    p50Nanos: quantile(spans, 0.5),
    p95Nanos: quantile(spans, 0.95),
    p99Nanos: quantile(spans, 0.99),
    spans: String(spans.length),
    points,
  };
}

function quantile(spans: readonly PlaySpan[], share: number): string {
  const durations = spans.map((span) => span.durationNanos).sort((a, b) => a - b);
  return String(Math.floor(durations[Math.ceil(share * durations.length) - 1] ?? 0));
}

export function ledger(world: World, isEmpty: boolean): object {
  const counts = (items: number, rejected = 0): object => ({
    received: String(items + rejected),
    rejected: String(rejected),
    journaled: String(items),
    stored: String(items),
    dead: '0',
    waiting: '0',
  });
  if (isEmpty)
    return {
      signals: { traces: counts(0), metrics: counts(0), logs: counts(0) },
      rejections: [],
      balanced: true,
    };
  const spans = world.traces.reduce((sum, trace) => sum + trace.spans.length, 0);
  const rejections = [
    {
      timeUnixNano: `${Date.now() - 90_000}000000`,
      signal: 'metrics',
      source: 'board-api',
      reason: 'invalid_temporality',
      count: '12',
      detail:
        'Cannot take metric "jobs.duration": its aggregation temporality is unspecified. Set cumulative or delta in the SDK.',
    },
  ];
  return {
    signals: { traces: counts(spans), metrics: counts(48_210, 12), logs: counts(world.logs.length) },
    rejections,
    destinations: destinations(spans),
    balanced: true,
  };
}

function destinations(spans: number): object {
  const sent = { rejected: '0', failed: '0', filtered: '0', dropped: '0', droppedBy: {}, early: '0' };
  const some = Math.round(spans / 3);
  return {
    tempo: {
      signals: { traces: { ...sent, offered: String(spans), forwarded: String(spans), waiting: '0' } },
    },
    mimir: {
      signals: {
        metrics: { ...sent, offered: '48210', forwarded: String(48_210 - some), waiting: String(some) },
      },
      trouble: {
        sinceTimeUnixNano: `${Date.now() - 260_000}000000`,
        detail: 'mimir:8080 cannot be reached: connect ECONNREFUSED 10.0.12.7:8080',
      },
    },
  };
}
