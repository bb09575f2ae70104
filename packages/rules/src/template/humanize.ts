import { printSignificant } from './printf.ts';
import { printGoFloat } from './value.ts';

/** `1234567` as `1.235M`: four digits and a metric prefix. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return printSignificant(value, 4);
  if (Math.abs(value) >= 1) return scaled(value, 1000, ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y'], '');
  let [rest, prefix] = [value, ''];
  for (const smaller of ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']) {
    if (Math.abs(rest) >= 1) break;
    prefix = smaller;
    rest *= 1000;
  }
  return `${printSignificant(rest, 4)}${prefix}`;
}

/** The same with prefixes of 1024. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return printSignificant(value, 4);
  return scaled(value, 1024, ['', 'ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi'], '');
}

function scaled(value: number, factor: number, prefixes: readonly string[], start: string): string {
  let [rest, at] = [value, 0];
  while (Math.abs(rest) >= factor && at < prefixes.length - 1) {
    rest /= factor;
    at += 1;
  }
  return `${printSignificant(rest, 4)}${prefixes[at] ?? start}`;
}

/** Seconds as `1d 2h 3m 4s`, or with a metric prefix below one second. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return printSignificant(seconds, 4);
  if (seconds === 0) return '0s';
  if (Math.abs(seconds) >= 1) return longDuration(seconds);
  let [rest, prefix] = [seconds, ''];
  for (const smaller of ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y']) {
    if (Math.abs(rest) >= 1) break;
    prefix = smaller;
    rest *= 1000;
  }
  return `${printSignificant(rest, 4)}${prefix}s`;
}

function longDuration(value: number): string {
  const sign = value < 0 ? '-' : '';
  const whole = Math.trunc(Math.abs(value));
  const [seconds, minutes] = [whole % 60, Math.trunc(whole / 60) % 60];
  const [hours, days] = [Math.trunc(whole / 3600) % 24, Math.trunc(whole / 86_400)];
  if (days !== 0) return `${sign}${days}d ${hours}h ${minutes}m ${seconds}s`;
  if (hours !== 0) return `${sign}${hours}h ${minutes}m ${seconds}s`;
  if (minutes !== 0) return `${sign}${minutes}m ${seconds}s`;
  return `${sign}${printSignificant(Math.abs(value), 4)}s`;
}

/** A ratio as a percentage. */
export function humanizePercentage(value: number): string {
  return `${printSignificant(value * 100, 4)}%`;
}

/** Seconds since 1970 as a date, as Go prints times of UTC. */
export function humanizeTimestamp(seconds: number): string {
  if (!Number.isFinite(seconds)) return printSignificant(seconds, 4);
  const date = new Date(seconds * 1000);
  if (Number.isNaN(date.getTime())) return printGoFloat(seconds);
  const iso = date.toISOString();
  const fraction = iso.slice(19, -1).replace(/\.?0+$/, '');
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction} +0000 UTC`;
}
