/** Milliseconds of each unit that Prometheus knows; a year is 365 days, a day always 24 hours. */
const unitMilliseconds: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Prometheus keeps durations in 64-bit nanoseconds: about 292 years. */
const maxMilliseconds = Math.floor(Number(2n ** 63n - 1n) / 1e6);

/**
 * Milliseconds of a duration as Prometheus writes it (`5m`, `1h30m`): whole numbers, each unit once, larger units first.
 *
 * @returns `undefined` when the text is no duration, or one that Prometheus could not hold.
 */
export function parseDuration(text: string): number | undefined {
  let rest = text;
  let total = 0;
  for (const [unit, milliseconds] of unitMilliseconds) {
    const digits = leadingDigits(rest);
    if (digits === 0 || !isUnitAt(rest, digits, unit)) continue;
    total += Number(rest.slice(0, digits)) * milliseconds;
    rest = rest.slice(digits + unit.length);
  }
  return text === '' || rest !== '' || total > maxMilliseconds ? undefined : total;
}

function leadingDigits(text: string): number {
  let length = 0;
  while (length < text.length && text.charCodeAt(length) >= 48 && text.charCodeAt(length) <= 57) length += 1;
  return length;
}

/** Whether exactly this unit follows the digits: the `m` of `5ms` is not minutes. */
function isUnitAt(text: string, at: number, unit: string): boolean {
  const following = text.charAt(at + unit.length);
  return text.startsWith(unit, at) && (following === '' || (following >= '0' && following <= '9'));
}

/**
 * A duration as Prometheus prints it: `1h30m`, `0s`, `1d`. Weeks and years are used only when they divide the whole.
 *
 * @param milliseconds whole milliseconds, 0 or more
 */
export function printDuration(milliseconds: number): string {
  if (milliseconds === 0) return '0s';
  let rest = milliseconds;
  let text = '';
  for (const [unit, size] of unitMilliseconds) {
    const exactOnly = unit === 'y' || unit === 'w' || unit === 'd';
    if (rest < size || (exactOnly && rest % size !== 0)) continue;
    text += `${Math.floor(rest / size)}${unit}`;
    rest %= size;
  }
  return text;
}
