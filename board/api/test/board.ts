import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The Board's API as a child process, as it runs in life. */
export interface BoardProcess {
  readonly url: string;
  /** Everything it has written so far. */
  output(): string;
  /** Sends SIGTERM and resolves with the exit code. */
  end(): Promise<number | null>;
}

/** A client that keeps the session cookie, one per user. */
export interface Client {
  request(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** The `Set-Cookie` header of the last answer that had one. */
  lastCookie(): string;
}

/** An answer with its body as text and, where it is JSON, read. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
const deadlineMillis = 60_000;

/** Starts the API on a free port with these variables and waits until it listens. */
export async function startBoard(environment: Record<string, string>): Promise<BoardProcess> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, PORT: '0', OTEL_SDK_DISABLED: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  const url = await poll(() => {
    if (child.exitCode !== null) throw new Error(`the API ended with ${child.exitCode}: ${output.join('')}`);
    return /listening on (http:\/\/\S+)/.exec(output.join(''))?.[1];
  });
  return { url, output: () => output.join(''), end: () => end(child) };
}

/** Runs the API until it ends by itself, for starts that must be refused. */
export async function runBoard(
  environment: Record<string, string>,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, PORT: '0', OTEL_SDK_DISABLED: 'true', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => output.push(chunk.toString()));
  await once(child, 'close');
  return { code: child.exitCode, output: output.join('') };
}

/** Makes a client of the API at `url`. */
export function clientOf(url: string): Client {
  let cookie = '';
  let lastCookie = '';
  return {
    lastCookie: () => lastCookie,
    request: async (method, path, body, headers = {}) => {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(cookie ? { cookie } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      const given = response.headers.get('set-cookie');
      if (given) {
        lastCookie = given;
        cookie = given.split(';', 1)[0] ?? '';
      }
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, json: parse(text) };
    },
  };
}

/** Asks again and again until there is an answer other than undefined or false. @throws after 20 s. */
export async function poll<Value>(
  ask: () => Value | undefined | false | Promise<Value | undefined | false>,
): Promise<Value> {
  const deadline = Date.now() + deadlineMillis;
  while (Date.now() < deadline) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`nothing came within ${deadlineMillis} ms of: ${ask.toString().slice(0, 200)}`);
}

async function end(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  return child.exitCode;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
