/** A child that stayed up this long starts again at once, as if it had never fallen. */
const steadyMs = 30_000;
const firstDelayMs = 250;
const longestDelayMs = 10_000;

/**
 * How long to wait before a fallen child is started again, in milliseconds: 250, 500, … up to 10,000.
 *
 * @param falls how often it fell before in a row
 */
export function restartDelayMs(falls: number): number {
  return Math.min(firstDelayMs * 2 ** falls, longestDelayMs);
}

/** The number of falls in a row after one more, given how long the child had been up. */
export function countFall(falls: number, upMs: number): number {
  return upMs >= steadyMs ? 0 : falls + 1;
}
