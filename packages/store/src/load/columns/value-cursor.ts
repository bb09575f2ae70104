import { Cursor } from '@maru/otlp';

/** Which alternative of an AnyValue is set, by its field number in the proto; `json` is Maru's own for nested values. */
export const valueKind = { none: 0, string: 1, bool: 2, int: 3, double: 4, bytes: 7, json: 15 } as const;

const key = 0x0a;
const value = 0x12;

/**
 * Reads attributes of a request that the check let through (`@maru/otlp`): texts are UTF-8, no field but a repeated one comes
 * twice, an AnyValue has at most one alternative. What was read last stands in the fields, so that no object is made for it.
 */
export class ValueCursor extends Cursor {
  /** Of the last attribute. */
  keyStart = 0;
  keyEnd = 0;
  /** Of the last value: one of `valueKind`. */
  kind = 0;
  /** Where a text, bytes or a double stands. */
  valueStart = 0;
  valueEnd = 0;
  /** The words of the last whole number, as its two's complement. */
  low = 0;
  high = 0;

  /** A KeyValue up to `end`; its parts may come in any order or not at all. */
  keyValue(end: number): void {
    this.keyStart = this.keyEnd = 0;
    this.kind = valueKind.none;
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag === key) {
        this.keyEnd = this.length(end) + this.position;
        this.keyStart = this.position;
        this.position = this.keyEnd;
      } else if (tag === value) this.anyValue(this.length(end) + this.position);
      else this.skipValue(tag & 7, end);
    }
  }

  /** An AnyValue up to `end`. */
  anyValue(end: number): void {
    this.kind = valueKind.none;
    while (this.position < end) {
      const tag = this.tag(end);
      const kind = kindOf(tag);
      if (kind === valueKind.none) this.skipValue(tag & 7, end);
      else this.alternative(kind, tag & 7, end);
    }
  }

  /** A varint of up to 64 bits, into `low` and `high`. */
  words(end: number): void {
    const start = this.position;
    const number = this.varint(end);
    if (number <= Number.MAX_SAFE_INTEGER) {
      this.low = number | 0;
      this.high = (number / 0x1_0000_0000) | 0;
      return;
    }
    this.position = start;
    const exact = this.varint64(end);
    this.low = Number(BigInt.asIntN(32, exact));
    this.high = Number(BigInt.asIntN(32, exact >> 32n));
  }

  private alternative(kind: number, wire: number, end: number): void {
    this.kind = kind;
    if (wire === 0) this.words(end);
    else {
      const size = wire === 1 ? 8 : this.length(end);
      this.valueStart = this.position;
      this.skip(size, end);
      this.valueEnd = this.position;
    }
  }
}

function kindOf(tag: number): number {
  switch (tag) {
    case 0x0a:
      return valueKind.string;
    case 0x10:
      return valueKind.bool;
    case 0x18:
      return valueKind.int;
    case 0x21:
      return valueKind.double;
    case 0x3a:
      return valueKind.bytes;
    case 0x7a:
      return valueKind.json;
    default:
      return valueKind.none;
  }
}
