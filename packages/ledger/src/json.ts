import { imbalances, type WaitingItems } from './balance.ts';
import {
  type DestinationCounts,
  type DestinationSignals,
  type DropReason,
  droppedTotal,
  emptySnapshot,
  type LedgerSignal,
  type LedgerSnapshot,
  ledgerSignals,
  type RejectedSample,
  receivedTotal,
  rejectedTotal,
  type ServiceCounts,
  type ServiceSignals,
  type StageCounts,
  unsettledTotal,
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

/** What came from one service. */
export interface ServiceTotals {
  readonly journaled: string;
  readonly rejected: string;
  /** When the newest of it was journaled; absent until something has. */
  readonly lastTimeUnixNano?: string;
  /** How long it usually is from one request to the next. */
  readonly usualGapMillis?: number;
}

/** The answer of `/api/ledger`. */
export interface LedgerReport {
  readonly signals: Readonly<Record<LedgerSignal, SignalTotals>>;
  readonly services: Readonly<Record<string, Readonly<Partial<Record<LedgerSignal, ServiceTotals>>>>>;
  /** Newest first. */
  readonly rejections: readonly (Omit<RejectedSample, 'count'> & { readonly count: string })[];
  /** By name; empty where nothing is forwarded. */
  readonly destinations: Readonly<Record<string, DestinationReport>>;
  /** False when an item is not accounted for: an alarm by itself. */
  readonly balanced: boolean;
  /** The clock of the process that keeps the ledger, when it was asked. */
  readonly timeUnixNano: string;
}

/** Counters of one signal for a destination; offered = forwarded + rejected + failed + filtered + dropped + waiting. */
export interface DestinationTotals {
  readonly offered: string;
  readonly forwarded: string;
  readonly rejected: string;
  readonly failed: string;
  readonly filtered: string;
  /** All reasons together. */
  readonly dropped: string;
  readonly droppedBy: Readonly<Partial<Record<DropReason, string>>>;
  /** Spans that tail sampling decided before its time, because it held too many. */
  readonly early: string;
  readonly waiting: string;
}

/** A destination of forwarding as `/api/ledger` gives it. */
export interface DestinationReport {
  readonly signals: Readonly<Partial<Record<LedgerSignal, DestinationTotals>>>;
  /** Why it gets nothing at the moment; absent while all is well. */
  readonly trouble?: DestinationTrouble;
}

export interface DestinationTrouble {
  readonly sinceTimeUnixNano: string;
  /** One sentence. */
  readonly detail: string;
}

/**
 * @param nowUnixMillis of its owner's clock
 * @param troubles of destinations that cannot be reached, by name
 */
export function ledgerReport(
  snapshot: LedgerSnapshot,
  waiting: WaitingItems,
  nowUnixMillis: number,
  troubles: ReadonlyMap<string, DestinationTrouble> = new Map(),
): LedgerReport {
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
    destinations: Object.fromEntries(
      [...snapshot.destinations].map(([name, signals]) => [
        name,
        destinationReport(signals, troubles.get(name)),
      ]),
    ),
    balanced: imbalances(snapshot, waiting).length === 0,
    timeUnixNano: unixNano(nowUnixMillis),
  };
}

function destinationReport(
  signals: DestinationSignals,
  trouble: DestinationTrouble | undefined,
): DestinationReport {
  const totals = ledgerSignals.flatMap((signal) => {
    const counts = signals[signal];
    return counts === undefined ? [] : [[signal, destinationTotals(counts)] as const];
  });
  return { signals: Object.fromEntries(totals), ...(trouble && { trouble }) };
}

function destinationTotals(counts: DestinationCounts): DestinationTotals {
  const dropped = Object.entries(counts.dropped).map(([reason, count]) => [reason, String(count)]);
  return {
    offered: String(counts.offered),
    forwarded: String(counts.forwarded),
    rejected: String(counts.rejected),
    failed: String(counts.failed),
    filtered: String(counts.filtered),
    dropped: String(droppedTotal(counts)),
    droppedBy: Object.fromEntries(dropped),
    early: String(counts.early ?? 0),
    waiting: String(unsettledTotal(counts)),
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
    return counts === undefined ? [] : [[signal, totalsOf(counts)] as const];
  });
  return Object.fromEntries(entries);
}

function totalsOf({ journaled, rejected, arrivals }: ServiceCounts): ServiceTotals {
  const { lastUnixMillis, usualGapMillis } = arrivals ?? {};
  return {
    journaled: String(journaled),
    rejected: String(rejected),
    ...(lastUnixMillis === undefined ? {} : { lastTimeUnixNano: unixNano(lastUnixMillis) }),
    ...(usualGapMillis === undefined ? {} : { usualGapMillis: Math.round(usualGapMillis) }),
  };
}

function unixNano(unixMillis: number): string {
  return String(BigInt(Math.round(unixMillis)) * 1_000_000n);
}

/** A snapshot as JSON text, for a file. */
export function serializeSnapshot(snapshot: LedgerSnapshot): unknown {
  return { ...snapshot, services: [...snapshot.services], destinations: [...snapshot.destinations] };
}

/** Reads what `serializeSnapshot` wrote; parts that are missing count as empty. */
export function parseSnapshot(value: unknown): LedgerSnapshot {
  const stored = value as Partial<Omit<LedgerSnapshot, 'services' | 'destinations'>> & {
    services?: readonly (readonly [string, ServiceSignals])[];
    destinations?: readonly (readonly [string, DestinationSignals])[];
  };
  return {
    signals: { ...emptySnapshot.signals, ...stored.signals },
    services: new Map(stored.services ?? []),
    rejections: stored.rejections ?? [],
    destinations: new Map(stored.destinations ?? []),
  };
}
