/** Nanoseconds of each unit, larger first: Prometheus's units and Go's. */
const unitNanos: readonly (readonly [unit: string, nanos: bigint])[] = [
  ['y', 31_536_000_000_000_000n],
  ['w', 604_800_000_000_000n],
  ['d', 86_400_000_000_000n],
  ['h', 3_600_000_000_000n],
  ['m', 60_000_000_000n],
  ['s', 1_000_000_000n],
  ['ms', 1_000_000n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ns', 1n],
];

const nanosOf: ReadonlyMap<string, bigint> = new Map(unitNanos);

const part = /(\d+)(?:\.(\d*))?(ms|us|µs|μs|ns|y|w|d|h|m|s)/y;

/** 64-bit nanoseconds end here: 292 years. */
const maxNanos = 2n ** 63n - 1n;

/** Nanoseconds of `1h30m`, `1.5s`, `100ms`, `2d`; `undefined` when the text is no duration. */
export function parseNanoDuration(text: string): bigint | undefined {
  part.lastIndex = 0;
  let total = 0n;
  let end = 0;
  for (let match = part.exec(text); match !== null; match = part.exec(text)) {
    total += partNanos(match[1] ?? '0', match[2] ?? '', match[3] ?? '');
    end = part.lastIndex;
  }
  return end > 0 && end === text.length && total <= maxNanos ? total : undefined;
}

function partNanos(whole: string, fraction: string, unit: string): bigint {
  const nanos = nanosOf.get(unit) ?? 0n;
  const digits = fraction.slice(0, 18);
  return BigInt(whole) * nanos + (BigInt(digits || '0') * nanos) / 10n ** BigInt(digits.length);
}

/** The shortest text for nanoseconds, in whole numbers of each unit: `1h30m`, `1s500ms`, `0s`. */
export function printNanoDuration(nanos: bigint): string {
  if (nanos === 0n) return '0s';
  let rest = nanos < 0n ? -nanos : nanos;
  let text = nanos < 0n ? '-' : '';
  for (const [unit, size] of unitNanos) {
    if (rest < size || !isPrinted(unit)) continue;
    text += `${rest / size}${unit}`;
    rest %= size;
  }
  return text;
}

/** Days and above depend on a calendar for readers; hours do not. */
function isPrinted(unit: string): boolean {
  return unit !== 'y' && unit !== 'w' && unit !== 'd' && unit !== 'µs' && unit !== 'μs';
}

/** A duration as Go's `String()` writes it (`1m30s`, `1.5s`, `250ms`): the form of durations in Tempo's answers. */
export function goDuration(nanos: bigint): string {
  const size = nanos < 0n ? -nanos : nanos;
  const sign = nanos < 0n ? '-' : '';
  if (size === 0n) return '0s';
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 1_000n)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 1_000_000n)}ms`;
  const minutes = size / 60_000_000_000n;
  const seconds = `${decimal(size % 60_000_000_000n, 1_000_000_000n)}s`;
  if (minutes === 0n) return sign + seconds;
  return minutes < 60n
    ? `${sign}${minutes}m${seconds}`
    : `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`;
}

function decimal(value: bigint, unit: bigint): string {
  const fraction = String((value % unit) + unit)
    .slice(1)
    .replace(/0+$/, '');
  return fraction === '' ? `${value / unit}` : `${value / unit}.${fraction}`;
}
