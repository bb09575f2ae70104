import { Refusal } from '@maru/ledger';

const headerSize = 5;

/** gRPC's length-prefixed message: one byte of flags, four of length, the message. */
export function grpcFrame(message: Uint8Array): Uint8Array {
  const frame = Buffer.alloc(headerSize + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, headerSize);
  return frame;
}

export interface GrpcMessage {
  readonly compressed: boolean;
  readonly bytes: Uint8Array;
}

/** The message of a unary call's body. Throws a `Refusal` when the body is anything else than one whole message. */
export function unaryMessage(body: Uint8Array): GrpcMessage {
  const flags = body[0] ?? 0;
  if (body.length < headerSize || flags > 1) throw badFrame('it does not begin with a gRPC message header');
  const length = new DataView(body.buffer, body.byteOffset, body.length).getUint32(1);
  const rest = body.length - headerSize;
  if (length !== rest) throw badFrame(`its message claims ${length} bytes and ${rest} follow`);
  return { compressed: flags === 1, bytes: body.subarray(headerSize) };
}

function badFrame(what: string): Refusal {
  return new Refusal('malformed', `the call's body is not one gRPC message: ${what}`);
}

/** A status message in the form a header can carry: percent-encoded UTF-8, as gRPC over HTTP/2 says. */
export function percentEncoded(message: string): string {
  return [...Buffer.from(message, 'utf8')]
    .map((byte) =>
      byte >= 0x20 && byte <= 0x7e && byte !== 0x25
        ? String.fromCharCode(byte)
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
    )
    .join('');
}
