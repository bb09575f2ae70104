/** No chunk reaches over a multiple of this; the order of `number_chunks` says the same. */
export const chunkSpanMs: number = 2 * 3_600_000;

/** When the span began that a time lies in: no chunk with this time in it begins earlier. */
export function chunkSpanStart(timeMs: number): number {
  return Math.floor(timeMs / chunkSpanMs) * chunkSpanMs;
}
