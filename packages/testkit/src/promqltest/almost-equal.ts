/** Equal within one millionth, Prometheus's own tolerance in these scripts; NaN equals NaN. */
export function isAlmostEqual(left: number, right: number): boolean {
  if (left === right || (Number.isNaN(left) && Number.isNaN(right))) return true;
  const difference = Math.abs(left - right);
  if (left === 0 || right === 0) return difference < 1e-6 * 2.2250738585072014e-308;
  return difference / Math.min(Math.abs(left) + Math.abs(right), Number.MAX_VALUE) < 1e-6;
}
