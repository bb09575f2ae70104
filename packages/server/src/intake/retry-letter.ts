import { access } from 'node:fs/promises';
import { forgetReason, letterPath, parseLetterId, segmentOf } from '../dead/letters.ts';
import type { Retried } from '../link/index.ts';
import type { Books } from './books.ts';

/**
 * Puts a dead letter back into the journal, where the engine finds it like any other request. It counts as journaled
 * anew, as it counted as dead before: so every counter only grows, and the ledger balances.
 */
export async function retryLetter(dataDir: string, books: Books, typed: string): Promise<Retried> {
  const id = parseLetterId(typed);
  if (id === undefined) return { refused: `${JSON.stringify(typed)} is not the name of a dead letter` };
  const path = letterPath(dataDir, id);
  // A load that was cut off is done again, and would set the same request aside a second time.
  if (books.waits(id.signal, segmentOf(id)))
    return { refused: `the journal's segment of ${typed} is still being loaded: try again in a moment` };
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (!isThere) return { refused: `there is no dead letter ${typed}: see ./maru dead list` };
  try {
    const items = await books.take(id.signal, path);
    await forgetReason(dataDir, id);
    return { items };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { refused: `cannot put ${typed} back: ${why}` };
  }
}
