import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Signal } from '@maru/otlp';

/**
 * What the engine process says to the intake process, over HTTP on a Unix socket:
 *
 *   POST /seal/<signal>      seals the open segment; answers the segments that wait
 *   GET  /segments/<signal>  the segments that wait, without sealing
 *   POST /loaded             a segment was loaded; its items are counted and its file deleted
 *   POST /retry             puts a dead letter back into the journal
 *   GET  /ledger             the ledger's report, as /api/ledger gives it
 *   GET  /metrics            the ledger as Prometheus text
 *   GET  /targets            what is scraped, as /api/v1/targets gives it
 *   GET  /tail/<signal>     an endless stream of what is journaled from now on (tail-frames.ts)
 *   GET  /notices            an endless stream of lines, one whenever something was committed
 */

/** Sealed segments that wait to be loaded, oldest first, by number. */
export interface SegmentList {
  readonly segments: readonly number[];
}

/** Says that a segment's rows are durable in the store. Saying it again changes nothing. */
export interface LoadedNotice {
  readonly signal: Signal;
  readonly segment: number;
  /** Items that are in the store now. */
  readonly stored: number;
  /** Items that the engine refused and that lie in a dead-letter file. */
  readonly dead: number;
}

/** Names a dead letter of `<dataDir>/dead`. */
export interface RetryRequest {
  /** Of the destination that refused it; left out for those of the engine. */
  readonly destination?: string;
  readonly signal: Signal;
  readonly name: string;
}

/** How many items are in the journal again, or the sentence that says why none are. */
export type Retried = { readonly items: number } | { readonly refused: string };

/** One line of the stream of notices: something of this signal was committed and is not sealed yet. */
export interface Notice {
  readonly signal: Signal;
}

/** Systems give a socket's path about 108 bytes. */
const longestSocketPath = 100;

/** Where intake listens for the engine: in the data directory, or under the temporary one when the path is too long. */
export function intakeSocketPath(dataDir: string): string {
  return socketPath(dataDir, 'intake');
}

/** Where intake takes the stack's own OTLP when its doors speak TLS. */
export function ownOtlpSocketPath(dataDir: string): string {
  return socketPath(dataDir, 'otlp');
}

function socketPath(dataDir: string, name: string): string {
  const path = join(dataDir, 'run', `${name}.sock`);
  if (Buffer.byteLength(path) <= longestSocketPath) return path;
  const hash = createHash('sha256').update(dataDir).digest('hex').slice(0, 16);
  return join(tmpdir(), `maru-${hash}-${name}.sock`);
}
