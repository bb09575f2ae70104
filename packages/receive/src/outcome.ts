import { type Reason, Refusal } from '@maru/ledger';
import { rpcCode } from '@maru/otlp';

const retryAfterSeconds = 5;

interface Outcome {
  readonly http: number;
  readonly grpc: number;
}

/** How each refusal is answered. Only 429 and 503 make an OTLP sender try again; all else is final. */
export const outcomes: Readonly<Partial<Record<Reason, Outcome>>> = {
  malformed: { http: 400, grpc: rpcCode.invalidArgument },
  bad_compression: { http: 400, grpc: rpcCode.invalidArgument },
  unauthorized: { http: 401, grpc: rpcCode.unauthenticated },
  forbidden: { http: 403, grpc: rpcCode.permissionDenied },
  wrong_port: { http: 415, grpc: rpcCode.unimplemented },
  too_large: { http: 413, grpc: rpcCode.resourceExhausted },
  unsupported_content_type: { http: 415, grpc: rpcCode.invalidArgument },
  unsupported_encoding: { http: 415, grpc: rpcCode.unimplemented },
  rate_limited: { http: 429, grpc: rpcCode.resourceExhausted },
  overloaded: { http: 429, grpc: rpcCode.resourceExhausted },
  journal_full: { http: 503, grpc: rpcCode.unavailable },
  journal_error: { http: 503, grpc: rpcCode.unavailable },
};

/** The statuses of a refusal. One without an entry is a fault of ours: the sender may try again. */
export function outcomeOf({ reason }: Refusal): Outcome {
  return outcomes[reason] ?? { http: 503, grpc: rpcCode.unavailable };
}

/** Whatever went wrong, as something that can be answered: an unexpected error lets the sender try again. */
export function asRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  const what = error instanceof Error ? error.message : String(error);
  return new Refusal('journal_error', `the request could not be kept: ${what}`, retryAfterSeconds, error);
}
