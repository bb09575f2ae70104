/**
 * A label's name out of a URL's path. Names that are no classic identifiers come escaped: `U__` first, then `__` for
 * `_` and `_hex_` for any other character (`http.method` is `U__http_2e_method`).
 *
 * @returns `undefined` for a name that is none
 */
export function unescapeLabelName(text: string): string | undefined {
  if (!text.startsWith('U__')) return text !== '' && text.isWellFormed() ? text : undefined;
  const escaped = text.slice(3);
  const parts = escaped.match(/__|_[0-9a-fA-F]{1,6}_|[^_]/g) ?? [];
  // Anything that is no escape makes the whole text a name that only looks escaped.
  if (parts.join('') !== escaped) return text;
  return parts.map(unescapePart).join('');
}

function unescapePart(part: string): string {
  if (part === '__') return '_';
  if (part.length < 3) return part;
  const code = Number.parseInt(part.slice(1, -1), 16);
  return code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? String.fromCodePoint(code) : '\ufffd';
}
