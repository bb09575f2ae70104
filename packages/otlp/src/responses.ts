import { concat, lengthDelimited, stringField, varintField } from './encode.ts';
import type { Signal } from './signal.ts';

/** The two encodings OTLP/HTTP speaks; an answer uses that of its request. */
export type Encoding = 'protobuf' | 'json';

export const contentTypes: Readonly<Record<Encoding, string>> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** What partial success says: the items that were not taken, and why. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const rejectedFields: Readonly<Record<Signal, string>> = {
  traces: 'rejectedSpans',
  metrics: 'rejectedDataPoints',
  logs: 'rejectedLogRecords',
};

/**
 * An ExportTraceServiceResponse, ExportMetricsServiceResponse or ExportLogsServiceResponse. They differ in JSON only;
 * complete success is the empty message.
 */
export function exportResponse(signal: Signal, encoding: Encoding, partial?: PartialSuccess): Uint8Array {
  const full = partial === undefined || (partial.rejected === 0 && partial.message === '');
  if (encoding === 'json') {
    const success = full
      ? {}
      : { [rejectedFields[signal]]: String(partial.rejected), errorMessage: partial.message };
    return Buffer.from(JSON.stringify({ partialSuccess: success }));
  }
  if (full) return new Uint8Array(0);
  return lengthDelimited(1, varintField(1, partial.rejected), stringField(2, partial.message));
}

/** The codes of google.rpc.Status, which gRPC uses as its status, as far as they are answered here. */
export const rpcCode = {
  ok: 0,
  invalidArgument: 3,
  permissionDenied: 7,
  resourceExhausted: 8,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

export interface RpcStatus {
  readonly code: number;
  readonly message: string;
  /** Adds a google.rpc.RetryInfo detail, without which gRPC clients do not repeat RESOURCE_EXHAUSTED. */
  readonly retryAfterSeconds?: number;
}

const retryInfoType = 'type.googleapis.com/google.rpc.RetryInfo';

/** A google.rpc.Status: the body of every OTLP/HTTP error, and the detail of a gRPC one. */
export function statusMessage(
  { code, message, retryAfterSeconds }: RpcStatus,
  encoding: Encoding,
): Uint8Array {
  if (encoding === 'json') return Buffer.from(JSON.stringify(statusJson({ code, message })));
  const fields = concat(varintField(1, code), stringField(2, message));
  return retryAfterSeconds === undefined ? fields : concat(fields, retryInfo(retryAfterSeconds));
}

function statusJson({ code, message }: RpcStatus): { code: number; message: string } {
  return { code, message };
}

function retryInfo(seconds: number): Uint8Array {
  const delay = lengthDelimited(1, varintField(1, seconds));
  return lengthDelimited(3, stringField(1, retryInfoType), lengthDelimited(2, delay));
}
