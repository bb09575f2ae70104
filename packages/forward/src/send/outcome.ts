import type { DropReason } from '@maru/ledger';
import { Cursor } from '@maru/otlp';

/** How a destination answered a request. */
export type SendOutcome =
  | {
      readonly kind: 'accepted';
      readonly rejected: number;
      readonly message: string;
      /** Items that were not sent, because the protocol has no place for them. */
      readonly skipped?: Readonly<Partial<Record<DropReason, number>>>;
    }
  /** It may succeed later; `afterMs` is what the destination asked for. */
  | { readonly kind: 'retry'; readonly detail: string; readonly afterMs?: number }
  /** It is too large as it is: halves may be taken. */
  | { readonly kind: 'too_large'; readonly detail: string }
  /** Something in it is refused: what is beside it may be taken. */
  | { readonly kind: 'invalid'; readonly detail: string }
  /** It is refused for good, whatever is in it. */
  | { readonly kind: 'refused'; readonly detail: string };

/** Longest pause that a destination may ask for: a mistaken header must not stop forwarding for a day. */
const longestWishMs = 600_000;

/** Reads an ExportTraceServiceResponse or its siblings; an answer that is none counts as full success, as OTLP's clients do. */
export function acceptedOutcome(body: Uint8Array): SendOutcome {
  const partial = field(body, 1);
  if (partial === undefined) return { kind: 'accepted', rejected: 0, message: '' };
  return { kind: 'accepted', rejected: numberField(partial, 1), message: textField(partial, 2) };
}

/** What a `google.rpc.Status` says: its message, and the pause that its RetryInfo asks for. */
export interface ReadStatus {
  readonly message: string;
  readonly retryAfterMs?: number;
}

const retryInfoType = 'type.googleapis.com/google.rpc.RetryInfo';

/** Reads a `google.rpc.Status`; other bytes give an empty message. */
export function readStatus(bytes: Uint8Array): ReadStatus {
  const details = fieldsOf(bytes, 3).find((detail) => textField(detail, 1) === retryInfoType);
  const delay = details && field(field(details, 2) ?? nothing, 1);
  const message = textField(bytes, 2);
  if (delay === undefined) return { message };
  return { message, retryAfterMs: bounded(numberField(delay, 1) * 1000 + numberField(delay, 2) / 1e6) };
}

/** `Retry-After` in seconds or as a date, in milliseconds from now; undefined when it is neither. */
export function retryAfterMs(header: string | undefined, nowMs: number): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return bounded(Number(header) * 1000);
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : bounded(Math.max(0, dateMs - nowMs));
}

function bounded(milliseconds: number): number {
  return Math.min(longestWishMs, milliseconds);
}

const nothing = new Uint8Array(0);

function field(bytes: Uint8Array, number: number): Uint8Array | undefined {
  return fieldsOf(bytes, number)[0];
}

/** Contents of length-delimited fields; none when the bytes are no protobuf. */
function fieldsOf(bytes: Uint8Array, number: number): readonly Uint8Array[] {
  const found: Uint8Array[] = [];
  walk(bytes, (tag, cursor) => {
    if (tag !== number * 8 + 2) return false;
    const length = cursor.length(bytes.length);
    found.push(bytes.subarray(cursor.position, cursor.position + length));
    cursor.position += length;
    return true;
  });
  return found;
}

function numberField(bytes: Uint8Array, number: number): number {
  let value = 0;
  walk(bytes, (tag, cursor) => {
    if (tag !== number * 8) return false;
    value = cursor.varint(bytes.length);
    return true;
  });
  return value;
}

function textField(bytes: Uint8Array, number: number): string {
  return Buffer.from(field(bytes, number) ?? nothing)
    .toString('utf8')
    .slice(0, 500);
}

/** Answers come from the network too: what cannot be read ends the walk, without an error. */
function walk(bytes: Uint8Array, take: (tag: number, cursor: Cursor) => boolean): void {
  const cursor = new Cursor(bytes);
  try {
    while (cursor.position < bytes.length) {
      const tag = cursor.tag(bytes.length);
      if (!take(tag, cursor)) cursor.skipValue(tag & 7, bytes.length);
    }
  } catch {
    // What was read so far counts.
  }
}
