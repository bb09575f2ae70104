import { QueryError, type QueryErrorKind } from '@maru/query-core';
import { type Answer, writtenJson } from '../http/answer.ts';
import type { Failure, FailureKind } from '../http/failure.ts';
import type { Handle } from '../http/router.ts';

/** Prometheus's error types, and the status of each. */
const statuses = {
  bad_data: 400,
  execution: 422,
  canceled: 499,
  timeout: 503,
  internal: 500,
  unavailable: 503,
  unauthorized: 401,
  not_found: 404,
} as const;

type ErrorType = keyof typeof statuses;

/** Our failures as Prometheus calls them. Other methods and too large forms are the request's fault too. */
const errorTypes: Readonly<Record<FailureKind, ErrorType>> = {
  bad_request: 'bad_data',
  unauthorized: 'unauthorized',
  not_found: 'not_found',
  method_not_allowed: 'bad_data',
  too_large: 'bad_data',
  too_many: 'execution',
  execution: 'execution',
  timeout: 'timeout',
  cancelled: 'canceled',
  unavailable: 'unavailable',
  internal: 'internal',
};

/** Remarks that come with an answer. */
export interface Remarks {
  readonly warnings?: readonly string[];
  readonly infos?: readonly string[];
}

/** `{"status":"success","data":…}` around data that is written piece by piece. */
export function success(data: Iterable<string>, remarks: Remarks = {}): Answer {
  return writtenJson(enveloped(data, remarks));
}

function* enveloped(data: Iterable<string>, { warnings = [], infos = [] }: Remarks): Iterable<string> {
  yield '{"status":"success","data":';
  yield* data;
  if (warnings.length > 0) yield `,"warnings":${JSON.stringify(warnings)}`;
  if (infos.length > 0) yield `,"infos":${JSON.stringify(infos)}`;
  yield '}';
}

/** Success with data that is small. */
export function successOf(data: object, remarks: Remarks = {}): Answer {
  return success([JSON.stringify(data)], remarks);
}

/** A failure outside a query: parameters, paths, the store. */
export function answerFailure(failure: Failure): Answer {
  const type = errorTypes[failure.kind];
  const status =
    failure.kind === 'method_not_allowed' ? 405 : failure.kind === 'too_large' ? 413 : statuses[type];
  return errorAnswer(type, failure.message, status);
}

/** Answers a query's errors in Prometheus's words; a query that cannot be read is the parameter's fault. */
export function answeringQueryErrors(parameter: string, handle: Handle): Handle {
  return async (context) => {
    try {
      return await handle(context);
    } catch (error) {
      if (!(error instanceof QueryError) || error.kind === 'internal') throw error;
      return errorAnswer(error.kind, queryErrorText(error, parameter), statuses[error.kind]);
    }
  };
}

function queryErrorText(error: QueryError, parameter: string): string {
  const kind: QueryErrorKind = error.kind;
  return kind === 'bad_data' ? `invalid parameter "${parameter}": ${error.message}` : error.message;
}

function errorAnswer(errorType: ErrorType, error: string, status: number): Answer {
  return writtenJson(JSON.stringify({ status: 'error', errorType, error }), status);
}
