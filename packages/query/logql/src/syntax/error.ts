import { positionAt, printPosition, QueryError } from '@maru/query-core';

/** A query that is no LogQL, in Loki's words. */
export function parseError(text: string, offset: number, problem: string): QueryError {
  const position = positionAt(text, offset);
  const where = `line ${position.line}, col ${position.column}`;
  return new QueryError('bad_data', `parse error at ${where}: ${problem}`, position);
}

/** A query that is LogQL and asks for what Maru cannot do (yet). */
export function notSupported(text: string, offset: number, what: string): QueryError {
  const position = positionAt(text, offset);
  return new QueryError('bad_data', `${what} is not supported yet at ${printPosition(position)}`, position);
}
