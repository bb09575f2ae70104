import {
  type Journal,
  type JournalPosition,
  journalDirectory,
  readSegment,
  segmentPath,
} from '@maru/journal';
import { type Ledger, waitingTotal } from '@maru/ledger';
import { type Account, type Signal, signals } from '@maru/otlp';
import type { LedgerCheckpoint } from './ledger-file.ts';

/** Counts what was journaled after the ledger was last written; returns sentences about what could not be found. */
export async function recount(
  dataDir: string,
  ledger: Ledger,
  journal: Journal,
  checkpoint: LedgerCheckpoint,
): Promise<string[]> {
  const messages: string[] = [];
  for (const signal of signals) {
    const accounts = await uncounted(dataDir, signal, journal, checkpoint.journaledThrough[signal]);
    for (const { items, services } of accounts) ledger.journaled(signal, items, services);
    const message = reconcile(signal, ledger, journal.waitingItems[signal]);
    if (message !== undefined) messages.push(message);
  }
  return messages;
}

async function uncounted(
  dataDir: string,
  signal: Signal,
  journal: Journal,
  through: JournalPosition | undefined,
): Promise<readonly Account[]> {
  const from = through ?? { segment: 0, offset: 0 };
  const directory = journalDirectory(dataDir, signal);
  const accounts: Account[] = [];
  for (const { number } of journal.writers[signal].segments()) {
    if (number < from.segment) continue;
    const { records } = await readSegment(segmentPath(directory, number));
    const start = number === from.segment ? from.offset : 0;
    for (const record of records) if (record.start >= start) accounts.push(record.account);
  }
  return accounts;
}

/**
 * After damage the journal holds less than was counted. Those items were acknowledged and are lost: they are booked
 * as dead, so that the ledger says so and balances. More than was counted means that an older ledger was put back.
 */
function reconcile(signal: Signal, ledger: Ledger, found: number): string | undefined {
  const counted = waitingTotal(ledger.snapshot().signals[signal]);
  if (counted === found) return undefined;
  if (counted > found) {
    ledger.loaded(signal, 0, counted - found);
    return `${counted - found} acknowledged items of ${signal} are not in the journal any more: they are counted as dead`;
  }
  ledger.journaled(signal, found - counted, new Map());
  return `the journal holds ${found - counted} items of ${signal} that the ledger does not know: they are counted now`;
}
