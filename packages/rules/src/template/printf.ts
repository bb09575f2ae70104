import { quoteText } from '@maru/query-core';
import { printGoFloat, printValue, type Value } from './value.ts';

/** Go's `fmt.Sprintf`, as far as templates can reach it. */
export function goPrintf(format: string, values: readonly Value[]): string {
  let next = 0;
  const printed = format.replace(
    /%(?<flags>[-+# 0]*)(?<width>\d*)(?:\.(?<precision>\d*))?(?<verb>.)/gsu,
    (whole, ...rest) => {
      const { flags, width, precision, verb } = rest.at(-1) as Readonly<Record<string, string | undefined>>;
      if (verb === '%') return '%';
      if (next >= values.length) return `%!${verb}(MISSING)`;
      const value = values[next++] ?? null;
      const body =
        verbText(verb ?? 'v', flags ?? '', precisionOf(precision), value) ??
        `%!${verb}(${printValue(value)})`;
      return (
        padded(body, flags ?? '', Math.min(1000, Number(width ?? 0)), typeof value) ||
        (whole === '' ? '' : body)
      );
    },
  );
  if (next >= values.length) return printed;
  const extra = values.slice(next).map((value) => `${goType(value)}=${printValue(value)}`);
  return `${printed}%!(EXTRA ${extra.join(', ')})`;
}

function precisionOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Math.min(100, Number(text));
}

function goType(value: Value): string {
  if (typeof value === 'number') return 'float64';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : '?';
}

function verbText(
  verb: string,
  flags: string,
  precision: number | undefined,
  value: Value,
): string | undefined {
  if (verb === 'v') return printValue(value);
  if (typeof value === 'string') return stringVerb(verb, precision, value);
  if (typeof value === 'number') return signed(flags, floatVerb(verb, precision, value));
  if (typeof value === 'bigint') return signed(flags, integerVerb(verb, value));
  if (typeof value === 'boolean' && verb === 't') return String(value);
  return verb === 's' ? printValue(value) : undefined;
}

function stringVerb(verb: string, precision: number | undefined, value: string): string | undefined {
  if (verb === 's') return precision === undefined ? value : [...value].slice(0, precision).join('');
  if (verb === 'q') return quoteText(value);
  if (verb === 'x') return Buffer.from(value).toString('hex');
  return verb === 'X' ? Buffer.from(value).toString('hex').toUpperCase() : undefined;
}

function floatVerb(verb: string, precision: number | undefined, value: number): string | undefined {
  if (!Number.isFinite(value)) return 'efgEFG'.includes(verb) ? printGoFloat(value) : undefined;
  switch (verb) {
    case 'f':
    case 'F':
      return value.toFixed(precision ?? 6);
    case 'e':
    case 'E': {
      const text = twoDigitExponent(value.toExponential(precision ?? 6));
      return verb === 'E' ? text.toUpperCase() : text;
    }
    case 'g':
    case 'G':
      return precision === undefined ? printGoFloat(value) : printSignificant(value, precision);
    default:
      return undefined;
  }
}

function twoDigitExponent(text: string): string {
  return text.replace(/e([+-])(\d)$/, 'e$10$2');
}

/** Go's `%.Ng`: N significant digits without trailing zeros, an exponent below 1e-4 and from 1e+N on. */
export function printSignificant(value: number, digits: number): string {
  if (!Number.isFinite(value) || value === 0) return printGoFloat(value);
  const precision = Math.max(1, digits);
  const [mantissa = '', exponent = '0'] = value.toExponential(precision - 1).split('e');
  const power = Number(exponent);
  if (power < -4 || power >= precision)
    return twoDigitExponent(
      `${mantissa.replace(/\.?0+$/, (zeros) => (mantissa.includes('.') ? '' : zeros))}e${power < 0 ? '-' : '+'}${Math.abs(power)}`,
    );
  const fixed = value.toFixed(Math.max(0, precision - 1 - power));
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}

function integerVerb(verb: string, value: bigint): string | undefined {
  const bases: Readonly<Record<string, number>> = { d: 10, x: 16, o: 8, b: 2 };
  const base = bases[verb];
  if (base !== undefined) return value.toString(base);
  if (verb === 'X') return value.toString(16).toUpperCase();
  return verb === 'c' ? String.fromCodePoint(Number(value)) : undefined;
}

function signed(flags: string, text: string | undefined): string | undefined {
  return text !== undefined && flags.includes('+') && !/^[+-]/.test(text) ? `+${text}` : text;
}

function padded(text: string, flags: string, width: number, type: string): string {
  if (flags.includes('-')) return text.padEnd(width);
  if (!flags.includes('0') || type === 'string') return text.padStart(width);
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  return sign + text.slice(sign.length).padStart(width - sign.length, '0');
}
