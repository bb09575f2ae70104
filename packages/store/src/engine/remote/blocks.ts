import { NativeCursor } from '../../native/cursor.ts';
import { skipBlock } from '../../native/skip.ts';

/**
 * Cuts a `Native` result, which comes in the network's pieces, into pieces of whole blocks. What does not make a block yet is
 * looked through again once twice as much of it has come, or as much as it is known to need: so no byte is gone past more than
 * a few times, however small the pieces are.
 */
export async function* wholeBlocks(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let gathered: Buffer[] = [];
  let size = 0;
  let needed = 1;
  for await (const chunk of chunks) {
    gathered.push(chunk);
    size += chunk.length;
    if (size < needed) continue;
    const bytes = Buffer.concat(gathered);
    const { end, atLeast } = lastBlockEnd(bytes);
    if (end > 0) yield bytes.subarray(0, end);
    gathered = [bytes.subarray(end)];
    size -= end;
    needed = Math.max(atLeast - end, size * 2);
  }
  if (size === 0) return;
  const rest = Buffer.concat(gathered);
  if (lastBlockEnd(rest).end < size) throw new RangeError("the engine's result ends inside a block");
  yield rest;
}

/** Where the last whole block ends, and how many bytes the next one needs at the least. */
function lastBlockEnd(bytes: Uint8Array): { readonly end: number; readonly atLeast: number } {
  const cursor = new NativeCursor(bytes);
  let end = 0;
  while (!cursor.done) {
    if (!skipBlock(cursor)) return { end, atLeast: cursor.wanted };
    end = cursor.at;
  }
  return { end, atLeast: end + 1 };
}
