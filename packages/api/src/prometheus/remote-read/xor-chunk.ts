import { varint } from '@maru/otlp';
import { BitWriter } from './bit-writer.ts';

/**
 * Samples as Prometheus's XOR chunk: the count in two bytes; the first time and value whole; of each further time how its
 * distance from the one before differs from the last distance; of each further value the bits that differ from the
 * last. Format: https://github.com/prometheus/prometheus/blob/main/tsdb/docs/format/chunks.md
 *
 * @param bits the values' bits, two numbers each: the upper 32 first
 */
export function xorChunk(times: ArrayLike<number>, bits: Uint32Array): Uint8Array {
  const writer = new BitWriter();
  writer.write(times.length, 16);
  const values = new ValueWriter(writer);
  let lastDelta = 0;
  for (let index = 0; index < times.length; index += 1) {
    const time = times[index] ?? 0;
    const delta = time - (times[index - 1] ?? 0);
    if (index === 0) writeBytes(writer, varint(zigzag(BigInt(time))));
    else if (index === 1) writeBytes(writer, varint(delta));
    else writeDeltaOfDelta(writer, delta - lastDelta);
    lastDelta = delta;
    values.write(bits[2 * index] ?? 0, bits[2 * index + 1] ?? 0);
  }
  return writer.bytes();
}

function zigzag(value: bigint): bigint {
  return value < 0n ? -2n * value - 1n : 2n * value;
}

function writeBytes(writer: BitWriter, bytes: Uint8Array): void {
  for (const byte of bytes) writer.write(byte, 8);
}

/** A prefix that says how many bits follow. */
const timeWidths = [
  { prefix: 0b10, prefixBits: 2, bits: 14 },
  { prefix: 0b110, prefixBits: 3, bits: 17 },
  { prefix: 0b1110, prefixBits: 4, bits: 20 },
] as const;

function writeDeltaOfDelta(writer: BitWriter, difference: number): void {
  const width = timeWidths.find(
    ({ bits }) => difference >= -(2 ** (bits - 1) - 1) && difference <= 2 ** (bits - 1),
  );
  if (difference === 0) writer.write(0, 1);
  else if (width === undefined) writeWhole(writer, difference);
  else {
    writer.write(width.prefix, width.prefixBits);
    writer.write(difference, width.bits);
  }
}

function writeWhole(writer: BitWriter, difference: number): void {
  const whole = BigInt.asUintN(64, BigInt(difference));
  writer.write(0b1111, 4);
  writer.write(Number(whole >> 32n), 32);
  writer.write(Number(whole & 0xffffffffn), 32);
}

/** No window yet. */
const noLeading = 0xff;

class ValueWriter {
  readonly #writer: BitWriter;
  #count = 0;
  #upper = 0;
  #lower = 0;
  #leading = noLeading;
  #trailing = 0;

  constructor(writer: BitWriter) {
    this.#writer = writer;
  }

  write(upper: number, lower: number): void {
    const [high, low] = [(upper ^ this.#upper) >>> 0, (lower ^ this.#lower) >>> 0];
    const isFirst = this.#count === 0;
    this.#count += 1;
    this.#upper = upper;
    this.#lower = lower;
    if (isFirst) {
      this.#writer.write(upper, 32);
      this.#writer.write(lower, 32);
    } else if (high === 0 && low === 0) this.#writer.write(0, 1);
    else this.#difference(high, low);
  }

  #difference(high: number, low: number): void {
    const leading = Math.min(31, high === 0 ? 32 + Math.clz32(low) : Math.clz32(high));
    const trailing = low === 0 ? 32 + trailingZeros(high) : trailingZeros(low);
    this.#writer.write(1, 1);
    if (this.#leading !== noLeading && leading >= this.#leading && trailing >= this.#trailing)
      this.#writer.write(0, 1);
    else {
      this.#leading = leading;
      this.#trailing = trailing;
      this.#writer.write(1, 1);
      this.#writer.write(leading, 5);
      // 64 does not fit six bits and is written as 0, which cannot occur otherwise.
      this.#writer.write((64 - leading - trailing) & 63, 6);
    }
    this.#significant(high, low);
  }

  /** The bits between the leading and the trailing zeros of the window. */
  #significant(high: number, low: number): void {
    const [leading, trailing] = [this.#leading, this.#trailing];
    if (trailing >= 32) this.#writer.write(high >>> (trailing - 32), 64 - leading - trailing);
    else {
      this.#writer.write(high, 32 - leading);
      this.#writer.write(low >>> trailing, 32 - trailing);
    }
  }
}

function trailingZeros(value: number): number {
  return 31 - Math.clz32(value & -value);
}
