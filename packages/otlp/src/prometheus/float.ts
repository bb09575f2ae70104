/**
 * A float as Prometheus's JSON holds it: the shortest text that reads back the same, in exponent form only below 1e-6
 * and from 1e21 on, where Go writes two digits of exponent (`1e-07`) and JavaScript one.
 */
export function printFloat(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  if (Object.is(value, -0)) return '-0';
  const text = String(value);
  const exponent = text.indexOf('e');
  return exponent === -1 || text.length - exponent > 3 ? text : `${text.slice(0, -1)}0${text.slice(-1)}`;
}

/** A float in plain digits whatever its size, Go's 'f' with the shortest digits: how `le` and `quantile` are written. */
export function printDecimal(value: number): string {
  const text = printFloat(value);
  const [mantissa = '', exponent] = text.split('e');
  if (exponent === undefined) return text;
  const sign = mantissa.startsWith('-') ? '-' : '';
  const [whole = '', fraction = ''] = mantissa.slice(sign.length).split('.');
  return sign + shiftPoint(whole + fraction, whole.length + Number(exponent));
}

/** The digits with the point after `at` of them. */
function shiftPoint(digits: string, at: number): string {
  if (at <= 0) return `0.${'0'.repeat(-at)}${digits}`;
  if (at >= digits.length) return digits + '0'.repeat(at - digits.length);
  return `${digits.slice(0, at)}.${digits.slice(at)}`;
}
