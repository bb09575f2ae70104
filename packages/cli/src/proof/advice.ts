import type { Signal } from '@maru/otlp';
import { messageOf } from '../user-error.ts';
import { getJson } from './http.ts';
import type { Target } from './target.ts';

/** What is read of `/api/ledger`: decimal strings, by signal. */
export interface Ledger {
  readonly signals?: Readonly<Partial<Record<Signal, LedgerCounts>>>;
}

interface LedgerCounts {
  readonly received?: string;
  readonly rejected?: string;
  readonly stored?: string;
  readonly dead?: string;
  readonly waiting?: string;
}

/** What to check next when a signal did not arrive, from how far its items came. Never throws. */
export async function adviceFor(signal: Signal, target: Target, before: Ledger): Promise<string> {
  try {
    return advice(signal, target, before, await readLedger(target));
  } catch (thrown) {
    return `the stack's ledger could not be read (${messageOf(thrown)}): check that the stack runs`;
  }
}

export async function readLedger({ endpoint }: Target): Promise<Ledger> {
  return getJson<Ledger>(`${endpoint}/api/ledger`);
}

function advice(signal: Signal, target: Target, before: Ledger, after: Ledger): string {
  const moved = (what: keyof LedgerCounts): bigint =>
    count(after, signal, what) - count(before, signal, what);
  const numbers = `since the request the ledger counted ${moved('received')} received, ${moved('rejected')} rejected, ${moved('stored')} stored, and has ${count(after, signal, 'waiting')} waiting`;
  return `${numbers}: ${nextStep(signal, target, moved, count(after, signal, 'waiting'))}`;
}

/** The stages in the order an item passes them: the first that it did not pass is the one to look at. */
function nextStep(
  signal: Signal,
  { endpoint }: Target,
  moved: (what: keyof LedgerCounts) => bigint,
  waiting: bigint,
): string {
  if (moved('received') === 0n) {
    return `the Board sends no ${signal} to this stack; check its OTEL_EXPORTER_OTLP_ENDPOINT (it prints at start where each signal goes) and that no telemetry fault is switched on`;
  }
  if (moved('rejected') > 0n) return `read why under "rejections" in ${endpoint}/api/ledger`;
  if (moved('dead') > 0n) return 'the store refused some of it; read the log of the engine';
  if (waiting > 0n && moved('stored') === 0n)
    return 'the engine does not keep up; read the log of the engine';
  return 'it is stored, but under another service name or trace; search for it in the console';
}

function count(ledger: Ledger, signal: Signal, what: keyof LedgerCounts): bigint {
  return BigInt(ledger.signals?.[signal]?.[what] ?? 0);
}
