import type { Columns } from '../reader.ts';

/**
 * What a result takes in memory, of its bytes in the engine's format, with what is made of it (see `Columns.made`): a series of four
 * labels 2,100 bytes, of 115.
 */
const bytesInMemory = 18;

/** No result may displace all others. */
const largestShare = 1 / 2;

interface Kept {
  readonly columns: Columns;
  readonly bytes: number;
}

/**
 * Results of statements over tables that seldom change, the most lately used ones up to so many bytes. A dashboard asks for
 * the same series with each refresh, and to find 100 of them among 10,000 costs the engine 10 ms of CPU: most of a small query.
 */
export class KeptResults {
  readonly #maxBytes: number;
  /** In the order of their use. */
  readonly #results: Map<string, Kept> = new Map();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** How much the kept results are taken to weigh. */
  get bytes(): number {
    return this.#bytes;
  }

  /** A view for one database, whose results are its own. */
  view(database: string): KeptView {
    let version = 0;
    const keyOf = (of: number, statement: string): string => `${database} ${of} ${statement}`;
    return {
      forget: () => {
        version += 1;
        this.#forget(`${database} `);
      },
      result: async (statement, read) => {
        const begun = version;
        const known = this.#use(keyOf(begun, statement));
        if (known !== undefined) return known;
        const { columns, byteLength } = await read();
        // What was read while the table changed may be from before.
        if (begun === version) this.#keep(keyOf(begun, statement), columns, byteLength * bytesInMemory);
        return columns;
      },
    };
  }

  #use(key: string): Columns | undefined {
    const kept = this.#results.get(key);
    if (kept === undefined) return undefined;
    this.#results.delete(key);
    this.#results.set(key, kept);
    return kept.columns;
  }

  #keep(key: string, columns: Columns, resultBytes: number): void {
    const bytes = resultBytes + key.length * 2;
    if (bytes > this.#maxBytes * largestShare) return;
    this.#drop(key);
    this.#results.set(key, { columns, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#results.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(oldest);
    }
  }

  #forget(prefix: string): void {
    for (const key of this.#results.keys()) if (key.startsWith(prefix)) this.#drop(key);
  }

  #drop(key: string): void {
    this.#bytes -= this.#results.get(key)?.bytes ?? 0;
    this.#results.delete(key);
  }
}

/** The kept results of one database. */
export interface KeptView {
  /** The result of a statement: one that was kept, or what `read` gives, which is then kept. Nobody may change it. */
  result(statement: string, read: () => Promise<ReadResult>): Promise<Columns>;
  /** Called after what the results are made of has changed. */
  forget(): void;
}

/** A decoded result, and its size in the engine's format. */
export interface ReadResult {
  readonly columns: Columns;
  readonly byteLength: number;
}
