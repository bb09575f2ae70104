/** What reading a string literal gave: its value and end, or why it is none. */
export type StringLiteralResult =
  | { readonly value: string; readonly end: number }
  | { readonly error: string; readonly end: number };

/**
 * Reads the string literal that starts at `start` with `"`, `'` or a backquote, with Go's escapes. `\xff` and octal
 * escapes give bytes; bytes that are no UTF-8 become lone surrogates (U+DC80 to U+DCFF), so that a check for
 * well-formed text finds them.
 */
export function readStringLiteral(text: string, start: number): StringLiteralResult {
  const quote = text.charAt(start);
  return quote === '`' ? readRaw(text, start) : readEscaped(text, start, quote);
}

function readRaw(text: string, start: number): StringLiteralResult {
  const end = text.indexOf('`', start + 1);
  if (end === -1) return { error: 'unterminated raw string', end: text.length };
  return { value: text.slice(start + 1, end), end: end + 1 };
}

function readEscaped(text: string, start: number, quote: string): StringLiteralResult {
  const pieces: (string | number)[] = [];
  let at = start + 1;
  for (;;) {
    const character = text.charAt(at);
    if (character === '' || character === '\n') return { error: 'unterminated quoted string', end: at };
    if (character === quote) return { value: joinPieces(pieces), end: at + 1 };
    if (character !== '\\') {
      pieces.push(character);
      at += 1;
      continue;
    }
    const escaped = readEscape(text, at + 1, quote);
    if ('error' in escaped) return escaped;
    pieces.push(escaped.piece);
    at = escaped.end;
  }
}

/** A piece is text, or the number of one byte. */
type EscapeResult =
  | { readonly piece: string | number; readonly end: number }
  | { readonly error: string; readonly end: number };

const simpleEscapes: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
]);

/** Digits and base of each numbered escape; `x` and octal give bytes, `u` and `U` code points. */
const numberedEscapes: ReadonlyMap<string, readonly [digits: number, base: number]> = new Map([
  ['x', [2, 16]],
  ['u', [4, 16]],
  ['U', [8, 16]],
]);

function readEscape(text: string, at: number, quote: string): EscapeResult {
  const character = text.charAt(at);
  const simple = character === quote ? quote : simpleEscapes.get(character);
  if (simple !== undefined) return { piece: simple, end: at + 1 };
  const numbered = numberedEscapes.get(character);
  if (numbered !== undefined) return readNumbered(text, at + 1, numbered[0], numbered[1], character === 'x');
  if (character >= '0' && character <= '7') return readNumbered(text, at, 3, 8, true);
  if (character === '') return { error: 'escape sequence not terminated', end: at };
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return { error: `unknown escape sequence U+${code} '${character}'`, end: at + 1 };
}

function readNumbered(text: string, at: number, digits: number, base: number, isByte: boolean): EscapeResult {
  const written = text.slice(at, at + digits);
  const valid = base === 16 ? /^[0-9a-fA-F]+$/ : /^[0-7]+$/;
  if (written.length < digits || !valid.test(written)) {
    return { error: 'illegal character in escape sequence', end: at + written.length };
  }
  const code = Number.parseInt(written, base);
  const isInvalid = isByte ? code > 255 : code > 0x10ffff || (code >= 0xd800 && code < 0xe000);
  if (isInvalid) return { error: 'escape sequence is an invalid Unicode code point', end: at + digits };
  return { piece: isByte ? code : String.fromCodePoint(code), end: at + digits };
}

/** Text pieces as they are; runs of bytes decoded as UTF-8. */
function joinPieces(pieces: readonly (string | number)[]): string {
  let value = '';
  let bytes: number[] = [];
  for (const piece of pieces) {
    if (typeof piece === 'number') {
      bytes.push(piece);
      continue;
    }
    value += decodeBytes(bytes) + piece;
    bytes = [];
  }
  return value + decodeBytes(bytes);
}

function decodeBytes(bytes: readonly number[]): string {
  if (bytes.length === 0) return '';
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return bytes.map((byte) => String.fromCharCode(byte < 0x80 ? byte : 0xdc00 + byte)).join('');
  }
}
