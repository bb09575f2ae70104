import { messageOf } from '../user-error.ts';

const requestTimeoutMs = 5_000;

/** Fetches JSON. Throws one sentence with the address and the status, or the network's reason. */
export async function getJson<Shape>(
  url: string,
  query: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<Shape> {
  const search = new URLSearchParams(query).toString();
  const response = await request(search === '' ? url : `${url}?${search}`, {
    headers: { ...headers, accept: 'application/json' },
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 200).trim()}`);
  return parse<Shape>(url, text);
}

/** `fetch` with a time limit and errors that name the address and the reason. */
export async function request(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, signal: AbortSignal.timeout(requestTimeoutMs) });
  } catch (thrown) {
    const cause = thrown instanceof Error && thrown.cause !== undefined ? thrown.cause : thrown;
    throw new Error(`${new URL(url).origin} could not be reached: ${messageOf(cause)}`);
  }
}

/** The shape is the caller's word: what is missing in an answer must be looked for as if it could be missing. */
function parse<Shape>(url: string, text: string): Shape {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${url} answered something that is not JSON: ${text.slice(0, 80).trim()}`);
  }
}
