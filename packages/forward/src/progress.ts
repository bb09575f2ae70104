import type { DropReason, Settled } from '@maru/ledger';
import type { Position } from './source.ts';

/** What one read of the journal brought, until all of its items have come to an end. */
export interface Token {
  readonly end: Position;
  /** Items of which the end is not known yet. */
  left: number;
  settled: Settled;
  /** Given up to make room: nothing that becomes of its items counts any more. */
  abandoned: boolean;
}

/**
 * Follows what became of what was read, in any order, and tells in order: the cursor moves to the end of a read when it and
 * all before it are settled, and the counts move with it. So a crash repeats what was settled out of order and counts it once.
 */
export class Progress {
  readonly #settled: (to: Position, settled: Settled) => void;
  #open: Token[] = [];

  constructor(settled: (to: Position, settled: Settled) => void) {
    this.#settled = settled;
  }

  /** Something was read; it must be settled item by item. Items that were lost are settled at once. */
  begin(end: Position, items: number, lostItems: number): Token {
    const lost: Settled = lostItems === 0 ? {} : { dropped: { damaged: lostItems } };
    const token: Token = { end, left: items, settled: lost, abandoned: false };
    this.#open.push(token);
    this.#tell();
    return token;
  }

  /** So many items of a read have come to this end. */
  settle(token: Token, items: number, settled: Settled): void {
    if (items === 0 || token.abandoned) return;
    token.settled = sum(token.settled, settled);
    token.left -= items;
    if (token.left <= 0) this.#tell();
  }

  /** Adds to the counts of a read without bringing any of its items to an end. */
  note(token: Token, noted: Settled): void {
    if (!token.abandoned) token.settled = sum(token.settled, noted);
  }

  /** What was read before a position is given up; the giver has counted it. */
  abandon(to: Position): void {
    const isGivenUp = ({ end }: Token): boolean => end.segment < to.segment;
    for (const token of this.#open) token.abandoned ||= isGivenUp(token);
    this.#open = this.#open.filter((token) => !token.abandoned);
    this.#tell();
  }

  /** Items read and not settled. */
  get itemsUnderWay(): number {
    return this.#open.reduce((items, { left }) => items + left, 0);
  }

  #tell(): void {
    const firstOpen = this.#open.findIndex(({ left }) => left > 0);
    const done = firstOpen < 0 ? this.#open : this.#open.slice(0, firstOpen);
    const last = done.at(-1);
    if (last === undefined) return;
    this.#open = this.#open.slice(done.length);
    this.#settled(last.end, done.map(({ settled }) => settled).reduce(sum, {}));
  }
}

function sum(left: Settled, right: Settled): Settled {
  const add = (key: 'forwarded' | 'rejected' | 'failed' | 'filtered' | 'early'): number =>
    (left[key] ?? 0) + (right[key] ?? 0);
  return {
    forwarded: add('forwarded'),
    rejected: add('rejected'),
    failed: add('failed'),
    filtered: add('filtered'),
    dropped: sumDropped(left.dropped ?? {}, right.dropped ?? {}),
    early: add('early'),
  };
}

function sumDropped(
  left: NonNullable<Settled['dropped']>,
  right: NonNullable<Settled['dropped']>,
): NonNullable<Settled['dropped']> {
  const sums = { ...left };
  for (const [reason, count] of Object.entries(right) as [DropReason, number][])
    sums[reason] = (sums[reason] ?? 0) + count;
  return sums;
}
