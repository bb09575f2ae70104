import { TemplateError } from './lexer.ts';

/** A value in a template: Go's integers are bigints, its floats numbers. */
export type Value = string | number | bigint | boolean | null | readonly Value[] | ReadonlyMap<string, Value>;

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

/** What an `if` holds for true: everything but nothing, 0, and what is empty. */
export function isTrue(value: Value): boolean {
  if (isList(value)) return value.length > 0;
  if (isMap(value)) return value.size > 0;
  return Boolean(value);
}

/** As Go's `%v` prints it. */
export function printValue(value: Value): string {
  if (value === null) return '<no value>';
  if (typeof value === 'number') return printGoFloat(value);
  if (isList(value)) return `[${value.map(printValue).join(' ')}]`;
  if (isMap(value))
    return `map[${[...value]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, item]) => `${key}:${printValue(item)}`)
      .join(' ')}]`;
  return String(value);
}

/** The shortest digits that read back, with an exponent below 1e-4 and from 1e+06 on, as Go's `%v`, which is `%g`, has it. */
export function printGoFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0' : '0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  const sign = power < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** A number out of what templates hand to the functions that print numbers. */
export function toNumber(value: Value): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return parseNumber(value);
  throw new TemplateError(`can't convert ${printValue(value)} to a number`);
}

function parseNumber(text: string): number {
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
  throw new TemplateError(`strconv.ParseFloat: parsing ${JSON.stringify(text)}: invalid syntax`);
}

export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  throw new TemplateError(`wrong type for value; expected string; got ${printValue(value)}`);
}
