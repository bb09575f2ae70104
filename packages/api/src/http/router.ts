import type { IncomingHttpHeaders } from 'node:http';
import type { Answer } from './answer.ts';
import type { Failure } from './failure.ts';
import type { Parameters } from './parameters.ts';

export type Method = 'GET' | 'POST' | 'DELETE';

/** What a handler is told about its request. */
export interface RequestContext {
  readonly method: Method;
  /** The path's variables, percent-decoded. */
  readonly path: Readonly<Record<string, string>>;
  readonly parameters: Parameters;
  readonly headers: IncomingHttpHeaders;
  /** As it was sent, for routes that take one; else empty. */
  readonly body: Uint8Array;
  /** Aborted when the client leaves; hand it to every read. */
  readonly signal: AbortSignal;
}

export type Handle = (context: RequestContext) => Promise<Answer> | Answer;

/**
 * One endpoint. In `path`, `:name` stands for one segment and a last `*name` for all that remain (it may hold `/`).
 *
 * @example { methods: ['GET'], path: '/api/v2/search/tag/*rest', handle: tagValues }
 */
export interface Route {
  readonly methods: readonly Method[];
  readonly path: string;
  /** Answered whoever asks: it tells nothing of anybody's data. */
  readonly isOpen?: boolean;
  /** Takes a body of its own kind, not a form, of up to so many bytes. */
  readonly bodyBytes?: number;
  readonly handle: Handle;
}

/** One API: its endpoints, where they stand, and how its errors look. */
export interface RouteTable {
  /** Each endpoint exists under each prefix; `''` is the root. */
  readonly prefixes: readonly string[];
  readonly routes: readonly Route[];
  readonly answerError: (failure: Failure) => Answer;
}

/** What a path leads to; `route` is undefined when only other methods are allowed there. */
export interface Found {
  readonly table: RouteTable;
  readonly route: Route | undefined;
  readonly allowed: readonly Method[];
  readonly path: Readonly<Record<string, string>>;
}

export type Find = (method: string, pathname: string) => Found | undefined;

interface Entry {
  readonly segments: readonly string[];
  readonly table: RouteTable;
  readonly route: Route;
}

/**
 * Compiles tables into one look-up by exact path: no trailing slash, no empty or dot segments, no case folding.
 * The first table that knows a path decides on it alone.
 */
export function createRouter(tables: readonly RouteTable[]): Find {
  const entries = tables.flatMap(entriesOf);
  return (method, pathname) => {
    const segments = splitPath(pathname);
    if (segments === undefined) return undefined;
    const matching = entries.flatMap((entry) => matchEntry(entry, segments));
    return chooseByMethod(method === 'HEAD' ? 'GET' : method, matching);
  };
}

function entriesOf(table: RouteTable): Entry[] {
  return table.prefixes.flatMap((prefix) =>
    table.routes.map((route) => ({ segments: `${prefix}${route.path}`.split('/').slice(1), table, route })),
  );
}

function splitPath(pathname: string): readonly string[] | undefined {
  try {
    const segments = pathname.split('/').slice(1).map(decodeURIComponent);
    return segments.some((segment) => segment === '' || segment === '.' || segment === '..')
      ? undefined
      : segments;
  } catch {
    return undefined;
  }
}

interface Match extends Entry {
  readonly path: Readonly<Record<string, string>>;
}

function matchEntry(entry: Entry, segments: readonly string[]): readonly Match[] {
  const path: Record<string, string> = Object.create(null);
  for (const [index, pattern] of entry.segments.entries()) {
    const segment = segments[index];
    if (segment === undefined) return [];
    if (pattern.startsWith('*')) {
      path[pattern.slice(1)] = segments.slice(index).join('/');
      return [{ ...entry, path }];
    }
    if (pattern.startsWith(':')) path[pattern.slice(1)] = segment;
    else if (pattern !== segment) return [];
  }
  return segments.length === entry.segments.length ? [{ ...entry, path }] : [];
}

function chooseByMethod(method: string, matching: readonly Match[]): Found | undefined {
  const first = matching[0];
  if (first === undefined) return undefined;
  const candidates = matching.filter((match) => match.table === first.table);
  const chosen = candidates.find((match) => match.route.methods.some((allowed) => allowed === method));
  const { table, path } = chosen ?? first;
  return { table, path, route: chosen?.route, allowed: candidates.flatMap((match) => match.route.methods) };
}
