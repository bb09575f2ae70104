import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Answer } from './answer.ts';
import { RequestError, toFailure } from './failure.ts';
import { readInput } from './form.ts';
import { createRouter, type Find, type Found, type Method, type RouteTable } from './router.ts';
import { send } from './send.ts';

/**
 * Answers a request if it is for one of the tables; `false` leaves it, untouched, to the caller. With `refused` it is answered
 * with that error in the table's own terms, unless whoever asks may always be answered.
 */
export type Serve = (request: IncomingMessage, response: ServerResponse, refused?: Error) => Promise<boolean>;

/**
 * Serves the tables' endpoints.
 *
 * @param reportError told of errors whose text a user must not see
 */
export function createServe(tables: readonly RouteTable[], reportError: (error: unknown) => void): Serve {
  const find: Find = createRouter(tables);
  return async (request, response, refused) => {
    const { pathname, search } = splitUrl(request.url ?? '/');
    const found = find(request.method ?? 'GET', pathname);
    if (found === undefined) return false;
    await send(request, response, await answer(found, request, response, search, { reportError, refused }));
    return true;
  };
}

/** Not `new URL`: it folds `..` and `//` away, and what was sent must match exactly. */
function splitUrl(url: string): { readonly pathname: string; readonly search: string } {
  const at = url.indexOf('?');
  return at < 0 ? { pathname: url, search: '' } : { pathname: url.slice(0, at), search: url.slice(at + 1) };
}

interface AnswerOptions {
  readonly reportError: (error: unknown) => void;
  readonly refused: Error | undefined;
}

async function answer(
  found: Found,
  request: IncomingMessage,
  response: ServerResponse,
  search: string,
  { reportError, refused }: AnswerOptions,
): Promise<Answer> {
  const { table, route } = found;
  try {
    if (refused !== undefined && !(route?.isOpen ?? false)) throw refused;
    if (route === undefined) throw methodNotAllowed(request.method, found.allowed);
    const { parameters, body } = await readInput(request, search, route.bodyBytes);
    const method: Method = request.method === 'HEAD' ? 'GET' : (request.method as Method);
    const signal = goneSignal(response);
    return await route.handle({
      method,
      path: found.path,
      parameters,
      body,
      headers: request.headers,
      signal,
    });
  } catch (error) {
    const failure = toFailure(error);
    if (failure.kind === 'internal') reportError(error);
    const answered = table.answerError(failure);
    return { ...answered, headers: { ...failure.headers, ...answered.headers } };
  }
}

function methodNotAllowed(method: string | undefined, allowed: readonly Method[]): RequestError {
  const list = [...new Set(allowed)].join(', ');
  return new RequestError('method_not_allowed', `method ${method} is not allowed here: use ${list}`, {
    allow: list,
  });
}

/** Aborts once the client has gone before its answer was written. */
function goneSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) controller.abort();
  });
  return controller.signal;
}
