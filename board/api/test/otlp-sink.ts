import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';

/** A span as the sink keeps it: the fields that the tests look at, attributes as a plain record. */
export interface SinkSpan {
  readonly service: string;
  readonly scope: string;
  readonly name: string;
  readonly kind: number;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
}

/** A log record as the sink keeps it. */
export interface SinkLog {
  readonly body: unknown;
  readonly severityText: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** One data point as the sink keeps it. `value` is a sum's or gauge's value, or a histogram's count. */
export interface SinkPoint {
  readonly metric: string;
  readonly unit: string;
  readonly value: number;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** A real OTLP/HTTP receiver for tests. It understands the JSON encoding only. */
export interface OtlpSink {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly spans: SinkSpan[];
  readonly logs: SinkLog[];
  readonly points: SinkPoint[];
  /** Every payload as text, to search for what must not be there. */
  readonly payloads: string[];
  close(): Promise<void>;
}

interface Json {
  readonly [key: string]: Json | Json[] | string | number | boolean | undefined;
}

function statusBeside(refused: string, path: string, asked: Set<string>): number {
  if (path === refused) return 401;
  if (asked.has(path)) return 200;
  asked.add(path);
  return 503;
}

/**
 * Starts a sink on a free port.
 *
 * @param refused a path that is answered with 401; then every other one is at first answered with 503, so that it comes a second later
 */
export async function startSink(refused?: string): Promise<OtlpSink> {
  const sink = {
    spans: [] as SinkSpan[],
    logs: [] as SinkLog[],
    points: [] as SinkPoint[],
    payloads: [] as string[],
  };
  const asked = new Set<string>();
  const server = createServer(async (request, response) => {
    const text = await readBody(request);
    const status = refused === undefined ? 200 : statusBeside(refused, request.url ?? '', asked);
    if (status !== 200) {
      response.writeHead(status).end();
      return;
    }
    sink.payloads.push(text);
    const body: Json = JSON.parse(text);
    sink.spans.push(...spansIn(body));
    sink.logs.push(...logsIn(body));
    sink.points.push(...pointsIn(body));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || !address) throw new Error('the sink has no port');
  return {
    ...sink,
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  return (request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString('utf8');
}

function spansIn(body: Json): SinkSpan[] {
  return list(body.resourceSpans).flatMap((resource) =>
    list(resource.scopeSpans).flatMap((scope) =>
      list(scope.spans).map((span) => ({
        service: String(attributesOf(object(resource.resource))['service.name']),
        scope: String(object(scope.scope).name),
        name: String(span.name),
        kind: Number(span.kind),
        traceId: String(span.traceId),
        spanId: String(span.spanId),
        parentSpanId: String(span.parentSpanId ?? ''),
        attributes: attributesOf(span),
        events: list(span.events).map((event) => String(event.name)),
      })),
    ),
  );
}

function logsIn(body: Json): SinkLog[] {
  return list(body.resourceLogs).flatMap((resource) =>
    list(resource.scopeLogs).flatMap((scope) =>
      list(scope.logRecords).map((record) => ({
        body: anyValue(object(record.body)),
        severityText: String(record.severityText),
        traceId: String(record.traceId ?? ''),
        spanId: String(record.spanId ?? ''),
        attributes: attributesOf(record),
      })),
    ),
  );
}

function pointsIn(body: Json): SinkPoint[] {
  return list(body.resourceMetrics).flatMap((resource) =>
    list(resource.scopeMetrics).flatMap((scope) => list(scope.metrics).flatMap(pointsOf)),
  );
}

function pointsOf(metric: Json): SinkPoint[] {
  const data = object(metric.sum ?? metric.gauge ?? metric.histogram);
  return list(data.dataPoints).map((point) => ({
    metric: String(metric.name),
    unit: String(metric.unit),
    value: Number(point.count ?? point.asInt ?? point.asDouble),
    attributes: attributesOf(point),
  }));
}

function attributesOf(holder: Json): Record<string, unknown> {
  return Object.fromEntries(
    list(holder.attributes).map((entry) => [String(entry.key), anyValue(object(entry.value))]),
  );
}

function anyValue(value: Json): unknown {
  if (value.arrayValue) return list(object(value.arrayValue).values).map(anyValue);
  return value.stringValue ?? value.intValue ?? value.doubleValue ?? value.boolValue;
}

function list(value: Json[string]): Json[] {
  return Array.isArray(value) ? value : [];
}

function object(value: Json[string]): Json {
  return typeof value === 'object' && !Array.isArray(value) ? value : {};
}
