import { QueryError, type QueryErrorKind } from '@maru/query-core';
import { ReadError, type ReadErrorKind } from '@maru/store';

/** Why a request failed, in terms that every API has a status for. */
export type FailureKind =
  | 'bad_request'
  | 'unauthorized'
  | 'not_found'
  | 'method_not_allowed'
  | 'too_large'
  | 'too_many'
  | 'execution'
  | 'timeout'
  | 'cancelled'
  | 'unavailable'
  | 'internal';

/** A failure as a value: what each API's `answerError` renders in its own words and status. */
export interface Failure {
  readonly kind: FailureKind;
  /** One sentence for the user; never a stack trace. */
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Thrown by handlers and parameter readers; its message is shown to the user as it is. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly kind: FailureKind;
  readonly headers: Readonly<Record<string, string>>;
  constructor(kind: FailureKind, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.kind = kind;
    this.headers = headers;
  }
}

/** Most APIs' status for a kind; an API that differs overrides single entries. */
export const usualStatus: Readonly<Record<FailureKind, number>> = {
  bad_request: 400,
  unauthorized: 401,
  not_found: 404,
  method_not_allowed: 405,
  too_large: 413,
  too_many: 422,
  execution: 422,
  timeout: 504,
  cancelled: 499,
  unavailable: 503,
  internal: 500,
};

const readFailures: Readonly<Record<ReadErrorKind, FailureKind>> = {
  cancelled: 'cancelled',
  timeout: 'timeout',
  memory: 'too_many',
  too_many_rows: 'too_many',
  unavailable: 'unavailable',
  failed: 'internal',
};

const queryFailures: Readonly<Record<QueryErrorKind, FailureKind>> = {
  bad_data: 'bad_request',
  execution: 'execution',
  canceled: 'cancelled',
  timeout: 'timeout',
  unavailable: 'unavailable',
  internal: 'internal',
};

/** Turns whatever was thrown into a failure. What is not one of our own errors says nothing about its inside. */
export function toFailure(error: unknown): Failure {
  if (error instanceof RequestError)
    return { kind: error.kind, message: error.message, headers: error.headers };
  if (error instanceof ReadError) return readFailure(error);
  if (error instanceof QueryError) return { kind: queryFailures[error.kind], message: error.message };
  return { kind: 'internal', message: 'the request failed inside the server; its log has the reason' };
}

function readFailure(error: ReadError): Failure {
  const kind = readFailures[error.kind];
  if (kind === 'internal')
    return { kind, message: 'the store could not answer this query; the server log has the reason' };
  return { kind, message: error.message };
}
