import { Problems, readYaml } from '@maru/config';
import { fixed64Field, lengthDelimited, type Signal, stringField, varintField } from '@maru/otlp';
import { anyValueOf, printed, readAttributes, type Scalar } from './model/attributes.ts';
import { readFields } from './model/fields.ts';
import { pointsOf, readTelemetry, writeTelemetry } from './model/telemetry.ts';
import type { Part } from './part.ts';
import type { Processor } from './processors/processor.ts';
import { createProcessor, processorKind } from './processors/table.ts';

/** Attributes by key, as tests write and read them. For tests only, like all of this file. */
export type TestAttributes = Readonly<Record<string, Scalar>>;

function attributesField(number: number, attributes: TestAttributes): Uint8Array {
  return Buffer.concat(
    Object.entries(attributes).map(([key, value]) =>
      lengthDelimited(number, stringField(1, key), lengthDelimited(2, anyValueOf(value))),
    ),
  );
}

export interface TestSpan {
  readonly traceId?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly traceState?: string;
  readonly attributes?: TestAttributes;
  readonly startMs?: number;
  readonly endMs?: number;
  readonly error?: string;
}

export function span(of: TestSpan = {}): Uint8Array {
  return lengthDelimited(
    2,
    lengthDelimited(1, Buffer.from(of.traceId ?? '0102030405060708090a0b0c0d0e0f10', 'hex')),
    lengthDelimited(2, Buffer.from('0102030405060708', 'hex')),
    of.traceState === undefined ? Buffer.alloc(0) : stringField(3, of.traceState),
    stringField(5, of.name ?? 'GET /'),
    varintField(6, of.kind ?? 2),
    fixed64Field(7, BigInt(of.startMs ?? 1000) * 1_000_000n),
    fixed64Field(8, BigInt(of.endMs ?? 1010) * 1_000_000n),
    attributesField(9, of.attributes ?? {}),
    of.error === undefined
      ? Buffer.alloc(0)
      : lengthDelimited(15, stringField(2, of.error), varintField(3, 2)),
  );
}

export function logRecord(body: string, attributes: TestAttributes = {}, severity = 9): Uint8Array {
  return lengthDelimited(
    2,
    fixed64Field(1, 1n),
    varintField(2, severity),
    lengthDelimited(5, stringField(1, body)),
    attributesField(6, attributes),
  );
}

/** A gauge with a point for each of these attributes. */
export function gauge(name: string, points: readonly TestAttributes[]): Uint8Array {
  const written = points.map((attributes) =>
    lengthDelimited(1, fixed64Field(3, 1n), fixed64Field(6, 5n), attributesField(7, attributes)),
  );
  return lengthDelimited(2, stringField(1, name), lengthDelimited(5, ...written));
}

/** A request of one resource and scope; the items are fields 2 of the scope's group. */
export function requestOf(
  items: readonly Uint8Array[],
  resource: TestAttributes = { 'service.name': 'board' },
): Uint8Array {
  const scope = lengthDelimited(1, stringField(1, 'test'));
  return lengthDelimited(
    1,
    lengthDelimited(1, attributesField(1, resource)),
    lengthDelimited(2, scope, ...items),
  );
}

/** A request on its way to a destination. */
export function testPart(bytes: Uint8Array, items = 1): Part {
  const start = { segment: 1, offset: 0 };
  const token = { end: start, left: items, settled: {}, abandoned: false };
  return { bytes, items, isOwn: false, receivedTimeUnixNano: 0n, start, piece: 0, token };
}

/** A processor as a configuration file describes it. Throws what is wrong with that. */
export function processorOf(yaml: string, signal: Signal = 'traces'): Processor | undefined {
  const problems = new Problems();
  const settings = processorKind.read(readYaml(yaml, 'test.yaml', {}), 'processor', problems);
  problems.throwIfAny();
  return settings && createProcessor(signal, settings);
}

/** The request after a processor that changes each for itself. */
export function processed(yaml: string, request: Uint8Array, signal: Signal = 'traces'): Uint8Array {
  const processor = processorOf(yaml, signal);
  if (processor === undefined) return request;
  if (processor.kind !== 'changing') throw new Error('a processor that holds items back');
  return writeTelemetry(processor.process(readTelemetry(request)));
}

export function itemsIn(request: Uint8Array): readonly Uint8Array[] {
  return readTelemetry(request).resources.flatMap(({ scopes }) => scopes.flatMap(({ items }) => items));
}

function attributesIn(message: Uint8Array, number: number): Record<string, string> {
  const found = readAttributes(readFields(message), number);
  return Object.fromEntries(found.map(({ key, value }) => [key, printed(value)]));
}

/** Attributes of every span. */
export function spanAttributes(request: Uint8Array): readonly Record<string, string>[] {
  return itemsIn(request).map((item) => attributesIn(item, 9));
}

export function spanNames(request: Uint8Array): readonly string[] {
  return itemsIn(request).map((item) => textIn(item, 5));
}

export function textIn(message: Uint8Array, number: number): string {
  const field = readFields(message).find((one) => one.number === number);
  return Buffer.from(field?.content ?? []).toString('utf8');
}

/** Attributes of every point of every gauge. */
export function pointAttributes(request: Uint8Array): readonly Record<string, string>[] {
  return itemsIn(request).flatMap((metric) =>
    (pointsOf(metric)?.points ?? []).map((point) => attributesIn(point, 7)),
  );
}

export function resourceAttributes(request: Uint8Array): Record<string, string> {
  const [group] = readTelemetry(request).resources;
  return group === undefined ? {} : attributesIn(group.resource, 1);
}
