import type { Columns } from '../reader.ts';

/** How much is kept. */
export interface KeptLimits {
  /** Of all results together; 0 keeps none. */
  readonly maxBytes: number;
  /** No result may displace all others: none that weighs more is kept. */
  readonly largestBytes: number;
  /** What a result takes in memory, of its bytes in the engine's format, with what is made of it (see `Columns.made`). */
  readonly weigh: (byteLength: number) => number;
}

const mebibyte = 1024 * 1024;

/**
 * Enough for some 30,000 series, which are of use again and again while a dashboard is open: one of four labels takes 2,100
 * bytes, of 115.
 */
export const keptSeries: KeptLimits = {
  maxBytes: 64 * mebibyte,
  largestBytes: 32 * mebibyte,
  weigh: (byteLength) => byteLength * 18,
};

/**
 * Two bytes a sample: a day of some 5,000 series at 15 s. Columns of chunks are the engine's bytes, copied; the objects around
 * them weigh on results of a few series.
 */
export const keptChunks: KeptLimits = {
  maxBytes: 64 * mebibyte,
  largestBytes: 16 * mebibyte,
  weigh: (byteLength) => byteLength + 4096,
};

interface Kept {
  readonly columns: Columns;
  readonly bytes: number;
}

/**
 * Results of statements over tables that seldom change, the most lately used ones up to so many bytes. A dashboard asks for
 * the same series and the same hours with each refresh, and to find 100 series among 10,000, or what is packed of them, costs
 * the engine 10 ms of CPU each: most of a small query.
 */
export class KeptResults {
  readonly #limits: KeptLimits;
  /** In the order of their use. */
  readonly #results: Map<string, Kept> = new Map();
  #bytes = 0;

  constructor(limits: KeptLimits) {
    this.#limits = limits;
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
        const { byteLength, decode } = await read();
        const bytes = this.#limits.weigh(byteLength) + statement.length * 2;
        // What was read while the table changed may be from before.
        const isKept = begun === version && bytes <= this.#largestBytes;
        const columns = decode(isKept);
        if (isKept) this.#keep(keyOf(begun, statement), { columns, bytes });
        return columns;
      },
    };
  }

  get #largestBytes(): number {
    return Math.min(this.#limits.largestBytes, this.#limits.maxBytes);
  }

  #use(key: string): Columns | undefined {
    const kept = this.#results.get(key);
    if (kept === undefined) return undefined;
    this.#results.delete(key);
    this.#results.set(key, kept);
    return kept.columns;
  }

  #keep(key: string, kept: Kept): void {
    this.#drop(key);
    this.#results.set(key, kept);
    this.#bytes += kept.bytes;
    for (const oldest of this.#results.keys()) {
      if (this.#bytes <= this.#limits.maxBytes) return;
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

/** A result in the engine's format. */
export interface ReadResult {
  readonly byteLength: number;
  /** Its columns; where they are kept, nobody may use their memory for anything else. */
  decode(isKept: boolean): Columns;
}
