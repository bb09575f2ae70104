import type { Reason } from './reasons.ts';
import {
  type DestinationCounts,
  type DestinationSignals,
  type DropReason,
  emptySnapshot,
  type LedgerSignal,
  type LedgerSnapshot,
  ledgerSignals,
  maxSamples,
  maxServices,
  noDestinationCounts,
  otherServices,
  type RejectedSample,
  type ServiceSignals,
  type Settled,
  type StageCounts,
  withArrival,
} from './state.ts';

type Counts = ReadonlyMap<string, number>;

/** What was cut out of one request, or all of it. */
export interface RejectedItems {
  readonly signal: LedgerSignal;
  /** Rejected items by service; empty when the services are not known. */
  readonly services: Counts;
  readonly samples: readonly Omit<RejectedSample, 'signal'>[];
}

/**
 * What became of every item. The counters live as long as the ledger object and only grow; whoever owns it persists
 * its snapshot and gives it back at the next start.
 */
export class Ledger {
  private readonly signals: Record<LedgerSignal, StageCounts>;
  private readonly services: Map<string, ServiceSignals>;
  private samples: readonly RejectedSample[];
  private readonly destinations: Map<string, DestinationSignals>;

  constructor(from: LedgerSnapshot = emptySnapshot) {
    this.signals = { ...from.signals };
    this.services = new Map(from.services);
    this.samples = from.rejections;
    this.destinations = new Map(from.destinations);
  }

  /** @param unixMillis when; left out where it is not known, after a crash */
  journaled(signal: LedgerSignal, items: number, services: Counts, unixMillis?: number): void {
    const counts = this.signals[signal];
    this.signals[signal] = { ...counts, journaled: counts.journaled + items };
    for (const [service, count] of services) this.addToService(service, signal, count, 0, unixMillis);
  }

  /** Counts each sample's items under its reason. */
  rejected({ signal, services, samples }: RejectedItems): void {
    for (const sample of samples) this.addRejected(signal, sample.reason, sample.count);
    for (const [service, count] of services) this.addToService(service, signal, 0, count);
    const added = samples.map((sample) => ({ ...sample, signal }));
    this.samples = [...this.samples, ...added].slice(-maxSamples);
  }

  /** A segment was loaded by the engine: `stored` of its items are in the store, `dead` were set aside. */
  loaded(signal: LedgerSignal, stored: number, dead: number): void {
    const counts = this.signals[signal];
    this.signals[signal] = { ...counts, stored: counts.stored + stored, dead: counts.dead + dead };
  }

  /** Items that a destination should get were journaled. */
  offered(destination: string, signal: LedgerSignal, items: number): void {
    const counts = this.destination(destination, signal);
    this.setDestination(destination, signal, { ...counts, offered: counts.offered + items });
  }

  /** Items that waited for a destination have come to an end there. */
  settled(destination: string, signal: LedgerSignal, settled: Settled): void {
    const counts = this.destination(destination, signal);
    this.setDestination(destination, signal, addSettled(counts, settled));
  }

  destination(destination: string, signal: LedgerSignal): DestinationCounts {
    return this.destinations.get(destination)?.[signal] ?? noDestinationCounts;
  }

  /** Forgets a destination that is no longer configured. */
  forgetDestination(destination: string): void {
    this.destinations.delete(destination);
  }

  /** Items of a signal that were journaled since the data directory was made. */
  journaledItems(signal: LedgerSignal): number {
    return this.signals[signal].journaled;
  }

  snapshot(): LedgerSnapshot {
    return {
      signals: { ...this.signals },
      services: new Map(this.services),
      rejections: this.samples,
      destinations: new Map(this.destinations),
    };
  }

  private setDestination(destination: string, signal: LedgerSignal, counts: DestinationCounts): void {
    this.destinations.set(destination, { ...this.destinations.get(destination), [signal]: counts });
  }

  private addRejected(signal: LedgerSignal, reason: Reason, count: number): void {
    const counts = this.signals[signal];
    const rejected = { ...counts.rejected, [reason]: (counts.rejected[reason] ?? 0) + count };
    this.signals[signal] = { ...counts, rejected };
  }

  private addToService(
    service: string,
    signal: LedgerSignal,
    journaled: number,
    rejected: number,
    arrivedUnixMillis?: number,
  ): void {
    const name = this.services.has(service) || this.services.size < maxServices ? service : otherServices;
    const before = this.services.get(name) ?? {};
    const counts = before[signal] ?? { journaled: 0, rejected: 0 };
    const arrivals =
      arrivedUnixMillis === undefined ? counts.arrivals : withArrival(counts.arrivals, arrivedUnixMillis);
    this.services.set(name, {
      ...before,
      [signal]: {
        journaled: counts.journaled + journaled,
        rejected: counts.rejected + rejected,
        ...(arrivals === undefined ? {} : { arrivals }),
      },
    });
  }
}

function addSettled(counts: DestinationCounts, settled: Settled): DestinationCounts {
  const { forwarded = 0, rejected = 0, failed = 0, filtered = 0, dropped = {}, early = 0 } = settled;
  const sums = Object.entries(dropped).map(([reason, count]) => [
    reason,
    (counts.dropped[reason as DropReason] ?? 0) + count,
  ]);
  return {
    offered: counts.offered,
    forwarded: counts.forwarded + forwarded,
    rejected: counts.rejected + rejected,
    failed: counts.failed + failed,
    filtered: counts.filtered + filtered,
    dropped: { ...counts.dropped, ...Object.fromEntries(sums) },
    early: (counts.early ?? 0) + early,
  };
}

/** The sum of two ledgers, such as those of two intakes in front of one store. */
export function mergeSnapshots(left: LedgerSnapshot, right: LedgerSnapshot): LedgerSnapshot {
  const merged = new Ledger(left);
  for (const signal of ledgerSignals) {
    const { rejected, journaled, stored, dead } = right.signals[signal];
    merged.journaled(signal, journaled, new Map());
    merged.loaded(signal, stored, dead);
    merged.rejected({ signal, services: new Map(), samples: countedSamples(rejected) });
  }
  const { signals } = merged.snapshot();
  const rejections = [...left.rejections, ...right.rejections]
    .toSorted((a, b) => Number(BigInt(a.timeUnixNano) - BigInt(b.timeUnixNano)))
    .slice(-maxSamples);
  return {
    signals,
    services: mergeServices(left, right),
    rejections,
    destinations: mergeDestinations(left, right),
  };
}

function mergeDestinations(left: LedgerSnapshot, right: LedgerSnapshot): LedgerSnapshot['destinations'] {
  const sum = new Ledger({ ...emptySnapshot, destinations: left.destinations });
  for (const [name, bySignal] of right.destinations) {
    for (const signal of ledgerSignals) {
      const counts = bySignal[signal];
      if (counts === undefined) continue;
      sum.offered(name, signal, counts.offered);
      sum.settled(name, signal, counts);
    }
  }
  return sum.snapshot().destinations;
}

function countedSamples(rejected: StageCounts['rejected']): Omit<RejectedSample, 'signal'>[] {
  return Object.entries(rejected).map(([reason, count]) => ({
    timeUnixNano: '0',
    source: '',
    reason: reason as Reason,
    field: '',
    count,
    detail: '',
  }));
}

function mergeServices(left: LedgerSnapshot, right: LedgerSnapshot): ReadonlyMap<string, ServiceSignals> {
  const sum = new Ledger({ ...emptySnapshot, services: left.services });
  for (const [service, bySignal] of right.services) {
    for (const signal of ledgerSignals) {
      const { journaled = 0, rejected = 0, arrivals } = bySignal[signal] ?? {};
      if (journaled > 0)
        sum.journaled(signal, journaled, new Map([[service, journaled]]), arrivals?.lastUnixMillis);
      if (rejected > 0) sum.rejected({ signal, services: new Map([[service, rejected]]), samples: [] });
    }
  }
  return sum.snapshot().services;
}
