import { concat, fixed64Field, lengthDelimited, stringField, varintField } from '@maru/otlp';
import { request } from './http.ts';
import type { ProbeRequest, Target } from './target.ts';

/** `SpanKind` of opentelemetry/proto/trace/v1/trace.proto. */
const kind = { internal: 1, client: 3 };

/**
 * Sends the spans that a browser would have made for the request, a click and the fetch it led to, through the front
 * end's `/otlp/` as a browser does. Throws one sentence when they are not taken.
 */
export async function sendBrowserSpans(target: Target, probe: ProbeRequest): Promise<void> {
  const url = `${target.board}/otlp/v1/traces`;
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(exportRequest(target, probe)),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** An ExportTraceServiceRequest; the numbers are those of the OTLP 1.x proto files. */
function exportRequest(target: Target, probe: ProbeRequest): Uint8Array {
  const resource = lengthDelimited(1, attribute(1, 'service.name', 'board-web'));
  const scope = lengthDelimited(1, stringField(1, 'maru-verify'));
  const spans = [click(probe), fetchSpan(target, probe)].map((span) => lengthDelimited(2, span));
  return lengthDelimited(1, resource, lengthDelimited(2, scope, ...spans));
}

function click(probe: ProbeRequest): Uint8Array {
  const attributes = [attribute(9, 'event_type', 'click'), attribute(9, 'target_element', 'BUTTON')];
  return concat(...head(probe, probe.clickSpanId, 'click', kind.internal), ...attributes);
}

function fetchSpan({ board }: Target, probe: ProbeRequest): Uint8Array {
  return concat(
    ...head(probe, probe.fetchSpanId, 'POST', kind.client),
    lengthDelimited(4, Buffer.from(probe.clickSpanId, 'hex')),
    attribute(9, 'http.request.method', 'POST'),
    attribute(9, 'url.full', `${board}/api/login`),
  );
}

function head(probe: ProbeRequest, spanId: string, name: string, spanKind: number): readonly Uint8Array[] {
  return [
    lengthDelimited(1, Buffer.from(probe.traceId, 'hex')),
    lengthDelimited(2, Buffer.from(spanId, 'hex')),
    stringField(5, name),
    varintField(6, spanKind),
    fixed64Field(7, nanoseconds(probe.sentUnixMs)),
    fixed64Field(8, nanoseconds(probe.answeredUnixMs)),
  ];
}

function attribute(field: number, key: string, value: string): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));
}

function nanoseconds(unixMs: number): bigint {
  return BigInt(Math.round(unixMs * 1_000)) * 1_000n;
}
