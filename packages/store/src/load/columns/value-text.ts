import { Buffer } from 'node:buffer';

/** As the engine's `toString` writes it: as many digits as JavaScript does, and no plus. */
export function plainDouble(double: number): string {
  if (Number.isNaN(double)) return 'nan';
  if (!Number.isFinite(double)) return double > 0 ? 'inf' : '-inf';
  return Object.is(double, -0) ? '-0' : String(double).replace('e+', 'e');
}

/** The eight bytes at `at`, lowest first. */
export function doubleAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 8).getFloat64(0, true);
}

/** A number of 64 bits by its words, with its sign. */
export function wholeNumber(low: number, high: number): string {
  return String((BigInt(high) << 32n) | BigInt(low >>> 0));
}

/** Of the bytes from `start` up to `end`. */
export function base64(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('base64');
}
