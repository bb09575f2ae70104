/** A piece of a text, and whether it is a hit. */
export interface Piece {
  readonly text: string;
  readonly isHit: boolean;
}

/** The text cut at every occurrence of the needles (exact case, as LogQL's `|=` compares). Joined, it is the text again. */
export function highlight(text: string, needles: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = [];
  let position = 0;
  for (let hit = nextHit(text, needles, 0); hit; hit = nextHit(text, needles, position)) {
    if (hit.start > position) pieces.push({ text: text.slice(position, hit.start), isHit: false });
    pieces.push({ text: text.slice(hit.start, hit.end), isHit: true });
    position = hit.end;
  }
  if (position < text.length || pieces.length === 0)
    pieces.push({ text: text.slice(position), isHit: false });
  return pieces;
}

function nextHit(
  text: string,
  needles: readonly string[],
  from: number,
): { start: number; end: number } | undefined {
  let best: { start: number; end: number } | undefined;
  for (const needle of needles) {
    const start = needle === '' ? -1 : text.indexOf(needle, from);
    const isBetter =
      start >= 0 &&
      (!best || start < best.start || (start === best.start && start + needle.length > best.end));
    if (isBetter) best = { start, end: start + needle.length };
  }
  return best;
}
