import {
  boolean,
  defaulted,
  duration,
  fields,
  given,
  integer,
  type Kind,
  list,
  made,
  name,
  number,
  optional,
  required,
  scalar,
  text,
} from '@maru/config';
import { RE2JS } from 're2js';
import { printed, readAttributes, scalarOf } from '../model/attributes.ts';
import { findContent, fixed64Of, readFields, varintOf } from '../model/fields.ts';
import { randomnessOf, thresholdOf } from './threshold.ts';

/** A trace as far as its spans have come. */
export interface SeenTrace {
  readonly traceId: Uint8Array;
  readonly spans: readonly SeenSpan[];
}

export interface SeenSpan {
  readonly span: Uint8Array;
  readonly resource: Uint8Array;
}

/** Says which traces are kept; plain JSON. */
export type TailPolicy =
  | { readonly kind: 'errors' }
  | { readonly kind: 'latency'; readonly atLeastMs: number; readonly belowMs?: number }
  | { readonly kind: 'rate'; readonly spansPerSecond: number }
  | {
      readonly kind: 'attribute';
      readonly key: string;
      readonly values: readonly string[];
      readonly pattern?: string;
      readonly least?: number;
      readonly most?: number;
      readonly invert: boolean;
    }
  | { readonly kind: 'ratio'; readonly ratio: number }
  | { readonly kind: 'and'; readonly of: readonly TailPolicy[] }
  | {
      readonly kind: 'composite';
      readonly spansPerSecond: number;
      readonly of: readonly { readonly policy: TailPolicy; readonly percent: number }[];
    };

/** Whether a trace is kept. Rates have a memory, and count only what they kept. */
export type Decision = (trace: SeenTrace, nowMs: number) => boolean;

const makers: { readonly [K in TailPolicy['kind']]: (policy: Extract<TailPolicy, { kind: K }>) => Decision } =
  {
    errors: () => (trace) => trace.spans.some(({ span }) => hasError(span)),
    latency:
      ({ atLeastMs, belowMs }) =>
      (trace) => {
        const tookMs = durationMs(trace);
        return tookMs >= atLeastMs && (belowMs === undefined || tookMs < belowMs);
      },
    rate: ({ spansPerSecond }) => rateDecision(spansPerSecond),
    attribute: attributeDecision,
    ratio: ({ ratio }) => {
      const threshold = thresholdOf(ratio);
      return ({ traceId }) => randomnessOf(traceId) >= threshold;
    },
    and: ({ of }) => {
      const decisions = of.map(decisionOf);
      return (trace, nowMs) => decisions.every((decide) => decide(trace, nowMs));
    },
    composite: compositeDecision,
  };

export function decisionOf<K extends TailPolicy['kind']>(
  policy: Extract<TailPolicy, { kind: K }> & { readonly kind: K },
): Decision {
  return makers[policy.kind](policy);
}

const spanField = { start: 7, end: 8, attributes: 9, status: 15 } as const;
const errorCode = 2;

function hasError(span: Uint8Array): boolean {
  const status = findContent(span, spanField.status);
  return status !== undefined && varintOf(readFields(status), 3) === errorCode;
}

/** From the first start to the last end of all spans. */
function durationMs({ spans }: SeenTrace): number {
  let first: bigint | undefined;
  let last = 0n;
  for (const { span } of spans) {
    const parts = readFields(span);
    const start = fixed64Of(parts, spanField.start);
    const end = fixed64Of(parts, spanField.end);
    if (first === undefined || start < first) first = start;
    if (end > last) last = end;
  }
  return first === undefined || last < first ? 0 : Number(last - first) / 1e6;
}

function attributeDecision(policy: Extract<TailPolicy, { kind: 'attribute' }>): Decision {
  const values = new Set(policy.values);
  const pattern = policy.pattern === undefined ? undefined : RE2JS.compile(policy.pattern);
  const isWanted = (value: Uint8Array): boolean => {
    const shown = printed(value);
    if (values.has(shown) || pattern?.matcher(shown).find() === true) return true;
    const amount = scalarOf(value);
    if (typeof amount !== 'number' || (policy.least === undefined && policy.most === undefined)) return false;
    return (
      amount >= (policy.least ?? Number.NEGATIVE_INFINITY) &&
      amount <= (policy.most ?? Number.POSITIVE_INFINITY)
    );
  };
  const matches = ({ span, resource }: SeenSpan): boolean =>
    [
      ...readAttributes(readFields(span), spanField.attributes),
      ...readAttributes(readFields(resource), 1),
    ].some(({ key, value }) => key === policy.key && isWanted(value));
  return (trace) => trace.spans.some(matches) !== policy.invert;
}

/** So many spans in each second; a trace that goes beyond is not kept. */
function rateDecision(spansPerSecond: number): Decision {
  let second = Number.NEGATIVE_INFINITY;
  let kept = 0;
  return ({ spans }, nowMs) => {
    const now = Math.floor(nowMs / 1000);
    if (now !== second) {
      second = now;
      kept = 0;
    }
    if (kept + spans.length > spansPerSecond) return false;
    kept += spans.length;
    return true;
  };
}

/** Shares of one rate: the first policy that wants a trace and has room left keeps it. */
function compositeDecision({ spansPerSecond, of }: Extract<TailPolicy, { kind: 'composite' }>): Decision {
  const parts = of.map(({ policy, percent }) => ({
    wants: decisionOf(policy),
    hasRoom: rateDecision((spansPerSecond * percent) / 100),
  }));
  return (trace, nowMs) => parts.some(({ wants, hasRoom }) => wants(trace, nowMs) && hasRoom(trace, nowMs));
}

const pattern: Kind<string> = scalar('an RE2 pattern', (value) => {
  try {
    RE2JS.compile(String(value));
    return String(value);
  } catch {
    return undefined;
  }
});

const latency: Kind<{ readonly at_least: number; readonly below: number | undefined }> = fields({
  at_least: required(duration, 'From the first start to the last end.'),
  below: optional(duration, 'An upper bound, where there should be one.'),
});

const attribute: Kind<{
  readonly key: string;
  readonly values: readonly string[];
  readonly pattern: string | undefined;
  readonly least: number | undefined;
  readonly most: number | undefined;
  readonly invert: boolean;
}> = fields({
  key: required(name, 'Of a span or its resource.'),
  values: defaulted(list(text), [], 'none', 'Values of which it has one.'),
  pattern: optional(pattern, 'Or an RE2 pattern that is found in it.'),
  least: optional(number('a number', -Infinity, Infinity), 'Or a number of at least this,'),
  most: optional(number('a number', -Infinity, Infinity), 'and at most this.'),
  invert: defaulted(boolean, false, 'false', 'Keep the traces in which no span has it.'),
});

const ratioKind: Kind<number> = number('a number from 0 to 1', 0, 1);

/** Functions, since policies may hold others. */
const kinds: Readonly<Record<TailPolicy['kind'], () => Kind<TailPolicy>>> = {
  errors: () => made(fields({}), () => ({ kind: 'errors' })),
  latency: () =>
    made(latency, ({ at_least: atLeastMs, below: belowMs }) => ({
      kind: 'latency',
      atLeastMs,
      ...given({ belowMs }),
    })),
  rate: () => made(integer(1), (spansPerSecond) => ({ kind: 'rate', spansPerSecond })),
  attribute: () =>
    made(attribute, ({ key, values, invert, ...bounds }) => ({
      kind: 'attribute',
      key,
      values,
      invert,
      ...given(bounds),
    })),
  ratio: () => made(ratioKind, (ratio) => ({ kind: 'ratio', ratio })),
  and: () => made(list(policyKind), (of) => ({ kind: 'and', of })),
  composite: () =>
    made(compositeKind(), ({ spans_per_second: spansPerSecond, of }) => ({
      kind: 'composite',
      spansPerSecond,
      of,
    })),
};

/** A policy of `tail_sample`, a map with one key: errors, latency, rate, attribute, ratio, and, composite. */
export const policyKind: Kind<TailPolicy> = {
  expected: 'a map with one key: errors, latency, rate, attribute, ratio, and, or composite',
  read: (node, path, problems) => {
    const [entry, ...more] = node.kind === 'map' ? node.entries : [];
    if (entry === undefined || more.length > 0)
      return problems.add(node.place, `${path} must be ${policyKind.expected}`);
    const kind = Object.hasOwn(kinds, entry.key) ? kinds[entry.key as TailPolicy['kind']] : undefined;
    if (kind === undefined)
      return problems.add(
        entry.place,
        `there is no policy ${entry.key}; there are ${Object.keys(kinds).join(', ')}`,
      );
    return kind().read(entry.value, `${path}.${entry.key}`, problems);
  },
};

interface CompositeConfig {
  readonly spans_per_second: number;
  readonly of: readonly { readonly policy: TailPolicy; readonly percent: number }[];
}

/** A function, since a composite may hold another. */
function compositeKind(): Kind<CompositeConfig> {
  const share: Kind<{ readonly policy: TailPolicy; readonly percent: number }> = fields({
    policy: required(policyKind, 'What the share is for.'),
    percent: required(number('a number from 0 to 100', 0, 100), 'The share.'),
  });
  return fields({
    spans_per_second: required(integer(1), 'The whole.'),
    of: required(list(share), 'Its parts.'),
  });
}
