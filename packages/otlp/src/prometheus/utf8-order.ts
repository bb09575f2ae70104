/** Order of two strings by their UTF-8 bytes, Go's order; UTF-16's differs from U+E000 on against surrogates. */
export function compareUtf8(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return codeUnitRank(a) - codeUnitRank(b);
  }
  return left.length - right.length;
}

/** Texts in that order. Without surrogates it is the language's own, which sorts ten times as fast. */
export function sortedUtf8(texts: Iterable<string>): readonly string[] {
  const all = [...texts];
  return all.some((text) => /[\uD800-\uDFFF]/.test(text)) ? all.sort(compareUtf8) : all.sort();
}

/** Surrogates stand for code points beyond U+FFFF: they come after every other unit. */
function codeUnitRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
