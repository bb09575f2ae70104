import { bytes, defaulted, duration, fields, integer, type Kind, list, required } from '@maru/config';
import type { Settled } from '@maru/ledger';
import type { Signal } from '@maru/otlp';
import { findContent, nothing } from '../model/fields.ts';
import { readTelemetry, type Telemetry, writeTelemetry } from '../model/telemetry.ts';
import type { Part } from '../part.ts';
import type { Progress } from '../progress.ts';
import type { HoldingProcessor } from './processor.ts';
import { type Decision, decisionOf, policyKind, type SeenSpan, type TailPolicy } from './tail-policies.ts';

/** Keeps whole traces by what is in them. */
export interface TailSampleSettings {
  readonly kind: 'tail_sample';
  readonly waitMs: number;
  readonly maxTraces: number;
  readonly maxBytes: number;
  /** A trace is kept when any of them wants it. */
  readonly policies: readonly TailPolicy[];
}

const table: Kind<{
  readonly wait: number;
  readonly max_traces: number;
  readonly max_memory: number;
  readonly policies: readonly TailPolicy[];
}> = fields({
  wait: defaulted(duration, 10_000, '10s', 'From the first span of a trace until it is decided.'),
  max_traces: defaulted(
    integer(1),
    50_000,
    '50000',
    'Traces held at a time; beyond, the oldest are decided at once.',
  ),
  max_memory: defaulted(
    bytes,
    128 * 1024 * 1024,
    '128MiB',
    'Bytes of spans held at a time; beyond, the same.',
  ),
  policies: required(
    list(policyKind),
    'A trace is kept when any of them wants it: `errors: {}`, `latency: {at_least: 500ms}`, `rate: 100` (spans a second), `attribute: {key: user.id, values: [a]}`, `ratio: 0.1`, `and: […]`, `composite: {spans_per_second: 1000, of: [{policy: …, percent: 50}]}`.',
  ),
});

export const tailSampleKind: Kind<TailSampleSettings> = {
  ...table,
  read: (node, path, problems) => {
    const config = table.read(node, path, problems);
    if (config === undefined) return undefined;
    const { wait, max_traces, max_memory, policies } = config;
    return { kind: 'tail_sample', waitMs: wait, maxTraces: max_traces, maxBytes: max_memory, policies };
  },
};

/** A span held back, with what it must be sent in. */
interface HeldSpan extends SeenSpan {
  readonly group: Group;
}

/** The envelopes of spans that came together, copied once: the buffer that they were read into must not be held. */
interface Group {
  readonly part: Part;
  readonly resource: Uint8Array;
  readonly resourceRest: Uint8Array;
  readonly scope: Uint8Array;
  readonly scopeRest: Uint8Array;
}

interface HeldTrace {
  readonly firstMs: number;
  readonly traceId: Uint8Array;
  readonly spans: HeldSpan[];
  bytes: number;
}

/** Undefined for metrics and logs, which pass. */
export function createTailSample(settings: TailSampleSettings, signal: Signal): HoldingProcessor | undefined {
  return signal === 'traces' ? new TailSampler(settings) : undefined;
}

/** What a span costs besides its bytes: its object, its place in the map. */
const spanOverheadBytes = 200;

class TailSampler implements HoldingProcessor {
  readonly kind = 'holding';
  readonly #settings: TailSampleSettings;
  readonly #decisions: readonly Decision[];
  /** In the order in which their first spans came. */
  readonly #traces: Map<string, HeldTrace> = new Map();
  readonly #decided: DecidedTraces;
  #bytes = 0;

  constructor(settings: TailSampleSettings) {
    this.#settings = settings;
    this.#decisions = settings.policies.map((policy) => decisionOf(policy));
    this.#decided = new DecidedTraces(settings.maxTraces);
  }

  take(parts: readonly Part[], progress: Progress, nowMs: number): readonly Part[] {
    const late = parts.flatMap((part) => this.#hold(part, nowMs));
    const full = this.#decideWhile(() => this.#isFull(), progress, nowMs, { early: 1 });
    return [...this.#settle(late, progress), ...full];
  }

  due(progress: Progress, nowMs: number): readonly Part[] {
    const isDue = ({ firstMs }: HeldTrace): boolean => firstMs + this.#settings.waitMs <= nowMs;
    return this.#decideWhile(isDue, progress, nowMs);
  }

  nextDueInMs(nowMs: number): number {
    const [first] = this.#traces.values();
    return first === undefined
      ? Number.POSITIVE_INFINITY
      : Math.max(1, first.firstMs + this.#settings.waitMs - nowMs);
  }

  #isFull(): boolean {
    return this.#traces.size > this.#settings.maxTraces || this.#bytes > this.#settings.maxBytes;
  }

  /** Spans of traces that are decided already go the same way; those are given back with the decision. */
  #hold(part: Part, nowMs: number): readonly Decided[] {
    const late: Decided[] = [];
    for (const { resource, scopes, rest: resourceRest } of readTelemetry(part.bytes).resources) {
      for (const { scope, items, rest: scopeRest } of scopes) {
        const group = copied({ part, resource, resourceRest, scope, scopeRest });
        for (const item of items) {
          const traceId = Buffer.from(findContent(item, 1) ?? nothing);
          const held = { span: Buffer.from(item), resource: group.resource, group };
          const isKept = this.#decided.get(traceId.toString('latin1'));
          if (isKept === undefined) this.#add(traceId, held, nowMs);
          else late.push({ span: held, isKept });
        }
      }
    }
    return late;
  }

  #add(traceId: Buffer, span: HeldSpan, nowMs: number): void {
    const key = traceId.toString('latin1');
    const trace: HeldTrace = this.#traces.get(key) ?? { firstMs: nowMs, traceId, spans: [], bytes: 0 };
    this.#traces.set(key, trace);
    const cost = span.span.length + spanOverheadBytes;
    trace.spans.push(span);
    trace.bytes += cost;
    this.#bytes += cost;
  }

  /** Decides the oldest as long as the question is answered with yes. */
  #decideWhile(
    shall: (oldest: HeldTrace) => boolean,
    progress: Progress,
    nowMs: number,
    noted?: Settled,
  ): readonly Part[] {
    const decided: Decided[] = [];
    for (const [key, trace] of this.#traces) {
      if (!shall(trace)) break;
      this.#traces.delete(key);
      this.#bytes -= trace.bytes;
      const isKept = this.#decisions.some((decide) => decide(trace, nowMs));
      this.#decided.set(key, isKept);
      decided.push(...trace.spans.map((span) => ({ span, isKept })));
      if (noted !== undefined) for (const { group } of trace.spans) progress.note(group.part.token, noted);
    }
    return this.#settle(decided, progress);
  }

  #settle(decided: readonly Decided[], progress: Progress): readonly Part[] {
    for (const { span, isKept } of decided)
      if (!isKept) progress.settle(span.group.part.token, 1, { filtered: 1 });
    return partsOf(decided.filter(({ isKept }) => isKept).map(({ span }) => span));
  }
}

interface Decided {
  readonly span: HeldSpan;
  readonly isKept: boolean;
}

function copied(group: Group): Group {
  const { part, resource, resourceRest, scope, scopeRest } = group;
  return {
    // The part's place and token are needed, its bytes are not.
    part: { ...part, bytes: new Uint8Array(0) },
    resource: Buffer.from(resource),
    resourceRest: Buffer.from(resourceRest),
    scope: Buffer.from(scope),
    scopeRest: Buffer.from(scopeRest),
  };
}

/** One request for each part that spans came in. */
function partsOf(spans: readonly HeldSpan[]): readonly Part[] {
  const byToken = new Map<Part['token'], HeldSpan[]>();
  for (const span of spans)
    byToken.set(span.group.part.token, [...(byToken.get(span.group.part.token) ?? []), span]);
  return [...byToken.values()].flatMap((of) => {
    const part = of[0]?.group.part;
    return part === undefined ? [] : [{ ...part, bytes: writeTelemetry(telemetryOf(of)), items: of.length }];
  });
}

function telemetryOf(spans: readonly HeldSpan[]): Telemetry {
  const byGroup = new Map<Group, Uint8Array[]>();
  for (const { group, span } of spans) {
    const items = byGroup.get(group);
    if (items === undefined) byGroup.set(group, [span]);
    else items.push(span);
  }
  return {
    resources: [...byGroup].map(([{ resource, resourceRest, scope, scopeRest }, items]) => ({
      resource,
      rest: resourceRest,
      scopes: [{ scope, items, rest: scopeRest }],
    })),
  };
}

/** What was decided about the last traces, for spans that come late. */
class DecidedTraces {
  readonly #most: number;
  readonly #decisions: Map<string, boolean> = new Map();

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): boolean | undefined {
    return this.#decisions.get(key);
  }

  set(key: string, isKept: boolean): void {
    this.#decisions.set(key, isKept);
    const [oldest] = this.#decisions.keys();
    if (this.#decisions.size > this.#most && oldest !== undefined) this.#decisions.delete(oldest);
  }
}
