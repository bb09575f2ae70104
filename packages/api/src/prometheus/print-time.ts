/** Seconds with up to three decimals. */
export function printTime(milliseconds: number): string {
  return String(milliseconds / 1000);
}
