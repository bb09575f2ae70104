import {
  type IncomingHttpHeaders,
  type IncomingMessage,
  Agent as PlainAgent,
  request as plainRequest,
} from 'node:http';
import { Agent as TlsAgent, request as tlsRequest } from 'node:https';

/** One HTTP/1.1 request. Redirects are answers like others: who asks decides whether to follow. */
export interface Exchange {
  readonly method: 'GET' | 'HEAD' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** From the first byte sent to the last received, in milliseconds. */
  readonly timeoutMs: number;
  /** PEM of authorities to trust instead of the system's. */
  readonly ca?: string;
  /** Variables that name a proxy (HTTPS_PROXY, HTTP_PROXY, NO_PROXY); without them the server itself is asked. */
  readonly proxyEnv?: NodeJS.ProcessEnv;
  /** What is read of the answer's body, in bytes; 4 MiB when left out. */
  readonly longestBody?: number;
}

export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: IncomingHttpHeaders;
  /** At most `longestBody` bytes of it. */
  readonly body: Buffer;
}

/** The server took the connection and did not answer in time. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** What is read of an answer; the rest is not needed to tell what it is. A manifest may be 4 MiB by the OCI's rules. */
const defaultLongestBody = 4 * 1024 * 1024;

/** Sends one request and reads its answer. Rejects with the system's error, or with `NoAnswer` after `timeoutMs`. */
export function exchange(wanted: Exchange): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const send = wanted.url.protocol === 'https:' ? tlsRequest : plainRequest;
    const { method, url, ca } = wanted;
    const options = {
      method,
      headers: headersOf(wanted),
      agent: agentFor(wanted),
      ...(ca === undefined ? {} : { ca }),
    };
    const request = send(url, options);
    const timer = setTimeout(() => {
      request.destroy(new NoAnswer(`no answer within ${wanted.timeoutMs} ms`));
    }, wanted.timeoutMs);
    request.once('response', (response) => {
      collect(response, wanted.longestBody ?? defaultLongestBody).then(resolve, reject);
    });
    request.on('error', reject);
    request.once('close', () => clearTimeout(timer));
    request.end(wanted.body);
  });
}

/** One connection for one request. */
function agentFor({ url, proxyEnv, ca }: Exchange): PlainAgent | false {
  if (proxyEnv === undefined) return false;
  if (url.protocol === 'http:') return new PlainAgent({ proxyEnv });
  return new TlsAgent({ proxyEnv, ...(ca === undefined ? {} : { ca }) });
}

function headersOf({ headers, body }: Exchange): Record<string, string> {
  return body === undefined ? { ...headers } : { ...headers, 'content-length': String(body.length) };
}

async function collect(response: IncomingMessage, longestBody: number): Promise<Answer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response) {
    parts.push(Buffer.from(part));
    length += part.length;
    if (length >= longestBody) break;
  }
  return {
    status: response.statusCode ?? 0,
    statusText: response.statusMessage ?? '',
    headers: response.headers,
    body: Buffer.concat(parts).subarray(0, longestBody),
  };
}

/** `503 Service Unavailable: the first words of the body`, as an error's exact text. */
export function answerText({ status, statusText, body }: Answer): string {
  const said = printable(body).slice(0, 500);
  return `${status}${statusText === '' ? '' : ` ${statusText}`}${said === '' ? '' : `: ${said}`}`;
}

/** A protobuf Status is a few control bytes around its sentence; what can be read of it is the sentence. */
function printable(body: Buffer): string {
  return body
    .toString('utf8')
    .replace(/[\p{Cc}\uFFFD\s]+/gu, ' ')
    .trim();
}

/** The code of a system's error (`ECONNREFUSED`), or its message. */
export function errorCode(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.name;
}

/** The exact text of an error; that of an attempt on several addresses has none of its own. */
export function errorText(thrown: unknown): string {
  if (thrown instanceof AggregateError) return thrown.errors.map(errorText).join('; ');
  return thrown instanceof Error ? thrown.message || errorCode(thrown) : String(thrown);
}
