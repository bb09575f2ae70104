/** How numbers and times are written: a BCP 47 locale and an IANA time zone (undefined: the browser's). */
export interface Notation {
  readonly locale: string;
  readonly timeZone: string | undefined;
}

const durationUnits = [
  [1e9 * 3600, 'h'],
  [1e9 * 60, 'm'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
] as const;

/** A duration in nanoseconds with three significant digits: `412 µs`, `1.05 s`, `2m 5s`; nothing at all is `0`. */
export function formatDuration(nanos: number): string {
  if (!Number.isFinite(nanos)) return '–';
  if (nanos === 0) return '0';
  if (nanos < 0) return `−${formatDuration(-nanos)}`;
  if (nanos >= 60e9) return longDuration(nanos);
  for (const [size, unit] of durationUnits) {
    if (nanos >= size) return `${significant(nanos / size)} ${unit}`;
  }
  return `${Math.round(nanos)} ns`;
}

function longDuration(nanos: number): string {
  const seconds = Math.round(nanos / 1e9);
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  return hours > 0 ? `${hours}h ${minutes}m` : `${minutes}m ${rest}s`;
}

function significant(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** A count, whole and grouped below 100,000 and shortened above: `12,345`, `1.2M` (`123만` in Korean). */
export function formatCount(value: number, { locale }: Notation): string {
  if (!Number.isFinite(value)) return '–';
  if (Math.abs(value) < 100_000)
    return new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }).format(value);
  return new Intl.NumberFormat(locale, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A ratio of 0 to 1 as percent: `0%`, `0.42%`, `12%`. */
export function formatRatio(ratio: number, { locale }: Notation): string {
  const maximumFractionDigits = ratio < 0.1 ? 2 : 1;
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits }).format(ratio);
}

/** A rate per second with three significant digits; what is rarer than once in 100 s is only said to be so. */
export function formatRate(perSecond: number, { locale }: Notation): string {
  if (perSecond > 0 && perSecond < 0.01) return '<0.01';
  const maximumSignificantDigits = 3;
  return new Intl.NumberFormat(locale, { maximumSignificantDigits, notation: 'compact' }).format(perSecond);
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'] as const;

/** A size in bytes by powers of 1,024. */
export function formatBytes(bytes: number): string {
  const power = Math.min(byteUnits.length - 1, Math.max(0, Math.floor(Math.log2(Math.abs(bytes) || 1) / 10)));
  return `${significant(bytes / 1024 ** power)} ${byteUnits[power]}`;
}

/** A metric's value in its unit, as UCUM (`s`, `By`) or Prometheus (`seconds`, `bytes`) names it. */
export function formatValue(value: number, unit: string, notation: Notation): string {
  if (Number.isNaN(value)) return 'NaN';
  const [base = '', per] = unit.split('/');
  const suffix = per ? `/${per}` : '';
  return formatBase(value, base, notation) + suffix;
}

function formatBase(value: number, unit: string, notation: Notation): string {
  switch (unit) {
    case 's':
    case 'seconds':
      return formatDuration(value * 1e9);
    case 'ms':
    case 'milliseconds':
      return formatDuration(value * 1e6);
    case 'By':
    case 'bytes':
      return formatBytes(value);
    case 'ratio':
      return formatRatio(value, notation);
    case '%':
    case 'percent':
      return `${significant(value)}%`;
    default:
      return formatPlain(value, notation);
  }
}

function formatPlain(value: number, { locale }: Notation): string {
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '−Inf';
  const small = value !== 0 && Math.abs(value) < 0.001;
  if (small) return value.toExponential(2);
  return new Intl.NumberFormat(locale, { maximumSignificantDigits: 4, notation: 'compact' }).format(value);
}

/** Unix nanoseconds, as the APIs write them (decimal text), in milliseconds since 1970 with their fraction. */
export function millisOfNanos(unixNano: string): number {
  const nanos = BigInt(unixNano || '0');
  return Number(nanos / 1_000_000n) + Number(nanos % 1_000_000n) / 1e6;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Building an Intl formatter costs about 50 µs, and a list formats thousands of times: they are kept by their options. */
function formatter(
  kind: string,
  notation: Notation,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const key = `${kind} ${notation.locale} ${notation.timeZone ?? ''}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(notation.locale, {
    ...options,
    timeZone: notation.timeZone,
    hourCycle: 'h23',
  });
  formatters.set(key, made);
  return made;
}

/** Time of day with milliseconds: `14:03:27.123`. */
export function formatClock(millis: number, notation: Notation): string {
  const options = {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
  } as const;
  return formatter('clock', notation, options).format(millis);
}

/** Day and month, as the locale writes them. */
export function formatDay(millis: number, notation: Notation): string {
  return formatter('day', notation, { month: 'short', day: 'numeric' }).format(millis);
}

/** Date and time to the second. */
export function formatMoment(millis: number, notation: Notation): string {
  const options = { dateStyle: 'medium', timeStyle: 'medium' } as const;
  return formatter('moment', notation, options).format(millis);
}

/** A tick of a time axis whose ticks are `incrementSeconds` apart. */
export function formatTick(millis: number, incrementSeconds: number, notation: Notation): string {
  if (incrementSeconds >= 86_400) return formatDay(millis, notation);
  const base = { hour: '2-digit', minute: '2-digit' } as const;
  if (incrementSeconds >= 60) return formatter('tick', notation, base).format(millis);
  return formatter('tickSecond', notation, { ...base, second: '2-digit' }).format(millis);
}
