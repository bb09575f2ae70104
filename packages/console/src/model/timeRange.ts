/** A range of time as the URL holds it: each end is `now`, `now-15m`, or milliseconds since 1970. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

/** The same range at one moment. Both ends in milliseconds since 1970. */
export interface ResolvedRange {
  readonly startMillis: number;
  readonly endMillis: number;
}

export const defaultRange: TimeRange = { from: 'now-1h', to: 'now' };

/** The ranges offered by name; the text is the distance from now. */
export const presets = ['5m', '15m', '1h', '3h', '6h', '12h', '24h', '2d', '7d', '30d'] as const;

const unitMillis: Readonly<Record<string, number>> = {
  s: 1e3,
  m: 60e3,
  h: 3600e3,
  d: 86_400e3,
  w: 604_800e3,
};

/** A moment of the URL in milliseconds since 1970; undefined when the text is none. */
export function parseMoment(text: string, nowMillis: number): number | undefined {
  if (text === 'now') return nowMillis;
  const relative = /^now-(\d{1,6})([smhdw])$/.exec(text);
  if (relative) return nowMillis - Number(relative[1]) * (unitMillis[relative[2] ?? ''] ?? 0);
  return /^\d{10,14}$/.test(text) ? Number(text) : undefined;
}

/** The range at the given moment. An unreadable or inverted range is the default one, so that a bad URL still shows. */
export function resolveRange(range: TimeRange, nowMillis: number): ResolvedRange {
  const startMillis = parseMoment(range.from, nowMillis);
  const endMillis = parseMoment(range.to, nowMillis);
  if (startMillis === undefined || endMillis === undefined || startMillis >= endMillis) {
    return { startMillis: nowMillis - 3600e3, endMillis: nowMillis };
  }
  return { startMillis, endMillis };
}

/** The preset that a range is, such as `15m`; undefined for all others. */
export function presetOf(range: TimeRange): string | undefined {
  return range.to === 'now' && range.from.startsWith('now-') ? range.from.slice(4) : undefined;
}

/** A fixed range around what was picked by hand, at least one second long. */
export function fixedRange(startMillis: number, endMillis: number): TimeRange {
  const from = Math.floor(startMillis);
  return { from: String(from), to: String(Math.max(from + 1000, Math.ceil(endMillis))) };
}

const steps = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 43_200, 86_400,
] as const;

/** The shortest round step, in seconds, that cuts the range into at most `points` parts. */
export function stepSeconds(range: ResolvedRange, points: number): number {
  const wanted = (range.endMillis - range.startMillis) / 1000 / points;
  return steps.find((step) => step >= wanted) ?? 86_400;
}

/** The range widened to whole steps, so that a refreshed chart keeps its points where they were. Seconds since 1970. */
export function alignedSeconds(
  range: ResolvedRange,
  step: number,
): { readonly start: number; readonly end: number } {
  return {
    start: Math.floor(range.startMillis / 1000 / step) * step,
    end: Math.ceil(range.endMillis / 1000 / step) * step,
  };
}
