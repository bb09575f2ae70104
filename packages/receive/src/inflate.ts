import { promisify } from 'node:util';
import { gunzip, inflate, zstdDecompress } from 'node:zlib';
import { Refusal } from '@maru/ledger';
import type { Gate } from './budget.ts';

type Inflate = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

/** Content encodings by name. Each stops at the limit while it inflates, so a bomb costs no more than the limit. */
const inflaters: ReadonlyMap<string, Inflate> = new Map<string, Inflate>([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['zstd', promisify(zstdDecompress)],
]);

/** The names for Accept-Encoding and grpc-accept-encoding. */
export const supportedEncodings: readonly string[] = [...inflaters.keys()];

export interface InflateLimits {
  readonly maxBytes: number;
  readonly gate: Gate;
}

/** Undoes a content encoding. Throws a `Refusal` when it is not known, the bytes are not of it, or they are too many. */
export async function inflateBody(
  bytes: Uint8Array,
  encoding: string,
  { maxBytes, gate }: InflateLimits,
): Promise<Uint8Array> {
  if (encoding === '' || encoding === 'identity') return bytes;
  const run = inflaters.get(encoding);
  if (run === undefined) throw unsupported(encoding);
  try {
    return await gate.run(() => run(bytes, { maxOutputLength: maxBytes }));
  } catch (error) {
    throw isTooLarge(error) ? tooLarge(maxBytes) : badCompression(encoding);
  }
}

function unsupported(encoding: string): Refusal {
  return new Refusal(
    'unsupported_encoding',
    `the content encoding ${JSON.stringify(encoding.slice(0, 40))} is not supported: use none, ${supportedEncodings.join(', ')}`,
  );
}

function badCompression(encoding: string): Refusal {
  return new Refusal('bad_compression', `the body is not valid ${encoding}, though its header says so`);
}

/** The request is larger than the limit; OTLP has senders drop it and not repeat it. */
export function tooLarge(maxBytes: number): Refusal {
  return new Refusal(
    'too_large',
    `the request is larger than ${maxBytes} bytes: send smaller batches, or raise the limit of request bytes`,
  );
}

function isTooLarge(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
}
