import { Buffer } from 'node:buffer';
import { GrowingBytes } from '../../native/columns/growing-bytes.ts';
import { type ValueCursor, valueKind } from './value-cursor.ts';
import { base64, doubleAt, plainDouble, wholeNumber } from './value-text.ts';

/** What JSON writes with a letter, as the engine's `toJSONString` does: `/`, too. */
const short: Readonly<Record<number, string>> = {
  8: '\\b',
  9: '\\t',
  10: '\\n',
  12: '\\f',
  13: '\\r',
  34: '\\"',
  47: '\\/',
  92: '\\\\',
};

/** For each byte what stands in its place; undefined where it stands itself. */
const escapes: readonly (Uint8Array | undefined)[] = Array.from({ length: 256 }, (_, byte) => {
  if (byte >= 0x20 && short[byte] === undefined) return undefined;
  return Buffer.from(short[byte] ?? `\\u${byte.toString(16).toUpperCase().padStart(4, '0')}`);
});

/** The first byte of U+2028 and U+2029, which end a line in JavaScript: the engine writes them as numbers. */
const lineEndLead = 0xe2;

/** Values as JSON text, byte for byte as `valueJson` of `schema/functions.sql` writes them. */
export class JsonText {
  readonly bytes: GrowingBytes = new GrowingBytes();

  /** Writes the value that the cursor has read last, in place of what was written before. */
  write(cursor: ValueCursor): void {
    this.bytes.clear();
    const { bytes, kind, valueStart, valueEnd } = cursor;
    if (kind === valueKind.string) this.#string(bytes, valueStart, valueEnd);
    else if (kind === valueKind.json) this.bytes.range(bytes, valueStart, valueEnd);
    else this.#ascii(scalarText(cursor));
  }

  #string(source: Uint8Array, start: number, end: number): void {
    this.bytes.byte(0x22);
    let plain = start;
    for (let at = start; at < end; at += 1) {
      const byte = source[at] as number;
      const written = byte === lineEndLead ? lineEnd(source, at) : escapes[byte];
      if (written === undefined) continue;
      this.bytes.range(source, plain, at);
      this.bytes.range(written, 0, written.length);
      plain = byte === lineEndLead ? at + 3 : at + 1;
    }
    this.bytes.range(source, plain, end);
    this.bytes.byte(0x22);
  }

  #ascii(text: string): void {
    for (let index = 0; index < text.length; index += 1) this.bytes.byte(text.charCodeAt(index));
  }
}

const lineSeparator = Buffer.from('\\u2028');
const paragraphSeparator = Buffer.from('\\u2029');

function lineEnd(source: Uint8Array, at: number): Uint8Array | undefined {
  if (source[at + 1] !== 0x80) return undefined;
  if (source[at + 2] === 0xa8) return lineSeparator;
  return source[at + 2] === 0xa9 ? paragraphSeparator : undefined;
}

function scalarText({ bytes, kind, low, high, valueStart, valueEnd }: ValueCursor): string {
  switch (kind) {
    case valueKind.int:
      return wholeNumber(low, high);
    case valueKind.bool:
      return low === 0 ? 'false' : 'true';
    case valueKind.double:
      return doubleText(doubleAt(bytes, valueStart));
    case valueKind.bytes:
      return `"${base64(bytes, valueStart, valueEnd)}"`;
    default:
      return 'null';
  }
}

/** A double that reads back as a double. */
function doubleText(double: number): string {
  if (!Number.isFinite(double)) return `"${double}"`;
  const text = plainDouble(double);
  return /[.e]/.test(text) ? text : `${text}.0`;
}
