/** The bytes are not the protobuf message they claim to be. `offset` counts from the start of the request. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
  readonly offset: number;
  readonly what: string;

  constructor(offset: number, what: string) {
    super(`byte ${offset}: ${what}`);
    this.offset = offset;
    this.what = what;
  }
}

const maxVarintBytes = 10;
const maxFieldNumber = 0x1fffffff;

/**
 * Reads protobuf's wire format at a moving position. Every read takes the end of the enclosing message and throws
 * `Malformed` instead of passing it; `end` is never beyond the buffer.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** A field's key as `number << 3 | wire type`, of at most 32 bits. */
  tag(end: number): number {
    const first = this.bytes[this.position] as number;
    if (first < 0x80 && first > 7) {
      this.position += 1;
      return first;
    }
    return this.longTag(end);
  }

  /** A varint's value: exact below 2^53, only its size is meaningful from there on. */
  varint(end: number): number {
    const first = this.bytes[this.position] as number;
    if (first < 0x80 && this.position < end) {
      this.position += 1;
      return first;
    }
    return this.longVarint(end);
  }

  /** A varint's exact value, unsigned. */
  varint64(end: number): bigint {
    const start = this.position;
    const value = this.varint(end);
    if (value <= Number.MAX_SAFE_INTEGER) return BigInt(value);
    let exact = 0n;
    for (let at = this.position - 1; at >= start; at--)
      exact = (exact << 7n) | BigInt((this.bytes[at] as number) & 0x7f);
    return exact;
  }

  /** The length of a field's content, which is known to lie before `end`. */
  length(end: number): number {
    const at = this.position;
    const length = this.varint(end);
    if (length > end - this.position) {
      throw new Malformed(at, `a length of ${length} bytes where ${end - this.position} are left`);
    }
    return length;
  }

  /** Steps over `size` bytes. */
  skip(size: number, end: number): void {
    if (size > end - this.position) {
      throw new Malformed(this.position, `a value of ${size} bytes where ${end - this.position} are left`);
    }
    this.position += size;
  }

  /** Steps over the value of a field nobody knows. Groups are refused: no version of OTLP has had them. */
  skipValue(wire: number, end: number): void {
    if (wire === 0) this.varint(end);
    else if (wire === 1) this.skip(8, end);
    else if (wire === 2) this.skip(this.length(end), end);
    else if (wire === 5) this.skip(4, end);
    else throw new Malformed(this.position, `wire type ${wire}, which OTLP does not use`);
  }

  private longTag(end: number): number {
    const at = this.position;
    const tag = this.varint(end);
    const field = Math.floor(tag / 8);
    if (field === 0 || field > maxFieldNumber)
      throw new Malformed(at, `field number ${field}, which is not legal`);
    return tag;
  }

  private longVarint(end: number): number {
    const at = this.position;
    const limit = Math.min(end, at + maxVarintBytes);
    let value = 0;
    let scale = 1;
    while (this.position < limit) {
      const byte = this.bytes[this.position++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return this.within64Bits(at, byte, value);
      scale *= 128;
    }
    throw new Malformed(at, limit === end ? 'a number that does not end' : 'a number of more than 10 bytes');
  }

  private within64Bits(at: number, last: number, value: number): number {
    if (this.position - at === maxVarintBytes && last > 1)
      throw new Malformed(at, 'a number of more than 64 bits');
    return value;
  }
}
