import type { WaitingItems } from './balance.ts';
import {
  type DestinationCounts,
  type LedgerSnapshot,
  ledgerSignals,
  type StageCounts,
  unsettledTotal,
} from './state.ts';

/** The ledger as Prometheus text (exposition format 0.0.4). */
export function prometheusText(snapshot: LedgerSnapshot, waiting: WaitingItems): string {
  return [
    '# HELP maru_ledger_items_total Items by signal, stage and, for the rejected, reason.',
    '# TYPE maru_ledger_items_total counter',
    ...ledgerSignals.flatMap((signal) => signalLines(signal, snapshot.signals[signal])),
    '# HELP maru_journal_waiting_items Items acknowledged and not yet loaded by the engine.',
    '# TYPE maru_journal_waiting_items gauge',
    ...ledgerSignals.map((signal) => `maru_journal_waiting_items{signal="${signal}"} ${waiting[signal]}`),
    ...forwardLines(snapshot),
    '',
  ].join('\n');
}

function forwardLines({ destinations }: LedgerSnapshot): string[] {
  if (destinations.size === 0) return [];
  const each = <T>(lines: (destination: string, signal: string, counts: DestinationCounts) => T[]): T[] =>
    [...destinations].flatMap(([name, signals]) =>
      Object.entries(signals).flatMap(([signal, counts]) => lines(name, signal, counts)),
    );
  return [
    '# HELP maru_forward_items_total Items by destination, signal, what became of them and, for the dropped, reason.',
    '# TYPE maru_forward_items_total counter',
    ...each(outcomeLines),
    '# HELP maru_forward_early_decisions_total Spans that tail sampling decided before its time, because it held too many.',
    '# TYPE maru_forward_early_decisions_total counter',
    ...each((destination, signal, counts) => [
      `maru_forward_early_decisions_total{destination="${destination}",signal="${signal}"} ${counts.early ?? 0}`,
    ]),
    '# HELP maru_forward_waiting_items Items that a destination has not got yet.',
    '# TYPE maru_forward_waiting_items gauge',
    ...each((destination, signal, counts) => [
      `maru_forward_waiting_items{destination="${destination}",signal="${signal}"} ${unsettledTotal(counts)}`,
    ]),
  ];
}

function outcomeLines(destination: string, signal: string, counts: DestinationCounts): string[] {
  const line = (outcome: string, reason: string, value: number): string =>
    `maru_forward_items_total{destination="${destination}",signal="${signal}",outcome="${outcome}",reason="${reason}"} ${value}`;
  const outcomes = ['forwarded', 'rejected', 'failed', 'filtered'] as const;
  return [
    ...outcomes.map((outcome) => line(outcome, '', counts[outcome])),
    ...Object.entries(counts.dropped).map(([reason, count]) => line('dropped', reason, count)),
  ];
}

function signalLines(signal: string, { journaled, stored, dead, rejected }: StageCounts): string[] {
  return [
    line(signal, 'journaled', '', journaled),
    line(signal, 'stored', '', stored),
    line(signal, 'dead', '', dead),
    ...Object.entries(rejected).map(([reason, count]) => line(signal, 'rejected', reason, count)),
  ];
}

function line(signal: string, stage: string, reason: string, value: number): string {
  return `maru_ledger_items_total{signal="${signal}",stage="${stage}",reason="${reason}"} ${value}`;
}
