import { lengthDelimited, type Signal } from '@maru/otlp';
import { type Field, nothing, readFields, writeFields } from './fields.ts';

/** An export request, opened as far as its items. Items are messages as they stand: who changes one writes a new one. */
export interface Telemetry {
  readonly resources: readonly ResourceGroup[];
}

export interface ResourceGroup {
  /** The Resource message. */
  readonly resource: Uint8Array;
  readonly scopes: readonly ScopeGroup[];
  /** Its other fields as they stand. */
  readonly rest: Uint8Array;
}

export interface ScopeGroup {
  /** The InstrumentationScope message. */
  readonly scope: Uint8Array;
  /** Span, Metric or LogRecord messages. */
  readonly items: readonly Uint8Array[];
  readonly rest: Uint8Array;
}

export function readTelemetry(request: Uint8Array): Telemetry {
  const groups = readFields(request).filter(({ number }) => number === 1);
  return { resources: groups.map(({ content }) => readResourceGroup(content)) };
}

function readResourceGroup(bytes: Uint8Array): ResourceGroup {
  const [resource, scopes, rest] = parted(bytes);
  return { resource, scopes: scopes.map(readScopeGroup), rest };
}

function readScopeGroup(bytes: Uint8Array): ScopeGroup {
  const [scope, items, rest] = parted(bytes);
  return { scope, items, rest };
}

/** Both envelopes have what they are of in field 1, what they hold in field 2, and a schema's address. */
function parted(bytes: Uint8Array): [Uint8Array, readonly Uint8Array[], Uint8Array] {
  const fields = readFields(bytes);
  const rest = fields.filter(({ number }) => number > 2);
  return [
    fields.find(({ number }) => number === 1)?.content ?? nothing,
    fields.filter(({ number }) => number === 2).map(({ content }) => content),
    writeFields(rest),
  ];
}

/** The request again, written into one buffer. Groups without items are left out. */
export function writeTelemetry({ resources }: Telemetry): Uint8Array {
  const groups = resources.map(sizedResource).filter(({ size }) => size > 0);
  const buffer = Buffer.allocUnsafe(groups.reduce((sum, { size }) => sum + delimitedSize(size), 0));
  let at = 0;
  const put = (bytes: Uint8Array): void => {
    buffer.set(bytes, at);
    at += bytes.length;
  };
  const head = (tag: number, length: number): void => {
    buffer[at++] = tag;
    for (let rest = length; ; rest >>>= 7) {
      buffer[at++] = rest > 0x7f ? (rest & 0x7f) | 0x80 : rest;
      if (rest <= 0x7f) return;
    }
  };
  const own = (message: Uint8Array): void => {
    if (message.length === 0) return;
    head(firstField, message.length);
    put(message);
  };
  for (const { group, scopes, size } of groups) {
    head(firstField, size);
    own(group.resource);
    for (const { scope, size: scopeSize } of scopes) {
      head(secondField, scopeSize);
      own(scope.scope);
      for (const item of scope.items) {
        head(secondField, item.length);
        put(item);
      }
      put(scope.rest);
    }
    put(group.rest);
  }
  return buffer;
}

/** Keys of the length-delimited fields 1 and 2. */
const firstField = 0x0a;
const secondField = 0x12;

interface SizedScope {
  readonly scope: ScopeGroup;
  readonly size: number;
}

interface SizedResource {
  readonly group: ResourceGroup;
  readonly scopes: readonly SizedScope[];
  /** 0 when nothing of it is written. */
  readonly size: number;
}

function sizedResource(group: ResourceGroup): SizedResource {
  const scopes = group.scopes.filter(({ items }) => items.length > 0).map(sizedScope);
  if (scopes.length === 0) return { group, scopes, size: 0 };
  const inner = scopes.reduce((sum, { size }) => sum + delimitedSize(size), 0);
  return { group, scopes, size: ownSize(group.resource) + inner + group.rest.length };
}

function sizedScope(scope: ScopeGroup): SizedScope {
  const items = scope.items.reduce((sum, { length }) => sum + delimitedSize(length), 0);
  return { scope, size: ownSize(scope.scope) + items + scope.rest.length };
}

function ownSize({ length }: Uint8Array): number {
  return length === 0 ? 0 : delimitedSize(length);
}

/** A field of one byte of key: its length's varint and its content. */
function delimitedSize(length: number): number {
  let size = 2 + length;
  for (let rest = length; rest > 0x7f; rest >>>= 7) size += 1;
  return size;
}

/** Applies a change to every item; undefined leaves an item out. The same value when no item changes. */
export function mapItems(
  telemetry: Telemetry,
  change: (item: Uint8Array, scope: ScopeGroup, resource: ResourceGroup) => Uint8Array | undefined,
): Telemetry {
  let isChanged = false;
  const changed = (item: Uint8Array, scope: ScopeGroup, resource: ResourceGroup): Uint8Array | undefined => {
    const after = change(item, scope, resource);
    isChanged ||= after !== item;
    return after;
  };
  const resources = telemetry.resources.map((resource) => ({
    ...resource,
    scopes: resource.scopes.map((scope) => ({
      ...scope,
      items: scope.items.flatMap((item) => changed(item, scope, resource) ?? []),
    })),
  }));
  return isChanged ? { resources } : telemetry;
}

/** Spans, log records, or data points: what the ledger counts. */
export function countItems(signal: Signal, { resources }: Telemetry): number {
  let count = 0;
  for (const { scopes } of resources)
    for (const { items } of scopes)
      for (const item of items) count += signal === 'metrics' ? (pointsOf(item)?.points.length ?? 0) : 1;
  return count;
}

/** The data of a metric: which kind, its points, and the rest of its fields. */
export interface MetricPoints {
  /** Field number of the kind in Metric: 5 gauge, 7 sum, 9 histogram, 10 exponential, 11 summary, 29 native histogram. */
  readonly kind: number;
  readonly points: readonly Uint8Array[];
  readonly rest: Uint8Array;
}

const kinds: ReadonlySet<number> = new Set([5, 7, 9, 10, 11, 29]);

export function pointsOf(metric: Uint8Array): MetricPoints | undefined {
  const data = readFields(metric).find(isData);
  if (data === undefined) return undefined;
  const fields = readFields(data.content);
  return {
    kind: data.number,
    points: fields.filter(({ number }) => number === 1).map(({ content }) => content),
    rest: writeFields(fields.filter(({ number }) => number !== 1)),
  };
}

function isData({ number, wire }: Field): boolean {
  return wire === 2 && kinds.has(number);
}

/** The metric with other points; undefined when there are none left. */
export function withPoints(metric: Uint8Array, { kind, points, rest }: MetricPoints): Uint8Array | undefined {
  if (points.length === 0) return undefined;
  const data = lengthDelimited(kind, ...points.map((point) => lengthDelimited(1, point)), rest);
  return Buffer.concat([
    ...readFields(metric)
      .filter((field) => !isData(field))
      .map(({ raw }) => raw),
    data,
  ]);
}
