import { QueryError, type QueryErrorKind } from '@maru/query-core';
import { ReadError, type ReadErrorKind } from '@maru/store';

/** How Prometheus would call what the store reports. */
const kinds: Readonly<Record<ReadErrorKind, QueryErrorKind>> = {
  cancelled: 'canceled',
  timeout: 'timeout',
  memory: 'execution',
  too_many_rows: 'execution',
  unavailable: 'unavailable',
  failed: 'internal',
};

const texts: Readonly<Partial<Record<ReadErrorKind, string>>> = {
  cancelled: 'query was canceled in expression evaluation',
  timeout: 'query timed out in expression evaluation',
  failed: 'the store could not read the series of this query',
};

/** The error of a read as the error of the query; anything else as it is. */
export function queryErrorOf(error: unknown): unknown {
  if (!(error instanceof ReadError)) return error;
  const message = texts[error.kind] ?? error.message;
  return new QueryError(kinds[error.kind], message, undefined, { cause: error });
}
