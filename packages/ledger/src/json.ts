import { imbalances, type WaitingItems } from './balance.ts';
import {
  emptySnapshot,
  type LedgerSignal,
  type LedgerSnapshot,
  ledgerSignals,
  type RejectedSample,
  receivedTotal,
  rejectedTotal,
  type ServiceSignals,
  type StageCounts,
  waitingTotal,
} from './state.ts';

/** Counters of one signal as `/api/ledger` gives them: decimal strings, as OTLP's JSON does with 64-bit numbers. */
export interface SignalTotals {
  readonly received: string;
  readonly rejected: string;
  readonly journaled: string;
  readonly stored: string;
  readonly dead: string;
  readonly waiting: string;
}

/** The answer of `/api/ledger`. */
export interface LedgerReport {
  readonly signals: Readonly<Record<LedgerSignal, SignalTotals>>;
  readonly services: Readonly<
    Record<string, Readonly<Partial<Record<LedgerSignal, { journaled: string; rejected: string }>>>>
  >;
  /** Newest first. */
  readonly rejections: readonly (Omit<RejectedSample, 'count'> & { readonly count: string })[];
  /** False when an item is not accounted for: an alarm by itself. */
  readonly balanced: boolean;
}

export function ledgerReport(snapshot: LedgerSnapshot, waiting: WaitingItems): LedgerReport {
  return {
    signals: {
      traces: totals(snapshot.signals.traces),
      metrics: totals(snapshot.signals.metrics),
      logs: totals(snapshot.signals.logs),
    },
    services: Object.fromEntries(
      [...snapshot.services].map(([name, counts]) => [name, serviceTotals(counts)]),
    ),
    rejections: snapshot.rejections
      .map((sample) => ({ ...sample, count: String(sample.count) }))
      .toReversed(),
    balanced: imbalances(snapshot, waiting).length === 0,
  };
}

function totals(counts: StageCounts): SignalTotals {
  return {
    received: String(receivedTotal(counts)),
    rejected: String(rejectedTotal(counts)),
    journaled: String(counts.journaled),
    stored: String(counts.stored),
    dead: String(counts.dead),
    waiting: String(waitingTotal(counts)),
  };
}

function serviceTotals(bySignal: ServiceSignals): LedgerReport['services'][string] {
  const entries = ledgerSignals.flatMap((signal) => {
    const counts = bySignal[signal];
    return counts === undefined
      ? []
      : [[signal, { journaled: String(counts.journaled), rejected: String(counts.rejected) }] as const];
  });
  return Object.fromEntries(entries);
}

/** A snapshot as JSON text, for a file. */
export function serializeSnapshot(snapshot: LedgerSnapshot): unknown {
  return { ...snapshot, services: [...snapshot.services] };
}

/** Reads what `serializeSnapshot` wrote; parts that are missing count as empty. */
export function parseSnapshot(value: unknown): LedgerSnapshot {
  const stored = value as Partial<Omit<LedgerSnapshot, 'services'>> & {
    services?: readonly (readonly [string, ServiceSignals])[];
  };
  return {
    signals: { ...emptySnapshot.signals, ...stored.signals },
    services: new Map(stored.services ?? []),
    rejections: stored.rejections ?? [],
  };
}
