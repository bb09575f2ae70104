import { mkdir, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import type { LedgerReport } from '@maru/ledger';
import { isSignal, type Signal } from '@maru/otlp';
import type { TargetsReport } from '@maru/scrape';
import { NoticeBoard } from './notice-board.ts';
import type { LoadedNotice, Retried, RetryRequest, SegmentList } from './protocol.ts';

/** What intake lets the engine do. */
export interface LinkHandlers {
  readonly seal: (signal: Signal) => Promise<SegmentList>;
  readonly segments: (signal: Signal) => SegmentList;
  readonly loaded: (notice: LoadedNotice) => Promise<void>;
  readonly retry: (request: RetryRequest) => Promise<Retried>;
  readonly ledger: () => LedgerReport;
  readonly metrics: () => string;
  readonly targets: () => TargetsReport;
  /** Lets a response follow a signal; false when there are too many followers. */
  readonly follow: (signal: Signal, response: ServerResponse) => boolean;
  /** Signals with items that are not sealed, for an engine that has just connected. */
  readonly unsealed: () => readonly Signal[];
}

const maxBodyBytes = 64 * 1024;

/** The intake's side of the link. The socket file is readable by its owner only, as its directory is. */
export class LinkServer {
  private readonly server: Server;
  private readonly notices: NoticeBoard;
  private readonly path: string;

  private constructor(path: string, handlers: LinkHandlers) {
    this.path = path;
    this.notices = new NoticeBoard();
    this.server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
      void respond(request, response, handlers, this.notices);
    });
  }

  /** Listens at `path`; a socket file that a crash left behind is replaced. */
  static async listen(path: string, handlers: LinkHandlers): Promise<LinkServer> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await rm(path, { force: true });
    const link = new LinkServer(path, handlers);
    await new Promise<void>((resolve, reject) => {
      link.server.once('error', reject);
      link.server.listen(path, resolve);
    });
    return link;
  }

  /** Tells every listening engine that something of this signal was committed. */
  notify(signal: Signal): void {
    this.notices.post(signal);
  }

  async close(): Promise<void> {
    this.notices.close();
    this.server.closeAllConnections();
    await new Promise<void>((resolve) => this.server.close(() => resolve()));
    await rm(this.path, { force: true });
  }
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: LinkHandlers,
  notices: NoticeBoard,
): Promise<void> {
  try {
    const route = `${request.method} ${request.url}`;
    if (route === 'GET /notices') return notices.attach(response, handlers.unsealed());
    if (route === 'GET /metrics') return sendText(response, handlers.metrics());
    const [, followed = ''] = /^GET \/tail\/(\w+)$/.exec(route) ?? [];
    if (isSignal(followed)) return answerFollower(followed, response, handlers);
    const answer = await answerTo(route, request, handlers);
    if (answer === undefined) return sendJson(response, 404, { error: `intake's link has no ${route}` });
    sendJson(response, 200, answer);
  } catch (error) {
    sendJson(response, 500, { error: error instanceof Error ? error.message : String(error) });
  }
}

function answerFollower(signal: Signal, response: ServerResponse, { follow }: LinkHandlers): void {
  if (!follow(signal, response))
    sendText(response, 'there are too many followers already: end one of them', 429);
}

async function answerTo(route: string, request: IncomingMessage, handlers: LinkHandlers): Promise<unknown> {
  if (route === 'GET /ledger') return handlers.ledger();
  if (route === 'GET /targets') return handlers.targets();
  if (route === 'POST /loaded') {
    await handlers.loaded(parseLoaded(await readJson(request)));
    return {};
  }
  if (route === 'POST /retry') return handlers.retry(parseRetry(await readJson(request)));
  const [, verb, signal = ''] = /^(POST \/seal|GET \/segments)\/(\w+)$/.exec(route) ?? [];
  if (!isSignal(signal)) return undefined;
  return verb === 'POST /seal' ? handlers.seal(signal) : handlers.segments(signal);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBodyBytes) throw new Error(`a body of the link may have ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}

function parseLoaded(value: unknown): LoadedNotice {
  const { signal, segment, stored, dead } = value as Partial<LoadedNotice>;
  const counts = [segment, stored, dead];
  if (signal === undefined || !isSignal(signal) || !counts.every((count) => Number.isSafeInteger(count))) {
    throw new Error('POST /loaded needs signal, segment, stored and dead');
  }
  return { signal, segment: segment as number, stored: stored as number, dead: dead as number };
}

function parseRetry(value: unknown): RetryRequest {
  const { destination, signal, name } = value as Partial<RetryRequest>;
  if (signal === undefined || !isSignal(signal) || typeof name !== 'string')
    throw new Error('POST /retry needs signal and name');
  return destination === undefined ? { signal, name } : { destination: String(destination), signal, name };
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(value));
}

function sendText(response: ServerResponse, text: string, status = 200): void {
  response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(text);
}
