import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { sql } from '../../sql.ts';
import type {
  Block,
  BlockInsert,
  EngineSession,
  ResultFormat,
  SegmentFile,
  SegmentInsert,
} from '../engine.ts';
import { blockSettings, type EngineSettings, insertSettings, messageSettings } from '../insert-settings.ts';
import { wholeBlocks } from './blocks.ts';
import type { RemoteLink } from './link.ts';
import { messageSchema } from './message-schema.ts';

/** What a session sends with each of its statements. */
export interface RemoteSessionParts {
  readonly link: RemoteLink;
  readonly settings: Readonly<Record<string, string | number>>;
  /** The statement with the schema's functions as the server knows them. */
  readonly rename: (statement: string) => string;
  /** Whose segments these are: tokens of several Marus must not be taken for each other. */
  readonly source: string;
  readonly cluster: string | undefined;
}

/** Statements over HTTP. Nothing of a session is kept on the server, so it does not matter which node answers. */
export class RemoteSession implements EngineSession {
  readonly #parts: RemoteSessionParts;
  #database: string | undefined;

  /** @param database undefined until it is there */
  constructor(parts: RemoteSessionParts, database: string | undefined) {
    this.#parts = parts;
    this.#database = database;
  }

  async use(database: string): Promise<void> {
    this.#database = database;
  }

  async run(statement: string, format: ResultFormat, mark?: string): Promise<Uint8Array> {
    const pieces: Buffer[] = [];
    for await (const piece of this.#send(statement, format, mark)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async stream(
    statement: string,
    use: (bytes: Uint8Array) => void | Promise<void>,
    mark?: string,
  ): Promise<void> {
    for await (const blocks of wholeBlocks(this.#send(statement, 'Native', mark))) await use(blocks);
  }

  /** The server first: it goes on with a query whose client is gone, when it was not told. */
  async kill(mark: string): Promise<void> {
    const on = this.#parts.cluster === undefined ? sql`` : sql`ON CLUSTER ${this.#parts.cluster}`;
    try {
      await this.run(sql`KILL QUERY ${on} WHERE query_id = ${mark} ASYNC`.text, 'Null');
    } finally {
      this.#parts.link.abort(mark);
    }
  }

  /** The segment's bytes follow the statement as they lie in the file. */
  async insert({ name, text, structure, message }: SegmentInsert, segment: SegmentFile): Promise<void> {
    const input = sql`input(${structure})`.text;
    await this.#insert({
      text: text.replaceAll('{messages}', () => input),
      format: 'Protobuf',
      data: createReadStream(segment.path),
      settings: {
        ...messageSettings,
        ...insertSettings(this.#tokenOf(segment.token, name)),
        ...schemaSettings(message),
      },
    });
  }

  async insertBlock({ name, text, structure }: BlockInsert, block: Block): Promise<void> {
    const input = sql`input(${structure})`.text;
    await this.#insert({
      text: text.replace('{block}', () => input),
      format: 'Native',
      data: block.pieces,
      settings: { ...blockSettings, ...insertSettings(this.#tokenOf(block.token, name)) },
    });
  }

  #tokenOf(token: string, name: string): string {
    return `${this.#parts.source}/${token}/${name}`;
  }

  /** The statement's first line goes in the address; data follows its last one. */
  async #insert({ text, format, data, settings }: InsertRequest): Promise<void> {
    const renamed = this.#parts.rename(text).trim();
    const line = renamed.indexOf('\n');
    const body = async function* (): AsyncGenerator<Uint8Array, void, undefined> {
      yield Buffer.from(`${renamed.slice(line + 1)}\nFORMAT ${format}\n`);
      for await (const chunk of data) yield chunk;
    };
    await this.#drain({
      text: renamed.slice(0, line),
      body: Readable.from(body(), { objectMode: false }),
      settings,
    });
  }

  #send(
    statement: string,
    format: ResultFormat,
    mark: string | undefined,
  ): AsyncGenerator<Buffer, void, undefined> {
    const text = this.#parts.rename(statement);
    return this.#parts.link.send({
      text: format === 'Null' ? text : `${text}\nFORMAT ${format}`,
      database: this.#database,
      settings: this.#parts.settings,
      mark,
    });
  }

  async #drain(request: {
    readonly text: string;
    readonly body: Readable;
    readonly settings: Readonly<Record<string, string | number>>;
  }): Promise<void> {
    const { link, settings } = this.#parts;
    const whole = { ...request, database: this.#database, settings: { ...settings, ...request.settings } };
    for await (const _ of link.send(whole));
  }
}

interface InsertRequest {
  readonly text: string;
  readonly format: 'Protobuf' | 'Native';
  readonly data: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly settings: EngineSettings;
}

/** A server that reads a schema out of a setting; it keeps it under a name made of its content. */
function schemaSettings(message: string): Readonly<Record<string, string>> {
  return {
    format_schema_source: 'string',
    format_schema: messageSchema(message),
    format_schema_message_name: message,
  };
}
