/** How many series colours the style sheet defines (`--series-0` and on). */
export const paletteSize = 10;

/** The custom property of a series colour. */
export function seriesColor(index: number): string {
  return `--series-${index % paletteSize}`;
}

/**
 * A colour for each service: the one its name hashes to, so that a service looks the same on every page, or the next
 * free one where two names of one view meet.
 */
export function serviceColors(services: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set<number>();
  const colors = new Map<string, string>();
  for (const service of [...new Set(services)].sort()) {
    const slot = freeSlot(hash(service) % paletteSize, taken);
    taken.add(slot);
    colors.set(service, seriesColor(slot));
  }
  return colors;
}

function freeSlot(wanted: number, taken: ReadonlySet<number>): number {
  if (taken.size >= paletteSize) return wanted;
  let slot = wanted;
  while (taken.has(slot)) slot = (slot + 1) % paletteSize;
  return slot;
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}
