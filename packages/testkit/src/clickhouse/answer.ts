import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createGzip, type Gzip } from 'node:zlib';

/** A response of the HTTP interface: its status is told with the first bytes, what goes wrong later stands in the body. */
export class Answer {
  readonly #response: ServerResponse;
  readonly #tag: string;
  readonly #gzip: Gzip | undefined;

  constructor(response: ServerResponse, tag: string, isCompressed: boolean) {
    this.#response = response;
    this.#tag = tag;
    this.#gzip = isCompressed ? createGzip() : undefined;
    if (isCompressed) response.setHeader('Content-Encoding', 'gzip');
    this.#gzip?.pipe(response);
  }

  get isGone(): boolean {
    return this.#response.destroyed;
  }

  async write(bytes: Uint8Array): Promise<void> {
    const out = this.#gzip ?? this.#response;
    if (!out.write(bytes)) await Promise.race([once(out, 'drain'), once(this.#response, 'close')]);
  }

  end(): void {
    (this.#gzip ?? this.#response).end();
  }

  fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (this.#response.headersSent) this.#failInBody(message);
    else this.#failWithStatus(message);
    this.end();
  }

  #failWithStatus(message: string): void {
    const code = /Code: (\d+)/.exec(message)?.[1] ?? '1002';
    this.#response.statusCode = statuses[code] ?? 500;
    this.#response.setHeader('X-ClickHouse-Exception-Code', code);
    (this.#gzip ?? this.#response).write(message);
  }

  #failInBody(message: string): void {
    const text = `${message}\n`;
    (this.#gzip ?? this.#response).write(
      `\r\n__exception__\r\n${this.#tag}\r\n${text}${Buffer.byteLength(text)} ${this.#tag}\r\n__exception__\r\n`,
    );
  }
}

const statuses: Readonly<Record<string, number>> = {
  '47': 404,
  '60': 404,
  '81': 404,
  '62': 400,
  '497': 403,
  '516': 403,
};
