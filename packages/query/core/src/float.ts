/**
 * Reads a float as Go's `ParseFloat` does: decimal, exponent, hexadecimal, `Inf`, `NaN`, underscores between digits.
 *
 * @returns `undefined` when the text is none.
 */
export function parseFloatText(text: string): number | undefined {
  const unsigned = /^[+-]/.test(text) ? text.slice(1) : text;
  const value = parseUnsigned(unsigned.toLowerCase());
  return value === undefined ? undefined : text.startsWith('-') ? -value : value;
}

function parseUnsigned(text: string): number | undefined {
  if (text === 'inf' || text === 'infinity') return Number.POSITIVE_INFINITY;
  if (text === 'nan') return Number.NaN;
  if (/^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(text)) return Number(text);
  return /^0x[0-9a-f]+$/.test(text) ? Number(text) : undefined;
}
