/**
 * A float as Prometheus 3 writes it in the labels `le` and `quantile` of what it scrapes: the shortest text, with a point
 * or an exponent in it (`1.0`, `0.25`, `1e+06`).
 */
export function floatLabel(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < exponentFrom) return withPoint(String(value));
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** From a million on Go's 'g' with the shortest digits writes an exponent. */
const exponentFrom = 6;

function withPoint(text: string): string {
  return text.includes('.') ? text : `${text}.0`;
}
