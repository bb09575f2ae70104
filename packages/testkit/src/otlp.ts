import {
  concat,
  doubleField,
  fixed32Field,
  fixed64Field,
  lengthDelimited,
  stringField,
  varintField,
} from '@maru/otlp';
import { below, pick, randomBytes, seededRandom } from './otlp-random.ts';

/** The attribute that numbers every generated item, so that a query can find each exactly once. */
export const itemAttribute = 'maru.test.item';

export interface GeneratorOptions {
  /** Number of the first item; the next requests go on from `firstItem + count`. 0 when left out. */
  readonly firstItem?: number;
  /** Time of the first item in nanoseconds since 1970; now when left out. */
  readonly timeUnixNano?: bigint;
  readonly service?: string;
  /** Log bodies are filled up to this length; as short as they are when left out. */
  readonly bodyBytes?: number;
}

type Value = string | number | boolean;

/** A KeyValue: whole numbers become int_value, others double_value. */
export function attribute(field: number, key: string, value: Value): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, anyValue(value)));
}

function anyValue(value: Value): Uint8Array {
  if (typeof value === 'string') return stringField(1, value);
  if (typeof value === 'boolean') return varintField(2, value ? 1 : 0);
  return Number.isInteger(value) ? varintField(3, value) : doubleField(4, value);
}

function attributesOf(field: number, attributes: Readonly<Record<string, Value>>): Uint8Array {
  return concat(...Object.entries(attributes).map(([key, value]) => attribute(field, key, value)));
}

/**
 * An ExportTraceServiceRequest of `count` spans, about 425 bytes each: 11 attributes a span, 8 of the resource. The
 * spans form traces of up to ten.
 */
export function tracesRequest(seed: number, count: number, options: GeneratorOptions = {}): Uint8Array {
  const random = seededRandom(seed);
  const { firstItem, start } = defaults(options);
  let traceId = randomBytes(random, 16);
  let parent: Uint8Array | undefined;
  const spans = Array.from({ length: count }, (_, index) => {
    if (index % 10 === 0) [traceId, parent] = [randomBytes(random, 16), undefined];
    const spanId = randomBytes(random, 8);
    const bytes = span(random, { traceId, spanId, parent }, firstItem + index, start + BigInt(index) * 1000n);
    parent = spanId;
    return bytes;
  });
  return envelope(random, options, spans);
}

interface SpanIds {
  readonly traceId: Uint8Array;
  readonly spanId: Uint8Array;
  readonly parent: Uint8Array | undefined;
}

const routes = [
  '/api/messages',
  '/api/messages/:id',
  '/api/login',
  '/api/me',
  '/api/admin/users',
  '/healthz',
];
const methods = ['GET', 'POST', 'PUT', 'DELETE'];
const statusCodes = [200, 200, 200, 201, 304, 400, 404, 500];

function span(random: () => number, ids: SpanIds, item: number, start: bigint): Uint8Array {
  const route = pick(random, routes);
  const method = pick(random, methods);
  const code = pick(random, statusCodes);
  return lengthDelimited(
    2,
    lengthDelimited(1, ids.traceId),
    lengthDelimited(2, ids.spanId),
    ids.parent === undefined ? new Uint8Array(0) : lengthDelimited(4, ids.parent),
    stringField(5, `${method} ${route}`),
    varintField(6, 1 + below(random, 5)),
    fixed64Field(7, start),
    fixed64Field(8, start + BigInt(1_000 + below(random, 90_000_000))),
    attributesOf(9, spanAttributes(random, item, { route, method, code })),
    code === 500
      ? lengthDelimited(15, stringField(2, 'internal error'), varintField(3, 2))
      : new Uint8Array(0),
    fixed32Field(16, 0x101),
  );
}

function spanAttributes(
  random: () => number,
  item: number,
  { route, method, code }: { route: string; method: string; code: number },
): Record<string, Value> {
  return {
    [itemAttribute]: item,
    'http.request.method': method,
    'http.route': route,
    'url.path': `${route}?page=${below(random, 50)}`,
    'http.response.status_code': code,
    'server.address': 'board-api',
    'server.port': 5000,
    'client.address': `10.0.${below(random, 4)}.${below(random, 256)}`,
    'user_agent.original': 'Mozilla/5.0 (X11; Linux x86_64)',
    'user.id': `user-${below(random, 1000)}`,
    'app.ratio': random(),
  };
}

const bodies = [
  '관리자 로그인 성공',
  'request completed',
  'connection to the database lost',
  'message posted',
];
const severities = [
  [9, 'INFO'],
  [13, 'WARN'],
  [17, 'ERROR'],
] as const;

/** A sentence with the item's number, filled up with words that a real line might have. */
function body(random: () => number, item: number, bytes = 0): string {
  let text = `${pick(random, bodies)} (item ${item})`;
  while (Buffer.byteLength(text) < bytes) text += ` ${pick(random, words)}=${below(random, 100_000)}`;
  return text;
}

const words = ['rows', 'took_ms', 'user', 'attempt', 'bytes', 'queue', 'page', 'retry_after', 'session'];

/** An ExportLogsServiceRequest of `count` records, each with a trace id. */
export function logsRequest(seed: number, count: number, options: GeneratorOptions = {}): Uint8Array {
  const random = seededRandom(seed);
  const { firstItem, start } = defaults(options);
  const records = Array.from({ length: count }, (_, index) => {
    const [number, text] = pick(random, severities);
    const time = start + BigInt(index) * 1000n;
    return lengthDelimited(
      2,
      fixed64Field(1, time),
      varintField(2, number),
      stringField(3, text),
      lengthDelimited(5, stringField(1, body(random, firstItem + index, options.bodyBytes))),
      attributesOf(6, { [itemAttribute]: firstItem + index, 'user.id': `user-${below(random, 1000)}` }),
      lengthDelimited(9, randomBytes(random, 16)),
      lengthDelimited(10, randomBytes(random, 8)),
      fixed64Field(11, time),
    );
  });
  return envelope(random, options, records);
}

/** An ExportMetricsServiceRequest of `count` points of one cumulative counter, each its own series by number. */
export function metricsRequest(seed: number, count: number, options: GeneratorOptions = {}): Uint8Array {
  const random = seededRandom(seed);
  const { firstItem, start } = defaults(options);
  const points = Array.from({ length: count }, (_, index) =>
    lengthDelimited(
      1,
      fixed64Field(2, start - 60_000_000_000n),
      fixed64Field(3, start),
      doubleField(4, below(random, 10_000)),
      attributesOf(7, { [itemAttribute]: firstItem + index, 'http.request.method': pick(random, methods) }),
    ),
  );
  const sum = lengthDelimited(7, ...points, varintField(2, 2), varintField(3, 1));
  const metric = lengthDelimited(2, stringField(1, 'maru.test.requests'), stringField(3, '{request}'), sum);
  return envelope(random, options, [metric]);
}

function defaults({ firstItem = 0, timeUnixNano = BigInt(Date.now()) * 1_000_000n }: GeneratorOptions): {
  firstItem: number;
  start: bigint;
} {
  return { firstItem, start: timeUnixNano };
}

function envelope(random: () => number, options: GeneratorOptions, items: readonly Uint8Array[]): Uint8Array {
  const scope = lengthDelimited(1, stringField(1, 'maru-testkit'), stringField(2, '1.0.0'));
  return lengthDelimited(
    1,
    resource(random, options.service ?? 'board-api'),
    lengthDelimited(2, scope, ...items),
  );
}

function resource(random: () => number, service: string): Uint8Array {
  return lengthDelimited(
    1,
    attributesOf(1, {
      'service.name': service,
      'service.version': '1.4.2',
      'service.instance.id': `instance-${below(random, 8)}`,
      'deployment.environment': 'test',
      'k8s.namespace.name': 'board',
      'k8s.pod.name': `board-api-${below(random, 8)}`,
      'host.name': 'node-1',
      'telemetry.sdk.language': 'nodejs',
    }),
  );
}
