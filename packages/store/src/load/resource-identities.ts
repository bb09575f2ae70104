import { Buffer } from 'node:buffer';
import type { Lends } from '../engine/lane.ts';
import { GrowingBytes } from '../native/columns/growing-bytes.ts';
import { decodeNative } from '../native/decode.ts';
import { sql } from '../sql.ts';
import { ValueCursor, valueKind } from './columns/value-cursor.ts';
import type { MarkedResource } from './resource-marks.ts';
import { attributesType } from './structure.ts';

/** What the rows of a resource carry of it. */
export interface ResourceIdentity {
  /** The words of `resource_id`. */
  readonly low: number;
  readonly high: number;
  /** UTF-8. */
  readonly serviceName: Uint8Array;
}

/** Some 10 MB. */
const mostKnown = 50_000;
/** Of a statement; the engine takes four times as much. */
const bytesAtOnce = 32 * 1024;
/** A segment with more that is new is for the engine to read. */
const mostBytes = 16 * bytesAtOnce;

/**
 * The resources that this process has seen, by their marks. What is new is asked of the engine, which alone says how
 * attributes are hashed: an id that was made here could differ from the one that stands in the tables.
 */
export class ResourceIdentities {
  readonly #lane: Lends;
  readonly #known: Map<number, ResourceIdentity> = new Map();

  constructor(lane: Lends) {
    this.#lane = lane;
  }

  /** The identities of resources, in their order; undefined when too much of them is new. */
  async of(resources: readonly MarkedResource[]): Promise<readonly ResourceIdentity[] | undefined> {
    const unknown = new Map(
      resources.filter(({ mark }) => !this.#known.has(mark)).map((one) => [one.mark, one]),
    );
    const sizes = [...unknown.values()].map(({ start, end }) => end - start);
    if (sizes.some((size) => size > bytesAtOnce) || sizes.reduce((sum, size) => sum + size, 0) > mostBytes)
      return undefined;
    if (this.#known.size + unknown.size > mostKnown) this.#known.clear();
    if (unknown.size > 0) for (const batch of batches([...unknown.values()])) await this.#learn(batch);
    const identities = resources.flatMap(({ mark }) => this.#known.get(mark) ?? []);
    return identities.length === resources.length ? identities : undefined;
  }

  async #learn(resources: readonly MarkedResource[]): Promise<void> {
    const rows = new GrowingBytes();
    for (const resource of resources) writeAttributes(resource, rows);
    const query = sql`SELECT attributesHash(attributes) AS resource_id, serviceName(attributes) AS service_name
      FROM format('RowBinary', ${`attributes ${attributesType}`}, unhex(${Buffer.from(rows.written).toString('hex')}))`;
    const columns = decodeNative(await this.#lane.lend((session) => session.run(query.text, 'Native')));
    const ids = columns.column('resource_id');
    const names = columns.column('service_name');
    if (ids.kind !== 'uint' || names.kind !== 'string')
      throw new TypeError('resources are told by a number and a name');
    for (const [index, { mark }] of resources.entries())
      this.#known.set(mark, identity(ids.values[index] ?? 0n, names.values[index] ?? ''));
  }
}

function identity(id: bigint, serviceName: string): ResourceIdentity {
  return {
    low: Number(BigInt.asUintN(32, id)),
    high: Number(id >> 32n),
    serviceName: Buffer.from(serviceName),
  };
}

/** Of no more than so many bytes each. */
function batches(resources: readonly MarkedResource[]): readonly (readonly MarkedResource[])[] {
  let batch: MarkedResource[] = [];
  const made = [batch];
  let size = 0;
  for (const resource of resources) {
    const bytes = resource.end - resource.start;
    if (size + bytes > bytesAtOnce) {
      batch = [];
      made.push(batch);
      size = 0;
    }
    batch.push(resource);
    size += bytes;
  }
  return made;
}

const attribute = 0x0a;

/** A resource's attributes as a row of the engine's `RowBinary`, of the type by which it reads them out of a segment. */
function writeAttributes({ bytes, start, end }: MarkedResource, rows: GrowingBytes): void {
  const cursor = new ValueCursor(bytes);
  const written = new GrowingBytes();
  let count = 0;
  cursor.position = start;
  while (cursor.position < end) {
    const tag = cursor.tag(end);
    if (tag !== attribute) cursor.skipValue(tag & 7, end);
    else {
      cursor.keyValue(cursor.length(end) + cursor.position);
      writeAttribute(cursor, written);
      count += 1;
    }
  }
  rows.varint(count);
  rows.range(written.memory, 0, written.length);
}

function writeAttribute(cursor: ValueCursor, row: GrowingBytes): void {
  const { bytes, kind, low, high, valueStart, valueEnd } = cursor;
  const text = (isSet: boolean): void => {
    row.varint(isSet ? valueEnd - valueStart : 0);
    if (isSet) row.range(bytes, valueStart, valueEnd);
  };
  row.varint(cursor.keyEnd - cursor.keyStart);
  row.range(bytes, cursor.keyStart, cursor.keyEnd);
  row.byte(kind);
  text(kind === valueKind.string);
  row.byte(kind === valueKind.bool ? low : 0);
  if (kind === valueKind.int) words(row, low, high);
  else row.zeros(8);
  if (kind === valueKind.double) row.range(bytes, valueStart, valueEnd);
  else row.zeros(8);
  text(kind === valueKind.bytes);
  text(kind === valueKind.json);
}

function words(row: GrowingBytes, low: number, high: number): void {
  const bytes = new Uint8Array(Int32Array.of(low, high).buffer);
  row.range(bytes, 0, bytes.length);
}
