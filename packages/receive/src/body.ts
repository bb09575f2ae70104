import type { Readable } from 'node:stream';
import type { ByteBudget } from './budget.ts';
import type { DoorRequest } from './door-request.ts';
import { tooLarge } from './inflate.ts';

/** A body in memory; its bytes stay on the budget until `release`. */
export interface HeldBody {
  readonly bytes: Uint8Array;
  readonly release: () => void;
}

export interface BodyLimits {
  readonly budget: ByteBudget;
  readonly maxBytes: number;
  /** What Content-Length says; undefined for a chunked body. */
  readonly declaredBytes: number | undefined;
}

/**
 * Reads a whole body within limits. Bytes count on the budget as they come, not as they are declared: who declares much
 * and sends nothing must not keep others out. Throws a `Refusal`, or the stream's error when the sender goes away.
 */
export async function readBody(stream: Readable, limits: BodyLimits): Promise<HeldBody> {
  const { budget, maxBytes, declaredBytes } = limits;
  if ((declaredBytes ?? 0) > maxBytes) throw tooLarge(maxBytes);
  let held = 0;
  try {
    const chunks: Uint8Array[] = [];
    let size = 0;
    // A refusal in the middle must not destroy the stream: the sender is still to get an answer on it.
    const parts = stream.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
    for await (const chunk of parts) {
      size += chunk.length;
      if (size > maxBytes) throw tooLarge(maxBytes);
      budget.take(chunk.length);
      held = size;
      chunks.push(chunk);
    }
    const [only] = chunks;
    const bytes = chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, size);
    return { bytes, release: () => budget.give(held) };
  } catch (error) {
    budget.give(held);
    throw error;
  }
}

/** What Content-Length says. */
export function declaredLength(request: DoorRequest): number | undefined {
  const text = request.headers['content-length'];
  return text === undefined ? undefined : Number(text);
}
