import { parseError } from '@clickhouse/client';

/**
 * Hands on a response's bytes until an exception stands in them. A server that fails after it has begun to answer can no
 * longer change the status: it writes, behind what it has written,
 *
 *     \r\n__exception__\r\n<tag>\r\n<message>\n<length> <tag>\r\n__exception__\r\n
 *
 * with a tag that it told in a header, made for this response, so that no value can look like it.
 */
export async function* untilException(
  chunks: AsyncIterable<Uint8Array>,
  tag: string | undefined,
): AsyncGenerator<Buffer, void, undefined> {
  if (tag === undefined) return yield* buffers(chunks);
  const marker = Buffer.from(`\r\n__exception__\r\n${tag}\r\n`);
  let held: Buffer = Buffer.alloc(0);
  for await (const chunk of buffers(chunks)) {
    if (held.indexOf(marker) < 0) {
      // The marker may be cut in two by the network, so its length less one is kept back.
      const joined = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const found = joined.indexOf(marker);
      const sound = found < 0 ? Math.max(0, joined.length - marker.length + 1) : found;
      if (sound > 0) yield joined.subarray(0, sound);
      held = joined.subarray(sound);
    } else held = Buffer.concat([held, chunk]);
  }
  if (held.indexOf(marker) >= 0) throw parseError(messageOf(held.subarray(marker.length), tag));
  if (held.length > 0) yield held;
}

async function* buffers(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, undefined> {
  for await (const chunk of chunks) yield Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
}

function messageOf(rest: Buffer, tag: string): string {
  const text = rest.toString();
  const end = text.lastIndexOf(`${tag}\r\n__exception__`);
  return (end < 0 ? text : text.slice(0, end)).replace(/\n\d+ $/, '');
}
