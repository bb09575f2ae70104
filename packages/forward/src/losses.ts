import type { DropReason } from '@maru/ledger';

type Loss = 'rejected' | DropReason;

/** What was lost of a batch, told for the whole of it, laid on its parts in their order: none loses more than it has. */
export class Losses {
  readonly #left: Map<Loss, number>;

  constructor(losses: Readonly<Partial<Record<Loss, number>>>) {
    this.#left = new Map(Object.entries(losses) as [Loss, number][]);
  }

  /** What falls on a part of so many items. */
  take(items: number): Partial<Record<Loss, number>> {
    let room = items;
    const taken: Partial<Record<Loss, number>> = {};
    for (const [loss, left] of this.#left) {
      const count = Math.min(left, room);
      if (count === 0) continue;
      taken[loss] = count;
      room -= count;
      this.#left.set(loss, left - count);
    }
    return taken;
  }
}
