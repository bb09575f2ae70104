/** What both answers are made of: lists, objects, texts, of which those that are numbers may differ by rounding. */
type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Whether two answers of the Prometheus API say the same, in any order of series, to 1e-9. */
export function sameAnswer(left: Json, right: Json): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    if (left.length !== right.length) return false;
    const [a, b] = isSeries(left[0]) ? [inOrder(left), inOrder(right)] : [left, right];
    return a.every((item, index) => sameAnswer(item, b[index] ?? null));
  }
  if (isObject(left) && isObject(right)) {
    const names = new Set([...Object.keys(left), ...Object.keys(right)]);
    return [...names].every((name) => sameAnswer(left[name] ?? null, right[name] ?? null));
  }
  return left === right || isClose(Number(left), Number(right));
}

function isObject(value: Json | undefined): value is { readonly [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSeries(value: Json | undefined): boolean {
  return isObject(value) && 'metric' in value;
}

function inOrder(series: readonly Json[]): readonly Json[] {
  const keyOf = (one: Json) =>
    isObject(one) && isObject(one.metric) ? Object.entries(one.metric).toSorted().join() : '';
  return series.toSorted((left, right) => (keyOf(left) < keyOf(right) ? -1 : 1));
}

function isClose(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-9 * Math.max(Math.abs(left), Math.abs(right));
}
