import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type DestinationSettings,
  Forwarder,
  type ForwardSettings,
  type RefusedRequest,
  type Source,
  signalsOf,
} from '@maru/forward';
import { encodeRecord } from '@maru/journal';
import { checkLogs, checkMetrics, checkTraces, type Signal } from '@maru/otlp';
import type { SeriesNaming } from '@maru/otlp/prometheus';
import { type LetterId, writeLetter } from '../dead/letters.ts';
import type { Books } from './books.ts';
import type { JournalSubscriber } from './cursors.ts';

/**
 * The destinations as a tenant has them: its requests say whose they are, as everywhere in this field, unless the configuration
 * says otherwise. Nothing changes for the first tenant.
 */
export function forwardFor(forward: ForwardSettings, tenant: string): ForwardSettings {
  if (tenant === '') return forward;
  const destinations = forward.destinations.map((destination) => ({
    ...destination,
    headers: { 'x-scope-orgid': tenant, ...destination.headers },
  }));
  return { ...forward, destinations };
}

/** The destinations as the books know them. */
export function subscribersOf(forward: ForwardSettings | undefined): readonly JournalSubscriber[] {
  return (forward?.destinations ?? []).map((destination) => ({
    name: destination.name,
    signals: signalsOf(destination),
  }));
}

/** What forwarding stands on. */
export interface ForwardingParts {
  readonly books: Books;
  readonly naming: SeriesNaming;
  readonly say: (sentence: string) => void;
}

/** Starts forwarding from the books. */
export function startForwarding(
  dataDir: string,
  { destinations }: ForwardSettings,
  { books, naming, say }: ForwardingParts,
): Forwarder {
  const letters = new DestinationLetters(dataDir);
  return new Forwarder({
    destinations,
    naming,
    source: (name, signal) => sourceOf(books, name, signal),
    keep: (destination, refused) => letters.keep(destination, refused),
    say,
  });
}

function sourceOf(books: Books, name: string, signal: Signal): Source {
  const reader = books.reader(name, signal);
  return {
    read: (maxBytes) => reader.read(maxBytes),
    settled: (to, settled) => books.settled(name, signal, to, settled),
    skipTo: (to) => reader.skipTo(to),
    close: () => reader.close(),
  };
}

const checks = { traces: checkTraces, metrics: checkMetrics, logs: checkLogs } as const;

/** Keeps what destinations refused, up to each one's limit. */
class DestinationLetters {
  readonly #dataDir: string;
  /** Bytes by destination; looked up when it is first needed. */
  readonly #kept: Map<string, number> = new Map();

  constructor(dataDir: string) {
    this.#dataDir = dataDir;
  }

  /** False when there is no room. */
  async keep({ name, maxDeadBytes }: DestinationSettings, refused: RefusedRequest): Promise<boolean> {
    const bytes = recordOf(refused);
    const kept = this.#kept.get(name) ?? (await bytesUnder(join(this.#dataDir, 'dead', name)));
    if (kept + bytes.length > maxDeadBytes) return false;
    this.#kept.set(name, kept + bytes.length);
    await writeLetter(this.#dataDir, letterId(name, refused), bytes, refused.reason);
    return true;
  }
}

/** A request that is refused again after a restart gets the name that it had. */
function letterId(destination: string, { signal, start, piece }: RefusedRequest): LetterId {
  const place = `${String(start.segment).padStart(12, '0')}-${start.offset}`;
  return { destination, signal, name: piece === 0 ? place : `${place}-${piece}` };
}

function recordOf({ signal, request, isOwn, receivedTimeUnixNano }: RefusedRequest): Uint8Array {
  const account = { ...checks[signal](request), nestedValues: isOwn ? 1 : 0 };
  return Buffer.concat(encodeRecord(request, account, receivedTimeUnixNano).buffers);
}

async function bytesUnder(directory: string): Promise<number> {
  const names = await readdir(directory, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(names.map((name) => stat(join(directory, name)).then(({ size }) => size)));
  return sizes.reduce((sum, size) => sum + size, 0);
}
