import { isBefore, type Journal, type JournalPosition } from '@maru/journal';
import { type Ledger, unsettledTotal } from '@maru/ledger';
import { type Signal, signals } from '@maru/otlp';

/** A destination of forwarding, as far as the books must know it. */
export interface JournalSubscriber {
  readonly name: string;
  readonly signals: readonly Signal[];
}

/** Where each destination stands in each signal's journal: everything before is settled. */
export type CursorPositions = Readonly<Record<string, Readonly<Partial<Record<Signal, JournalPosition>>>>>;

/** The cursors of the configured destinations. */
export class Cursors {
  readonly #positions: Map<string, Partial<Record<Signal, JournalPosition>>> = new Map();

  /** Those that were there before go on where they stood; new ones begin with what comes from now on. */
  constructor(subscribers: readonly JournalSubscriber[], stored: CursorPositions, journal: Journal) {
    for (const { name, signals: wanted } of subscribers) {
      const positions = wanted.map((signal) => {
        const writer = journal.writers[signal];
        const position = stored[name]?.[signal] ?? writer.end;
        const isRewritten = writer.rewrittenSegments.includes(position.segment);
        return [signal, isRewritten ? { ...position, offset: 0 } : position] as const;
      });
      this.#positions.set(name, Object.fromEntries(positions));
    }
  }

  /** The destinations that take a signal. */
  subscribersOf(signal: Signal): readonly string[] {
    return [...this.#positions].flatMap(([name, positions]) => (positions[signal] ? [name] : []));
  }

  get(name: string, signal: Signal): JournalPosition {
    const position = this.#positions.get(name)?.[signal];
    if (position === undefined) throw new Error(`${name} does not take ${signal}`);
    return position;
  }

  /** Moves a cursor on; false when it stands there or later already, because what lay between was given up. */
  advance(name: string, signal: Signal, to: JournalPosition): boolean {
    if (!isBefore(this.get(name, signal), to)) return false;
    this.#positions.set(name, { ...this.#positions.get(name), [signal]: to });
    return true;
  }

  positions(): CursorPositions {
    return Object.fromEntries(this.#positions);
  }
}

/** Whether a cursor has not come to the end of a segment yet. */
export function needsSegment(
  positions: CursorPositions,
  signal: Signal,
  segment: { readonly number: number; readonly bytes: number },
): boolean {
  return Object.values(positions).some((bySignal) => {
    const position = bySignal[signal];
    return position !== undefined && isBefore(position, { segment: segment.number, offset: segment.bytes });
  });
}

/**
 * Makes what the ledger says of each destination agree with what the journal holds for it, after a crash or after damage.
 * Items that are not there any more are lost to damage; more than was counted means that the last seconds' journaling was not written down.
 */
export async function reconcileDestinations(
  ledger: Ledger,
  cursors: Cursors,
  journal: Journal,
): Promise<readonly string[]> {
  const messages: string[] = [];
  for (const signal of signals) {
    for (const name of cursors.subscribersOf(signal)) {
      const found = await itemsBehind(journal, signal, cursors.get(name, signal));
      const counted = unsettledTotal(ledger.destination(name, signal));
      if (found > counted) ledger.offered(name, signal, found - counted);
      if (found >= counted) continue;
      ledger.settled(name, signal, { dropped: { damaged: counted - found } });
      messages.push(
        `${counted - found} items of ${signal} that waited for the destination ${name} are not in the journal any more: they are counted as dropped`,
      );
    }
  }
  return messages;
}

async function itemsBehind(journal: Journal, signal: Signal, position: JournalPosition): Promise<number> {
  const writer = journal.writers[signal];
  const later = writer.itemsFrom(position.segment + 1);
  const current = writer.segmentFrom(position.segment);
  if (current?.number !== position.segment) return later;
  if (position.offset === 0) return later + current.items;
  return later + (await writer.itemsBehind(position));
}
