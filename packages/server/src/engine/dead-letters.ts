import type { Signal } from '@maru/otlp';
import { writeLetter } from '../dead/letters.ts';

/** A request that the check took and the engine refused. */
export interface DeadLetter {
  readonly signal: Signal;
  readonly segment: number;
  /** Where the record starts in its segment, in bytes. */
  readonly offset: number;
  /** The record as it stood in the segment: its length, the request, the trailer. */
  readonly bytes: Uint8Array;
  readonly items: number;
  readonly error: unknown;
}

/**
 * Keeps a dead letter under `<dataDir>/dead/<signal>/`, the record in one file and the engine's words beside it, and
 * gives the sentence that tells of it. Both are durable before it resolves, since the journal's own copy goes next. The record is a segment of its own: it can be loaded once the cause is mended.
 */
export async function keepDeadLetter(dataDir: string, letter: DeadLetter): Promise<string> {
  const name = `${String(letter.segment).padStart(12, '0')}-${letter.offset}`;
  const reason = reasonOf(letter.error);
  await writeLetter(dataDir, { signal: letter.signal, name }, letter.bytes, reason);
  return (
    `the engine refused a request with ${letter.items} ${letter.signal} items (segment ${letter.segment}, byte ` +
    `${letter.offset}): ${reason}; it is kept as dead/${letter.signal}/${name}.segment, everything else was stored`
  );
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const sentence = text.replace(/^.*?DB::Exception: /s, '').split('\n', 1)[0] ?? text;
  return sentence.slice(0, 500);
}
