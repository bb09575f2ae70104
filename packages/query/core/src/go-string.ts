/** A string literal that was read: its value, and the offset just after its closing quote. */
export interface QuotedString {
  readonly value: string;
  readonly end: number;
}

/** Why a string literal could not be read, and at which offset. */
export interface BadString {
  readonly problem: string;
  readonly at: number;
}

/**
 * Reads the string literal that starts at `start`, as Go writes them: in double quotes with escapes, or in backquotes
 * as it stands. Bytes written as `\x80` or `\200` and above are joined to UTF-8; what is none becomes U+FFFD.
 */
export function readGoString(text: string, start: number): QuotedString | BadString {
  return text[start] === '`' ? readRaw(text, start) : readEscaped(text, start);
}

function readRaw(text: string, start: number): QuotedString | BadString {
  const end = text.indexOf('`', start + 1);
  if (end < 0) return { problem: 'the string is not closed: a ` is missing', at: start };
  return { value: text.slice(start + 1, end).replaceAll('\r', ''), end: end + 1 };
}

function readEscaped(text: string, start: number): QuotedString | BadString {
  const quote = text[start] ?? '"';
  const pieces: Buffer[] = [];
  let index = start + 1;
  while (index < text.length && text[index] !== quote && text[index] !== '\n') {
    const escaped = text[index] === '\\';
    const piece = escaped ? readEscape(text, index, quote) : readPlain(text, index, quote);
    if ('problem' in piece) return piece;
    pieces.push(piece.bytes);
    index = piece.end;
  }
  if (text[index] !== quote) return { problem: `the string is not closed: a ${quote} is missing`, at: start };
  return { value: Buffer.concat(pieces).toString('utf8'), end: index + 1 };
}

interface Piece {
  readonly bytes: Buffer;
  readonly end: number;
}

function readPlain(text: string, start: number, quote: string): Piece {
  let end = start;
  while (end < text.length && text[end] !== quote && text[end] !== '\\' && text[end] !== '\n') end += 1;
  return { bytes: Buffer.from(text.slice(start, end)), end };
}

const namedEscapes: ReadonlyMap<string, string> = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
]);

/** Escapes written with digits: their introducing letter, how many digits, of which base, and whether they are a byte. */
const numericEscapes: readonly (readonly [pattern: RegExp, base: number, isByte: boolean])[] = [
  [/x([0-9a-fA-F]{2})/y, 16, true],
  [/u([0-9a-fA-F]{4})/y, 16, false],
  [/U([0-9a-fA-F]{8})/y, 16, false],
  [/([0-7]{3})/y, 8, true],
];

function readEscape(text: string, at: number, quote: string): Piece | BadString {
  const letter = text[at + 1] ?? '';
  const named = letter === quote ? quote : namedEscapes.get(letter);
  if (named !== undefined) return { bytes: Buffer.from(named), end: at + 2 };
  for (const [pattern, base, isByte] of numericEscapes) {
    pattern.lastIndex = at + 1;
    const match = pattern.exec(text);
    const bytes =
      match?.[1] === undefined ? undefined : numericBytes(Number.parseInt(match[1], base), isByte);
    if (match !== null && bytes !== undefined) return { bytes, end: at + 1 + match[0].length };
  }
  return { problem: `unknown escape \\${letter}`, at };
}

function numericBytes(code: number, isByte: boolean): Buffer | undefined {
  if (isByte) return code > 0xff ? undefined : Buffer.from([code]);
  const isCharacter = code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return isCharacter ? Buffer.from(String.fromCodePoint(code)) : undefined;
}
