import type { ByteWriter } from './byte-writer.ts';
import { maxWhole, powersOfTen, sameValue, valueLayouts } from './layout.ts';

/** Writes values in the form that is shortest for them, and says which. */
export function encodeValues(values: Float64Array, out: ByteWriter): number {
  const bits = new Uint32Array(values.slice().buffer);
  if (isConstant(bits)) {
    out.bytes(bytesAt(bits, 0));
    return valueLayouts.constant;
  }
  const begin = out.length;
  const decimals = decimalsOf(values);
  if (decimals !== undefined) {
    writeDecimals(decimals, bits, out);
    if (out.length - begin <= values.length * shortEnough) return valueLayouts.decimal;
  }
  const decimal = out.written.slice(begin);
  out.truncate(begin);
  writeXor(bits, out);
  if (decimals === undefined || out.length - begin <= decimal.length) return valueLayouts.xor;
  out.truncate(begin);
  out.bytes(decimal);
  return valueLayouts.decimal;
}

/** Bytes a value under which XOR, which is slower to read, is not tried. */
const shortEnough = 3;

function isConstant(bits: Uint32Array): boolean {
  for (let index = 2; index < bits.length; index += 1) if (bits[index] !== bits[index - 2]) return false;
  return true;
}

/** The 8 bytes of a value, little endian as the machine is. */
function bytesAt(bits: Uint32Array, index: number): Uint8Array {
  return new Uint8Array(bits.buffer, index * 8, 8);
}

/** Values as whole numbers over one power of ten, with the places of those that are none. */
interface Decimals {
  readonly exponent: number;
  readonly wholes: Float64Array;
  readonly exceptions: readonly number[];
}

/** `undefined` when so many are no decimals that nothing is gained. */
function decimalsOf(values: Float64Array): Decimals | undefined {
  const exponent = commonExponent(values);
  if (exponent === undefined) return undefined;
  const scale = powersOfTen[exponent] ?? 1;
  const wholes = new Float64Array(values.length);
  const exceptions: number[] = [];
  let last = 0;
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] ?? Number.NaN;
    if (isDecimal(value, scale)) last = Math.round(value * scale);
    else exceptions.push(index);
    wholes[index] = last;
  }
  return exceptions.length > values.length / 4 ? undefined : { exponent, wholes, exceptions };
}

/** The least exponent with which all are whole that can be; `undefined` when many can not. */
function commonExponent(values: Float64Array): number | undefined {
  let exponent = 0;
  let refused = 0;
  for (const value of values) {
    const own = exponentFrom(value, exponent);
    if (own !== undefined) exponent = own;
    else {
      refused += 1;
      if (refused > 4 + values.length / 4) return undefined;
    }
  }
  return exponent;
}

function exponentFrom(value: number, least: number): number | undefined {
  for (let exponent = least; exponent < powersOfTen.length; exponent += 1) {
    const scale = powersOfTen[exponent] ?? 1;
    if (isDecimal(value, scale)) return exponent;
    if (!(Math.abs(value * scale) < maxWhole)) return undefined;
  }
  return undefined;
}

/** Whether the value comes back when its whole number is divided by the scale, bit by bit. */
function isDecimal(value: number, scale: number): boolean {
  const whole = Math.round(value * scale);
  return whole / scale === value && Math.abs(whole) < maxWhole && !Object.is(value, -0);
}

function writeDecimals({ exponent, wholes, exceptions }: Decimals, bits: Uint32Array, out: ByteWriter): void {
  const usual = usualGain(wholes);
  out.byte(exponent);
  out.signed(wholes[0] ?? 0);
  out.signed(usual);
  for (let index = 1; index < wholes.length; index += 1) {
    out.signed((wholes[index] ?? 0) - (wholes[index - 1] ?? 0) - usual);
  }
  out.varint(exceptions.length);
  let next = 0;
  for (const index of exceptions) {
    out.varint(index - next);
    out.bytes(bytesAt(bits, index));
    next = index + 1;
  }
}

/** What counters grow by, when it makes the differences shorter; resets are left out of the mean. */
function usualGain(wholes: Float64Array): number {
  let [sum, grown, plain] = [0, 0, 0];
  for (let index = 1; index < wholes.length; index += 1) {
    const gain = (wholes[index] ?? 0) - (wholes[index - 1] ?? 0);
    plain += Math.abs(gain);
    if (gain <= 0) continue;
    sum += gain;
    grown += 1;
  }
  const mean = grown === 0 ? 0 : Math.round(sum / grown);
  let around = 0;
  for (let index = 1; index < wholes.length; index += 1) {
    around += Math.abs((wholes[index] ?? 0) - (wholes[index - 1] ?? 0) - mean);
  }
  return around < plain ? mean : 0;
}

/**
 * The first value, then of each the bytes in which it differs from the one before, with how many bytes before and after them
 * do not. Whole bytes and not bits: JavaScript reads bits of 64-bit numbers several times slower.
 */
function writeXor(bits: Uint32Array, out: ByteWriter): void {
  const bytes = new Uint8Array(bits.buffer);
  out.bytes(bytes.subarray(0, 8));
  for (let at = 8; at < bytes.length; at += 8) {
    let low = 0;
    while (low < 8 && bytes[at + low] === bytes[at + low - 8]) low += 1;
    if (low === 8) {
      out.byte(sameValue);
      continue;
    }
    let high = 7;
    while (bytes[at + high] === bytes[at + high - 8]) high -= 1;
    out.byte((low << 3) | high);
    for (let byte = low; byte <= high; byte += 1) {
      out.byte((bytes[at + byte] ?? 0) ^ (bytes[at + byte - 8] ?? 0));
    }
  }
}
