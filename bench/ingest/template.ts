import { Cursor } from '@maru/otlp';

/** Where in a message the fields stand that make a request new: the path of field numbers down to each. */
export interface StampedFields {
  readonly items: readonly number[];
  /** Fields of an item that hold a time (fixed64). */
  readonly times: readonly number[];
  /** Field of an item that holds a trace id, where there is one. */
  readonly traceId?: number;
}

/**
 * A request that can be sent again and again, each time with new times and new trace ids: rows that repeat would compress
 * better than any real ones. Only the bytes of these fields are written; nothing is encoded again.
 */
export class Template {
  readonly bytes: Buffer;
  readonly #times: readonly { readonly at: number; readonly sinceFirst: bigint }[];
  readonly #ids: readonly number[];

  constructor(bytes: Uint8Array, fields: StampedFields) {
    this.bytes = Buffer.from(bytes);
    const times = fieldOffsets(bytes, fields.items, new Set(fields.times));
    const values = times.map((at) => this.bytes.readBigUInt64LE(at));
    const first = values.toSorted((left, right) => Number(left - right))[0] ?? 0n;
    this.#times = times.map((at, index) => ({ at, sinceFirst: (values[index] ?? first) - first }));
    const ids =
      fields.traceId === undefined ? [] : fieldOffsets(bytes, fields.items, new Set([fields.traceId]));
    // Behind the key and the length of one byte.
    this.#ids = ids.map((at) => at + 1);
  }

  /** `use` differs for each use of any template, so that no trace id comes twice. */
  stamp(timeUnixNano: bigint, use: number): Buffer {
    for (const { at, sinceFirst } of this.#times) this.bytes.writeBigUInt64LE(timeUnixNano + sinceFirst, at);
    for (const at of this.#ids) this.bytes.writeUInt32LE(use, at);
    return this.bytes;
  }
}

/** The offsets of the contents of these fields in every message at the path. */
function fieldOffsets(bytes: Uint8Array, path: readonly number[], wanted: ReadonlySet<number>): number[] {
  const found: number[] = [];
  walk(new Cursor(bytes), bytes.length, path, (field, at) => {
    if (wanted.has(field)) found.push(at);
  });
  return found;
}

function walk(
  cursor: Cursor,
  end: number,
  path: readonly number[],
  visit: (field: number, contentAt: number) => void,
): void {
  const [next, ...below] = path;
  while (cursor.position < end) {
    const tag = cursor.tag(end);
    if (next === undefined) visit(tag >>> 3, cursor.position);
    if (tag >>> 3 === next) walk(cursor, cursor.length(end) + cursor.position, below, visit);
    else cursor.skipValue(tag & 7, end);
  }
}
