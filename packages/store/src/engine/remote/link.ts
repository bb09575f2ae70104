import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import { ReadError } from '../../reader.ts';
import type { StoreAddress } from './address.ts';
import { untilException } from './exception-in-body.ts';
import { remoteFailure } from './failure.ts';

/** One request to the server's HTTP interface. */
export interface RemoteRequest {
  readonly text: string;
  /** What follows the text, when the statement takes data. Then the text goes in the address. */
  readonly body?: Readable;
  readonly database: string | undefined;
  readonly settings: Readonly<Record<string, string | number>>;
  /** The query's id on the server, by which it can be ended. */
  readonly mark?: string | undefined;
}

/** Longer than any read may take, and than a segment takes to be inserted on a busy server. */
const silenceMilliseconds = 300_000;

/** The way to a server: connections that are kept, and what became of the last request. */
export class RemoteLink {
  readonly #client: ClickHouseClient;
  readonly #shown: string;
  readonly #running: Map<string, AbortController> = new Map();
  readonly #onOutcome: (failure: Error | undefined) => void;

  /** @param onOutcome told of each request whether the server could be asked */
  constructor(address: StoreAddress, onOutcome: (failure: Error | undefined) => void) {
    this.#shown = address.shown;
    this.#onOutcome = onOutcome;
    this.#client = createClient({
      url: address.url,
      username: address.user,
      password: address.password,
      application: 'maru',
      max_open_connections: 32,
      request_timeout: silenceMilliseconds,
      compression: { request: address.compress, response: address.compress },
      // It would write statements, and with them what users ask for.
      log: { level: ClickHouseLogLevel.OFF },
      ...(address.caPath !== undefined && { tls: { ca_cert: readFileSync(address.caPath) } }),
    });
  }

  /**
   * The response's bytes. Rejects, or throws among them, with the engine's failure (`Code: …`), or with a `ReadError` when
   * the server cannot be asked.
   */
  async *send(request: RemoteRequest): AsyncGenerator<Buffer, void, undefined> {
    const controller = new AbortController();
    if (request.mark !== undefined) this.#running.set(request.mark, controller);
    let stream: Readable | undefined;
    controller.signal.addEventListener('abort', () => stream?.destroy(cancelled()), { once: true });
    try {
      const response = await this.#client.exec({
        query: request.text,
        ...(request.body && { values: request.body }),
        ...(request.database !== undefined && {
          http_headers: { 'X-ClickHouse-Database': request.database },
        }),
        ...(request.mark !== undefined && { query_id: request.mark }),
        clickhouse_settings: request.settings as ClickHouseSettings,
        abort_signal: controller.signal,
      });
      stream = response.stream;
      yield* untilException(stream, tagOf(response.response_headers['x-clickhouse-exception-tag']));
      this.#onOutcome(undefined);
    } catch (error) {
      const failure = controller.signal.aborted ? cancelled() : remoteFailure(error, this.#shown);
      this.#onOutcome(failure);
      throw failure;
    } finally {
      stream?.destroy();
      if (request.mark !== undefined) this.#running.delete(request.mark);
    }
  }

  /** Stops waiting for the request of that mark. */
  abort(mark: string): void {
    this.#running.get(mark)?.abort();
  }

  async close(): Promise<void> {
    for (const controller of this.#running.values()) controller.abort();
    await this.#client.close();
  }
}

function tagOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function cancelled(): ReadError {
  return new ReadError('cancelled', 'the query was cancelled');
}
