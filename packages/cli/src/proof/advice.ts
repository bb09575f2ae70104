import type { Signal } from '@maru/otlp';
import { messageOf } from '../user-error.ts';
import { getJson } from './http.ts';
import type { Stack } from './target.ts';

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

/**
 * What to check next when a signal did not arrive, from how far its items came. Never throws.
 *
 * @param before what the ledger said before the request; undefined where no Maru keeps the telemetry
 */
export async function adviceFor(signal: Signal, stack: Stack, before: Ledger | undefined): Promise<string> {
  if (stack.maru === undefined || before === undefined) return adviceWithoutLedger(signal, stack);
  try {
    return advice(signal, stack.maru, before, await readLedger(stack.maru, stack.headers));
  } catch (thrown) {
    return `the stack's ledger could not be read (${messageOf(thrown)}): check that the stack runs`;
  }
}

/** @param maru its address */
export async function readLedger(
  maru: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Ledger> {
  return getJson<Ledger>(`${maru}/api/ledger`, {}, headers);
}

/** The stages that others have, in the order an item passes them; none of them counts for us. */
function adviceWithoutLedger(signal: Signal, stack: Stack): string {
  const backend = { traces: stack.tempo, metrics: stack.prometheus, logs: stack.loki }[signal];
  return `check that the Board's OTEL_EXPORTER_OTLP_ENDPOINT leads to what sends ${signal} on to ${backend} (./maru doctor otlp URL walks that way), then the log of the Collector between, which names what a backend refused`;
}

function advice(signal: Signal, maru: string, before: Ledger, after: Ledger): string {
  const moved = (what: keyof LedgerCounts): bigint =>
    count(after, signal, what) - count(before, signal, what);
  const numbers = `since the request the ledger counted ${moved('received')} received, ${moved('rejected')} rejected, ${moved('stored')} stored, and has ${count(after, signal, 'waiting')} waiting`;
  return `${numbers}: ${nextStep(signal, maru, moved, count(after, signal, 'waiting'))}`;
}

/** The stages in the order an item passes them: the first that it did not pass is the one to look at. */
function nextStep(
  signal: Signal,
  maru: string,
  moved: (what: keyof LedgerCounts) => bigint,
  waiting: bigint,
): string {
  if (moved('received') === 0n) {
    return `the Board sends no ${signal} to this stack; check its OTEL_EXPORTER_OTLP_ENDPOINT (it prints at start where each signal goes) and that no telemetry fault is switched on`;
  }
  if (moved('rejected') > 0n) return `read why under "rejections" in ${maru}/api/ledger`;
  if (moved('dead') > 0n) return 'the store refused some of it; read the log of the engine';
  if (waiting > 0n && moved('stored') === 0n)
    return 'the engine does not keep up; read the log of the engine';
  return 'it is stored, but under another service name or trace; search for it in the console';
}

function count(ledger: Ledger, signal: Signal, what: keyof LedgerCounts): bigint {
  return BigInt(ledger.signals?.[signal]?.[what] ?? 0);
}
