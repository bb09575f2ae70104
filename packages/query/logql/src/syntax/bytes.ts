/** Bytes of each unit, decimal and binary, by its lower-case name. */
const unitBytes: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['kb', 1e3],
  ['mb', 1e6],
  ['gb', 1e9],
  ['tb', 1e12],
  ['pb', 1e15],
  ['eb', 1e18],
  ['kib', 2 ** 10],
  ['mib', 2 ** 20],
  ['gib', 2 ** 30],
  ['tib', 2 ** 40],
  ['pib', 2 ** 50],
  ['eib', 2 ** 60],
]);

/** Bytes of `42MB`, `1.5KiB`; `undefined` when the text is no size. */
export function parseBytes(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)\s*([a-zA-Z]+)$/.exec(text);
  const unit = unitBytes.get((match?.[2] ?? '').toLowerCase());
  return match === null || unit === undefined ? undefined : Math.trunc(Number(match[1]) * unit);
}
