import { concat, fixed64Field, lengthDelimited, stringField, varintField } from '@maru/otlp';
import { type CaseAttribute, encodeAttributes, readAttributes, withPrefix } from './case-attributes.ts';

/** A span of a case file. */
export interface CaseSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly service: string;
  readonly kind: number;
  readonly name: string;
  readonly startUnixNano: bigint;
  readonly durationNanos: bigint;
  readonly attributes: readonly CaseAttribute[];
}

/** Time 0 of case files, in nanoseconds: 2026-01-01 00:00:00 UTC. */
export const caseEpochNanos = 1_767_225_600_000_000_000n;

const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const spanLine = /^(\s*)(\S+) (\S+) "([^"]*)" @(\d+)ms \+(\d+)(ms|us)/;

/**
 * Reads traces as trees by indentation:
 *
 *     trace 1
 *       web server "GET /" @0ms +120ms span.http.route="/" resource.pod="a" status="error" event.name="exception"
 *         api client "query" @10ms +50ms
 *
 * Attribute prefixes: `span.`, `resource.`, `event.`, `link.`, `scope.`; bare keys: status, message, event, link (an
 * event's name, a linked trace), scope and version (the instrumentation's).
 */
export function readSpans(lines: readonly string[]): readonly CaseSpan[] {
  const spans: CaseSpan[] = [];
  let traceId = '';
  let ancestors: readonly { readonly indent: number; readonly spanId: string }[] = [];
  for (const line of lines) {
    const trace = /^\s*trace (\w+)$/.exec(line);
    if (trace !== null) {
      [traceId, ancestors] = [(trace[1] ?? '').padStart(32, '0'), []];
      continue;
    }
    const indent = /^\s*/.exec(line)?.[0].length ?? 0;
    ancestors = ancestors.filter((ancestor) => ancestor.indent < indent);
    const spanId = (spans.length + 1).toString(16).padStart(16, '0');
    spans.push(readSpan(line, traceId, spanId, ancestors.at(-1)?.spanId ?? ''));
    ancestors = [...ancestors, { indent, spanId }];
  }
  return spans;
}

/** A parent may be written as `parent="<16 hex digits>"` for spans whose parent has not arrived. */
function readSpan(line: string, traceId: string, spanId: string, parentSpanId: string): CaseSpan {
  const match = spanLine.exec(line);
  if (match === null) throw new Error(`cannot read a span from ${JSON.stringify(line)}`);
  const [whole, , service = '', kind = '', name = '', start = '', length = '', unit = ''] = match;
  const attributes = readAttributes(line, whole.length);
  return {
    traceId,
    spanId,
    parentSpanId: textOf(attributes, 'parent') || parentSpanId,
    service,
    kind: kinds.indexOf(kind),
    name,
    startUnixNano: caseEpochNanos + BigInt(start) * 1_000_000n,
    durationNanos: BigInt(length) * (unit === 'ms' ? 1_000_000n : 1_000n),
    attributes,
  };
}

function textOf(attributes: readonly CaseAttribute[], key: string): string {
  const json = attributes.find((attribute) => attribute.key === key)?.json;
  return json === undefined ? '' : String(JSON.parse(json));
}

/** The spans as one ExportTraceServiceRequest. */
export function encodeSpans(spans: readonly CaseSpan[]): Uint8Array {
  return concat(...spans.map((span) => lengthDelimited(1, encodeResource(span), encodeScope(span))));
}

function encodeResource({ service, attributes }: CaseSpan): Uint8Array {
  const own = withPrefix(attributes, 'resource.');
  const named = service === '-' ? own : [{ key: 'service.name', json: JSON.stringify(service) }, ...own];
  return lengthDelimited(1, encodeAttributes(1, named));
}

function encodeScope(span: CaseSpan): Uint8Array {
  const { attributes } = span;
  const scope = lengthDelimited(
    1,
    stringField(1, textOf(attributes, 'scope')),
    stringField(2, textOf(attributes, 'version')),
    encodeAttributes(3, withPrefix(attributes, 'scope.')),
  );
  return lengthDelimited(2, scope, lengthDelimited(2, encodeSpan(span)));
}

function encodeSpan(span: CaseSpan): Uint8Array {
  const { attributes } = span;
  return concat(
    lengthDelimited(1, Buffer.from(span.traceId, 'hex')),
    lengthDelimited(2, Buffer.from(span.spanId, 'hex')),
    lengthDelimited(4, Buffer.from(span.parentSpanId, 'hex')),
    stringField(5, span.name),
    varintField(6, span.kind),
    fixed64Field(7, span.startUnixNano),
    fixed64Field(8, span.startUnixNano + span.durationNanos),
    encodeAttributes(9, withPrefix(attributes, 'span.')),
    encodeEvent(span),
    encodeLink(attributes),
    encodeStatus(attributes),
  );
}

function encodeEvent({ attributes, startUnixNano }: CaseSpan): Uint8Array {
  const name = textOf(attributes, 'event');
  if (name === '') return new Uint8Array();
  const own = encodeAttributes(3, withPrefix(attributes, 'event.'));
  return lengthDelimited(11, fixed64Field(1, startUnixNano + 1_000_000n), stringField(2, name), own);
}

function encodeLink(attributes: readonly CaseAttribute[]): Uint8Array {
  const trace = textOf(attributes, 'link');
  if (trace === '') return new Uint8Array();
  const ids = [Buffer.from(trace.padStart(32, '0'), 'hex'), Buffer.from('00000000000000aa', 'hex')];
  const own = encodeAttributes(4, withPrefix(attributes, 'link.'));
  return lengthDelimited(13, ...ids.map((id, index) => lengthDelimited(index + 1, id)), own);
}

function encodeStatus(attributes: readonly CaseAttribute[]): Uint8Array {
  const code = ['unset', 'ok', 'error'].indexOf(textOf(attributes, 'status'));
  const message = textOf(attributes, 'message');
  return lengthDelimited(15, stringField(2, message), varintField(3, Math.max(0, code)));
}

/** A trace that was found, as cases compare it: its number, and the names of the spans that match. */
export interface FoundCase {
  readonly traceId: string;
  readonly spans: readonly string[];
}

/** Found traces as the lines of a case: `1: GET /, query`, by trace number; `nothing` when there are none. */
export function foundLines(found: readonly FoundCase[]): readonly string[] {
  const lines = found.map(({ traceId, spans }) => `${traceId.replace(/^0+(?=.)/, '')}: ${spans.join(', ')}`);
  return lines.length === 0 ? ['nothing'] : lines.sort();
}
