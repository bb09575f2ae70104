import type { WaitingItems } from './balance.ts';
import { type LedgerSnapshot, ledgerSignals, type StageCounts } from './state.ts';

/** The ledger as Prometheus text (exposition format 0.0.4). */
export function prometheusText(snapshot: LedgerSnapshot, waiting: WaitingItems): string {
  return [
    '# HELP maru_ledger_items_total Items by signal, stage and, for the rejected, reason.',
    '# TYPE maru_ledger_items_total counter',
    ...ledgerSignals.flatMap((signal) => signalLines(signal, snapshot.signals[signal])),
    '# HELP maru_journal_waiting_items Items acknowledged and not yet loaded by the engine.',
    '# TYPE maru_journal_waiting_items gauge',
    ...ledgerSignals.map((signal) => `maru_journal_waiting_items{signal="${signal}"} ${waiting[signal]}`),
    '',
  ].join('\n');
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
