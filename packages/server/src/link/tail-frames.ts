import type { TailFrame } from '@maru/api';

/**
 * The stream of `GET /tail/<signal>`, in both directions. A frame is one byte of kind, four of length (big endian) and as many of
 * content: of kind 0 a checked export request, of kind 1 eight bytes with the number of items that were left out.
 */
const headBytes = 5;
const requestKind = 0;
const droppedKind = 1;

export function requestFrame(request: Uint8Array): Buffer {
  return Buffer.concat([head(requestKind, request.length), request]);
}

export function droppedFrame(items: number): Buffer {
  const content = Buffer.alloc(8);
  content.writeBigUInt64BE(BigInt(items));
  return Buffer.concat([head(droppedKind, content.length), content]);
}

function head(kind: number, length: number): Buffer {
  const bytes = Buffer.alloc(headBytes);
  bytes.writeUInt8(kind, 0);
  bytes.writeUInt32BE(length, 1);
  return bytes;
}

/** The frames of a stream of bytes. A frame that the end cuts off is none. */
export async function* readFrames(
  stream: AsyncIterable<Uint8Array>,
): AsyncGenerator<TailFrame, void, undefined> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    rest = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    while (rest.length >= headBytes) {
      const end = headBytes + rest.readUInt32BE(1);
      if (rest.length < end) break;
      const content = rest.subarray(headBytes, end);
      yield rest.readUInt8(0) === requestKind
        ? { request: content }
        : { dropped: Number(content.readBigUInt64BE()) };
      rest = rest.subarray(end);
    }
  }
}
