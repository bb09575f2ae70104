import type { Reason } from './reasons.ts';

/** Everything the ledger counts is counted per signal; the names are OTLP's. */
export type LedgerSignal = 'traces' | 'metrics' | 'logs';

export const ledgerSignals: readonly LedgerSignal[] = ['traces', 'metrics', 'logs'];

/** Items of one signal by the stage they reached. They only grow. */
export interface StageCounts {
  /** Cut out of a request, or refused with it, by reason. */
  readonly rejected: Readonly<Partial<Record<Reason, number>>>;
  /** Acknowledged: in the journal and on disk. */
  readonly journaled: number;
  /** Loaded by the engine. */
  readonly stored: number;
  /** Refused by the engine and set aside in a dead-letter file. */
  readonly dead: number;
}

export interface ServiceCounts {
  readonly journaled: number;
  readonly rejected: number;
  /** When the newest of it was journaled, and how long it usually is from one request to the next. */
  readonly arrivals?: Arrivals;
}

/** Milliseconds, of Unix time and of a duration. */
export interface Arrivals {
  readonly lastUnixMillis: number;
  /** A moving average; undefined until a second request has come. */
  readonly usualGapMillis?: number;
}

/** How much the newest gap counts: a service that changes its rhythm is known by the new one after some ten requests. */
const newestWeight = 0.2;
/** A gap after an outage says nothing about the rhythm. */
const longestGapMillis = 120_000;

/** The arrivals with one more request. */
export function withArrival(before: Arrivals | undefined, unixMillis: number): Arrivals {
  if (before === undefined) return { lastUnixMillis: unixMillis };
  const gap = Math.min(longestGapMillis, Math.max(0, unixMillis - before.lastUnixMillis));
  const usual = before.usualGapMillis;
  return {
    lastUnixMillis: Math.max(before.lastUnixMillis, unixMillis),
    usualGapMillis: usual === undefined ? gap : usual + newestWeight * (gap - usual),
  };
}

export type ServiceSignals = Readonly<Partial<Record<LedgerSignal, ServiceCounts>>>;

/** One rejection as a sender may want to see it: the newest fifty are kept. */
export interface RejectedSample {
  readonly timeUnixNano: string;
  readonly signal: LedgerSignal;
  /** The service when it is known, else the class of the client's address. */
  readonly source: string;
  readonly reason: Reason;
  /** Path of the offending field; empty when a whole request was refused. */
  readonly field: string;
  readonly count: number;
  /** One sentence. */
  readonly detail: string;
}

/** Why a destination of forwarding never got an item, other than that it refused it. The list is fixed. */
export const dropReasons = ['disk_cap', 'damaged', 'dead_cap', 'delta', 'native_histogram'] as const;

export type DropReason = (typeof dropReasons)[number];

/** What became of one signal's items on the way to a destination. They only grow. */
export interface DestinationCounts {
  /** Journaled since the destination was configured: all that it should get. */
  readonly offered: number;
  /** Acknowledged by the destination. */
  readonly forwarded: number;
  /** Rejected by the destination one by one, by partial success. */
  readonly rejected: number;
  /** In requests that it refused for good, which are set aside as dead letters. */
  readonly failed: number;
  /** Left out by a processor, as configured. */
  readonly filtered: number;
  /** Given up, by reason. */
  readonly dropped: Readonly<Partial<Record<DropReason, number>>>;
  /** Spans of which tail sampling decided before its time, because it held too many. They came to one of the ends above, too. */
  readonly early?: number;
}

/** What became of items that waited for a destination. */
export interface Settled {
  readonly forwarded?: number;
  readonly rejected?: number;
  readonly failed?: number;
  readonly filtered?: number;
  readonly dropped?: Readonly<Partial<Record<DropReason, number>>>;
  /** See `DestinationCounts`. */
  readonly early?: number;
}

export type DestinationSignals = Readonly<Partial<Record<LedgerSignal, DestinationCounts>>>;

export const noDestinationCounts: DestinationCounts = {
  offered: 0,
  forwarded: 0,
  rejected: 0,
  failed: 0,
  filtered: 0,
  dropped: {},
};

/** Items given up, for whatever reason. */
export function droppedTotal({ dropped }: DestinationCounts): number {
  return Object.values(dropped).reduce((sum, count) => sum + count, 0);
}

/** Items that a destination has not got yet. */
export function unsettledTotal(counts: DestinationCounts): number {
  const { offered, forwarded, rejected, failed, filtered } = counts;
  return offered - forwarded - rejected - failed - filtered - droppedTotal(counts);
}

/** A plain value, so that it can be stored, sent and merged; it holds no reference to the ledger. */
export interface LedgerSnapshot {
  readonly signals: Readonly<Record<LedgerSignal, StageCounts>>;
  readonly services: ReadonlyMap<string, ServiceSignals>;
  /** Newest last. */
  readonly rejections: readonly RejectedSample[];
  /** Destinations of forwarding by name. */
  readonly destinations: ReadonlyMap<string, DestinationSignals>;
}

/** Services counted by name; the rest are counted together, because names come from the network. */
export const maxServices = 1000;
/** The name under which services beyond `maxServices` are counted. */
export const otherServices = 'other';
export const maxSamples = 50;

const noCounts: StageCounts = { rejected: {}, journaled: 0, stored: 0, dead: 0 };

export const emptySnapshot: LedgerSnapshot = {
  signals: { traces: noCounts, metrics: noCounts, logs: noCounts },
  services: new Map(),
  rejections: [],
  destinations: new Map(),
};

/** Items of one signal that were rejected, for whatever reason. */
export function rejectedTotal(counts: StageCounts): number {
  return Object.values(counts.rejected).reduce((sum, count) => sum + count, 0);
}

/** Items that arrived: every one of them was rejected or journaled. */
export function receivedTotal(counts: StageCounts): number {
  return rejectedTotal(counts) + counts.journaled;
}

/** Items acknowledged and not yet loaded by the engine. */
export function waitingTotal(counts: StageCounts): number {
  return counts.journaled - counts.stored - counts.dead;
}
