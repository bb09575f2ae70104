/** What a handler gives back; `send` turns it into bytes on the wire. */
export interface Answer {
  readonly status: number;
  readonly contentType: string;
  /** An iterable is sent piece by piece, so that a large answer never stands in memory as one string. */
  readonly body: string | Uint8Array | Iterable<string> | AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
}

const jsonType = 'application/json; charset=utf-8';
const textType = 'text/plain; charset=utf-8';
const protobufType = 'application/protobuf';

/** A value as JSON. Values that need their own number formatting are written by their API instead. */
export function json(value: object, status = 200): Answer {
  return { status, contentType: jsonType, body: JSON.stringify(value) };
}

/** Plain text, one line. */
export function text(body: string, status = 200): Answer {
  return { status, contentType: textType, body };
}

/** JSON that was written by hand, whole or in pieces. */
export function writtenJson(body: string | Iterable<string>, status = 200): Answer {
  return { status, contentType: jsonType, body };
}

/** A protobuf message. */
export function protobuf(body: Uint8Array): Answer {
  return { status: 200, contentType: protobufType, body };
}
