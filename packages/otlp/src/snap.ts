import { concat, varint } from './encode.ts';

/** Bits of the table of what was seen where. */
const tableBits = 14;
const shortestMatch = 4;
/** Copies of one element reach no further: two bytes say how far. */
const furthest = 65_535;
/** Snappy's copy with an offset of two bytes is of up to so many. */
const longestCopy = 64;

/**
 * Makes a Snappy block, the block format of remote write and of Loki's push: runs that stood before are replaced by copies, greedily, as Snappy's own
 * encoders do. Every decoder takes it.
 */
export function snap(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const table = new Int32Array(1 << tableBits).fill(-1);
  const parts: Uint8Array[] = [varint(bytes.length)];
  let literalFrom = 0;
  let at = 0;
  while (at + shortestMatch <= bytes.length) {
    const word = wordAt(bytes, at);
    const slot = Math.imul(word, 0x1e35a7bd) >>> (32 - tableBits);
    const seen = table[slot] ?? -1;
    table[slot] = at;
    if (seen < 0 || at - seen > furthest || wordAt(bytes, seen) !== word) {
      at += 1;
      continue;
    }
    const length = matchLength(bytes, seen, at);
    parts.push(...literal(bytes.subarray(literalFrom, at)), ...copies(at - seen, length));
    at += length;
    literalFrom = at;
  }
  parts.push(...literal(bytes.subarray(literalFrom)));
  return Uint8Array.from(concat(...parts));
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] ?? 0) |
    ((bytes[at + 1] ?? 0) << 8) |
    ((bytes[at + 2] ?? 0) << 16) |
    ((bytes[at + 3] ?? 0) << 24)
  );
}

function matchLength(bytes: Uint8Array, from: number, to: number): number {
  let length = shortestMatch;
  while (to + length < bytes.length && bytes[from + length] === bytes[to + length]) length += 1;
  return length;
}

function literal(bytes: Uint8Array): readonly Uint8Array[] {
  const last = bytes.length - 1;
  if (last < 0) return [];
  if (last < 60) return [Uint8Array.of(last << 2), bytes];
  const size = last < 0x100 ? 1 : last < 0x10000 ? 2 : last < 0x1000000 ? 3 : 4;
  const head = Uint8Array.from({ length: size + 1 }, (_, index) =>
    index === 0 ? (59 + size) << 2 : (last >>> (8 * (index - 1))) & 0xff,
  );
  return [head, bytes];
}

function copies(offset: number, length: number): readonly Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let left = length; left > 0; left -= longestCopy) {
    const size = Math.min(left, longestCopy);
    parts.push(Uint8Array.of(((size - 1) << 2) | 2, offset & 0xff, offset >>> 8));
  }
  return parts;
}
