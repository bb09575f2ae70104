import { Agent, type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { RequestError, type TailFrame } from '@maru/api';
import type { LedgerReport } from '@maru/ledger';
import type { Signal } from '@maru/otlp';
import type { TargetsReport } from '@maru/scrape';
import type { LoadedNotice, Notice, Retried, RetryRequest, SegmentList } from './protocol.ts';
import { readFrames } from './tail-frames.ts';

const requestTimeoutMs = 30_000;
const reconnectDelayMs = 100;

interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: unknown;
}

/** The engine's side of the link to the intake process. Calls reject with one sentence while intake is away. */
export class IntakeLink {
  private readonly socketPath: string;
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 4 });
  private readonly stopping = new AbortController();

  constructor(socketPath: string) {
    this.socketPath = socketPath;
  }

  /** Seals what is open and lists the segments that wait, oldest first. */
  async seal(signal: Signal): Promise<readonly number[]> {
    return ((await this.json({ method: 'POST', path: `/seal/${signal}` })) as SegmentList).segments;
  }

  /** Lists the sealed segments that wait, oldest first. */
  async segments(signal: Signal): Promise<readonly number[]> {
    return ((await this.json({ method: 'GET', path: `/segments/${signal}` })) as SegmentList).segments;
  }

  /** Hands a loaded segment back: intake counts its items and deletes its file. May be repeated. */
  async loaded(notice: LoadedNotice): Promise<void> {
    await this.json({ method: 'POST', path: '/loaded', body: notice });
  }

  /** Puts a dead letter back into the journal, once however often it is asked for. */
  async retry(request: RetryRequest): Promise<Retried> {
    return (await this.json({ method: 'POST', path: '/retry', body: request })) as Retried;
  }

  async ledger(): Promise<LedgerReport> {
    return (await this.json({ method: 'GET', path: '/ledger' })) as LedgerReport;
  }

  async targets(): Promise<TargetsReport> {
    return (await this.json({ method: 'GET', path: '/targets' })) as TargetsReport;
  }

  /** The ledger as Prometheus text. */
  metrics(): Promise<string> {
    return this.text({ method: 'GET', path: '/metrics' });
  }

  /** Follows a signal until `stop` or until nobody reads on. Rejects with a `RequestError` when there are too many followers. */
  async follow(signal: Signal, stop: AbortSignal): Promise<AsyncIterable<TailFrame>> {
    const path = `/tail/${signal}`;
    const response = await this.send({ method: 'GET', path }, { agent: false, timeout: 0 });
    stop.addEventListener('abort', () => response.destroy(), { once: true });
    if (stop.aborted) response.destroy();
    if (response.statusCode === 200) return framesOf(response, stop);
    throw new RequestError('too_many', await bodyText(response));
  }

  /**
   * Signals with something new, as it is committed. It survives restarts of intake, and after each new connection
   * names the signals whose open segment holds items. Ends when the link is closed.
   */
  async *notices(): AsyncGenerator<Signal, void, undefined> {
    while (!this.stopping.signal.aborted) {
      try {
        yield* this.connectedNotices();
      } catch {
        // Intake is away or went away; it is restarted by the parent, and the next round finds it.
      }
      await delay(reconnectDelayMs, undefined, { signal: this.stopping.signal }).catch(() => undefined);
    }
  }

  close(): void {
    this.stopping.abort();
    this.agent.destroy();
  }

  private async *connectedNotices(): AsyncGenerator<Signal, void, undefined> {
    const response = await this.send({ method: 'GET', path: '/notices' }, { agent: false, timeout: 0 });
    const lines = createInterface({ input: response });
    try {
      for await (const line of lines) yield (JSON.parse(line) as Notice).signal;
    } finally {
      lines.close();
      response.destroy();
    }
  }

  private async json(call: Call): Promise<unknown> {
    return JSON.parse(await this.text(call));
  }

  private async text(call: Call): Promise<string> {
    const response = await this.send(call, { agent: this.agent, timeout: requestTimeoutMs });
    const text = await bodyText(response);
    if (response.statusCode === 200) return text;
    throw new Error(`intake answered ${call.method} ${call.path} with ${response.statusCode}: ${text}`);
  }

  private send(
    { method, path, body }: Call,
    { agent, timeout }: { agent: Agent | false; timeout: number },
  ): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const outgoing = request(
        { socketPath: this.socketPath, method, path, agent, timeout, signal: this.stopping.signal },
        resolve,
      );
      outgoing.on('error', (error) => reject(this.away(error)));
      outgoing.on('timeout', () => expire(outgoing, timeout));
      outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    });
  }

  private away(error: Error): Error {
    return new Error(`cannot reach intake at ${this.socketPath}: ${error.message}`, { cause: error });
  }
}

async function bodyText(response: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of response as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Ends in silence when it is told to, as that is no failure. */
async function* framesOf(
  response: IncomingMessage,
  stop: AbortSignal,
): AsyncGenerator<TailFrame, void, undefined> {
  try {
    yield* readFrames(response);
  } catch (error) {
    if (!stop.aborted) throw error;
  } finally {
    response.destroy();
  }
}

function expire(outgoing: ClientRequest, timeout: number): void {
  outgoing.destroy(new Error(`no answer within ${timeout / 1000} s`));
}
