import { concat, fixed64Field, lengthDelimited, stringField, varintField } from '@maru/otlp';
import { request } from './http.ts';
import type { ProbeRequest, Target } from './target.ts';

/** `SpanKind.SPAN_KIND_CLIENT` of opentelemetry/proto/trace/v1/trace.proto. */
const clientKind = 3;

/**
 * Sends the span that a browser would have made for the request, through the front end's `/otlp/` as a browser does.
 * Throws one sentence when it is not taken.
 */
export async function sendBrowserSpan(target: Target, probe: ProbeRequest): Promise<void> {
  const url = `${target.board}/otlp/v1/traces`;
  const response = await request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
    body: Buffer.from(exportRequest(target, probe)),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

/** An ExportTraceServiceRequest of one span; the numbers are those of the OTLP 1.x proto files. */
function exportRequest(target: Target, probe: ProbeRequest): Uint8Array {
  const resource = lengthDelimited(1, attribute(1, 'service.name', 'board-web'));
  const scope = lengthDelimited(1, stringField(1, 'maru-verify'));
  return lengthDelimited(1, resource, lengthDelimited(2, scope, lengthDelimited(2, span(target, probe))));
}

function span({ board }: Target, probe: ProbeRequest): Uint8Array {
  return concat(
    lengthDelimited(1, Buffer.from(probe.traceId, 'hex')),
    lengthDelimited(2, Buffer.from(probe.spanId, 'hex')),
    stringField(5, 'POST'),
    varintField(6, clientKind),
    fixed64Field(7, nanoseconds(probe.sentUnixMs)),
    fixed64Field(8, nanoseconds(probe.answeredUnixMs)),
    attribute(9, 'http.request.method', 'POST'),
    attribute(9, 'url.full', `${board}/api/login`),
  );
}

function attribute(field: number, key: string, value: string): Uint8Array {
  return lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));
}

function nanoseconds(unixMs: number): bigint {
  return BigInt(Math.round(unixMs * 1_000)) * 1_000n;
}
