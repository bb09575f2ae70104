import { type LedgerSignal, type LedgerSnapshot, ledgerSignals, waitingTotal } from './state.ts';

/** Items that lie in the journal's segments by its own accounts, independent of the ledger's counters. */
export type WaitingItems = Readonly<Record<LedgerSignal, number>>;

export interface Imbalance {
  readonly signal: LedgerSignal;
  /** Items that should wait by the counters: journaled - stored - dead. */
  readonly counted: number;
  /** Items that do wait by the journal. */
  readonly found: number;
}

/** Compares what the counters say should wait with what the journal holds. An empty list means every item is accounted for. */
export function imbalances(snapshot: LedgerSnapshot, waiting: WaitingItems): readonly Imbalance[] {
  return ledgerSignals
    .map((signal) => ({ signal, counted: waitingTotal(snapshot.signals[signal]), found: waiting[signal] }))
    .filter(({ counted, found }) => counted !== found);
}
