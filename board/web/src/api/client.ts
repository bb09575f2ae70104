import type { Language } from '../texts.ts';

/** A refusal by the API. `message` is meant for the user, in the language asked for. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** The HTTP status; 0 when no answer came at all. */
  readonly status: number;
  /** For the user to pass on; undefined where the API gave none. */
  readonly traceId: string | undefined;

  constructor(status: number, message: string, traceId?: string) {
    super(message);
    this.status = status;
    this.traceId = traceId;
  }
}

/** The account that is logged in. */
export interface Me {
  readonly id: number;
  readonly username: string;
  readonly is_admin: boolean;
}

/** A message. Times are ISO 8601 in UTC. */
export interface Message {
  readonly id: number;
  readonly title: string;
  readonly body: string;
  readonly author: string;
  readonly author_id: number;
  readonly created_at: string;
  readonly updated_at: string;
}

/** One page of messages, newest first. */
export interface MessagePage {
  readonly items: readonly Message[];
  readonly page: number;
  readonly size: number;
  readonly total: number;
}

/** An account in the admin's list. */
export interface ListedUser {
  readonly id: number;
  readonly username: string;
  readonly is_admin: boolean;
  readonly created_at: string;
  readonly messages: number;
}

/** A fault switch with its present state. `unit` is empty for faults without a value. */
export interface Fault {
  readonly name: string;
  readonly enabled: boolean;
  readonly value: number;
  readonly unit: string;
  readonly minimum: number;
  readonly maximum: number;
  readonly ends_at: string | null;
}

/** What the API says about itself. */
export interface Info {
  readonly service: string;
  readonly version: string;
  readonly runtime: string;
  readonly database: string | null;
  readonly pod: string;
  readonly node: string;
}

/** The API as the pages use it. Every call rejects with `ApiError`. */
export interface Api {
  login(username: string, password: string): Promise<{ message: string }>;
  register(username: string, password: string): Promise<{ message: string }>;
  logout(): Promise<unknown>;
  /** The account logged in; undefined when there is none. */
  me(): Promise<Me | undefined>;
  list(page: number, q: string): Promise<MessagePage>;
  read(id: number): Promise<Message>;
  post(title: string, body: string): Promise<Message>;
  edit(id: number, title: string, body: string): Promise<Message>;
  remove(id: number): Promise<unknown>;
  users(): Promise<{ users: readonly ListedUser[] }>;
  faults(): Promise<{ faults: readonly Fault[] }>;
  switchFault(
    name: string,
    enabled: boolean,
    value: number,
    seconds: number,
  ): Promise<{ faults: readonly Fault[] }>;
  info(): Promise<Info>;
}

/** Messages on a page of the list. */
export const pageSize = 10;

/** Makes a client that asks for answers in `language`; `unreachable` is said when no answer comes. */
export function createApi(language: Language, unreachable: string): Api {
  const ask = <Result>(method: string, path: string, body?: unknown): Promise<Result> =>
    request<Result>(method, path, body, language, unreachable);
  return {
    login: (username, password) => ask('POST', '/api/login', { username, password }),
    register: (username, password) => ask('POST', '/api/register', { username, password }),
    logout: () => ask('POST', '/api/logout'),
    me: () => unlessLoggedOut(ask<Me>('GET', '/api/me')),
    list: (page, q) => ask('GET', `/api/messages?page=${page}&size=${pageSize}&q=${encodeURIComponent(q)}`),
    read: (id) => ask('GET', `/api/messages/${id}`),
    post: (title, body) => ask('POST', '/api/messages', { title, body }),
    edit: (id, title, body) => ask('PUT', `/api/messages/${id}`, { title, body }),
    remove: (id) => ask('DELETE', `/api/messages/${id}`),
    users: () => ask('GET', '/api/admin/users'),
    faults: () => ask('GET', '/api/faults'),
    switchFault: (name, enabled, value, seconds) =>
      ask('POST', `/api/faults/${name}`, enabled ? { enabled, value, seconds } : { enabled }),
    info: () => ask('GET', '/api/info'),
  };
}

/** Not async before `fetch`: the request must start within the caller's span. */
function request<Result>(
  method: string,
  path: string,
  body: unknown,
  language: Language,
  unreachable: string,
): Promise<Result> {
  const sending = fetch(path, {
    method,
    headers: {
      'accept-language': language,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return sending.then(
    (response) => read<Result>(response, unreachable),
    () => Promise.reject(new ApiError(0, unreachable)),
  );
}

async function read<Result>(response: Response, unreachable: string): Promise<Result> {
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok && answer !== undefined) return answer as Result;
  const fields = typeof answer === 'object' && answer !== null ? answer : {};
  const message = 'message' in fields && typeof fields.message === 'string' ? fields.message : unreachable;
  const traceId = 'trace_id' in fields && typeof fields.trace_id === 'string' ? fields.trace_id : undefined;
  // The web server speaks for an API that is away, in English only.
  throw new ApiError(response.status, response.status === 502 ? unreachable : message, traceId);
}

function unlessLoggedOut(asking: Promise<Me>): Promise<Me | undefined> {
  return asking.catch((error: unknown) => {
    if (error instanceof ApiError && error.status === 401) return undefined;
    throw error;
  });
}
