export { type Imbalance, imbalances, type WaitingItems } from './balance.ts';
export {
  type DestinationReport,
  type DestinationTotals,
  type DestinationTrouble,
  type LedgerReport,
  ledgerReport,
  parseSnapshot,
  type SignalTotals,
  serializeSnapshot,
} from './json.ts';
export { Ledger, mergeSnapshots, type RejectedItems } from './ledger.ts';
export { prometheusText } from './prometheus.ts';
export { type Reason, Refusal, reasons } from './reasons.ts';
export {
  type DestinationCounts,
  type DestinationSignals,
  type DropReason,
  dropReasons,
  emptySnapshot,
  type LedgerSignal,
  type LedgerSnapshot,
  ledgerSignals,
  maxSamples,
  maxServices,
  otherServices,
  type RejectedSample,
  receivedTotal,
  rejectedTotal,
  type ServiceCounts,
  type ServiceSignals,
  type Settled,
  type StageCounts,
  unsettledTotal,
  waitingTotal,
} from './state.ts';
