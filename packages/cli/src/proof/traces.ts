import type { TraceFound } from './finding.ts';
import { getJson } from './http.ts';
import { type Look, type Polled, poll } from './poll.ts';
import type { ProbeRequest, Target } from './target.ts';

/** What is read of Tempo's `GET /api/v2/traces/{id}`; anything may be missing. */
interface TraceAnswer {
  readonly trace?: { readonly resourceSpans?: readonly ResourceSpans[] };
}

interface ResourceSpans {
  readonly resource?: { readonly attributes?: readonly Attribute[] };
  readonly scopeSpans?: readonly { readonly spans?: readonly Span[] }[];
}

interface Span {
  readonly spanId?: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano?: string;
  readonly attributes?: readonly Attribute[];
}

interface Attribute {
  readonly key?: string;
  readonly value?: { readonly stringValue?: string };
}

/** What a login's trace must pass through. */
const expectedServices = ['board-web', 'board-api'] as const;
/** Names of the database in `db.system.name` and its predecessor `db.system`: mysql2's instrumentation says `mysql`. */
const mariadbNames: ReadonlySet<string> = new Set(['mysql', 'mariadb']);
/**
 * The trace is whole when every span's parent is there and no span was added for so long, in milliseconds: a batch leaves
 * the API every 200 ms. Quiet alone does not tell: on a busy machine the next batch took longer, and children end, so
 * come, before their parents.
 */
const quietMs = 300;

interface TraceSeen extends TraceFound {
  /** Spans whose parent is not there. */
  readonly orphans: number;
}

/** Looks for the request's trace until it goes from the browser to the database and grows no more. */
export async function findTrace(target: Target, probe: ProbeRequest): Promise<Polled<TraceFound>> {
  let largest: { readonly trace: TraceFound; readonly afterMs: number } | undefined;
  const whole = await poll(probe.sentAt, target.deadlineMs, async (): Promise<Look<TraceFound>> => {
    const seen = await lookAtTrace(target, probe);
    if (!('value' in seen)) return seen;
    const { orphans, ...trace } = seen.value;
    const afterMs = performance.now() - probe.sentAt;
    if (largest === undefined || trace.spans > largest.trace.spans) largest = { trace, afterMs };
    return orphans === 0 && afterMs - largest.afterMs >= quietMs
      ? { value: trace }
      : { instead: `${trace.spans} spans, still growing` };
  });
  // The time that counts is when the last span came, not when we were sure that it was the last.
  return largest === undefined ? whole : { there: true, value: largest.trace, afterMs: largest.afterMs };
}

async function lookAtTrace({ stack }: Target, { traceId }: ProbeRequest): Promise<Look<TraceSeen>> {
  const answer = await getJson<TraceAnswer>(`${stack.tempo}/api/v2/traces/${traceId}`, {}, stack.headers);
  const all = answer.trace?.resourceSpans ?? [];
  const services = servicesInOrder(all);
  const spans = all.flatMap(spansOf);
  const database = spans.some(isMariadb) ? ['MariaDB'] : [];
  const found = { traceId, spans: spans.length, services: [...services, ...database] };
  const missing = [...expectedServices, 'MariaDB'].filter((name) => !found.services.includes(name));
  return missing.length === 0
    ? { value: { ...found, orphans: orphansAmong(spans) } }
    : { instead: partOfTrace(found, missing) };
}

function partOfTrace({ spans, services }: TraceFound, missing: readonly string[]): string {
  return `${spans} spans of ${services.join(', ') || 'no service'}; none of ${missing.join(', ')}`;
}

function orphansAmong(spans: readonly Span[]): number {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter(({ parentSpanId = '' }) => parentSpanId !== '' && !ids.has(parentSpanId)).length;
}

function servicesInOrder(all: readonly ResourceSpans[]): readonly string[] {
  const begun = all.map((one) => ({
    name: textOf(one.resource?.attributes, 'service.name') ?? 'unknown',
    start: startOf(one),
  }));
  const inOrder = begun.toSorted((a, b) => (a.start < b.start ? -1 : 1)).map(({ name }) => name);
  return [...new Set(inOrder)];
}

function startOf(one: ResourceSpans): bigint {
  const starts = spansOf(one).map((span) => BigInt(span.startTimeUnixNano ?? 0));
  return starts.toSorted((a, b) => (a < b ? -1 : 1))[0] ?? 0n;
}

function spansOf(one: ResourceSpans): readonly Span[] {
  return (one.scopeSpans ?? []).flatMap((scope) => scope.spans ?? []);
}

function isMariadb({ attributes }: Span): boolean {
  const system = textOf(attributes, 'db.system.name') ?? textOf(attributes, 'db.system');
  return system !== undefined && mariadbNames.has(system);
}

function textOf(attributes: readonly Attribute[] | undefined, key: string): string | undefined {
  return attributes?.find((attribute) => attribute.key === key)?.value?.stringValue;
}
