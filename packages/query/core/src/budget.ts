import { QueryError } from './errors.ts';
import type { MemoryPool } from './memory-pool.ts';
import { printBytes } from './print-bytes.ts';

/** What one query may use. Every limit has a default, and each names itself in its error. */
export interface QueryLimits {
  /** Samples held at once, as Prometheus counts them (`query.max-samples`). */
  readonly maxSamples: number;
  /** Series that the selectors of one query may find together. */
  readonly maxSeries: number;
  /** Seconds from start to answer. */
  readonly timeoutSeconds: number;
  /** Bytes held at once, by estimate: samples at 16 bytes each, and the labels of series. */
  readonly maxMemoryBytes: number;
}

/** Prometheus's own defaults for samples and time. */
export const defaultQueryLimits: QueryLimits = {
  maxSamples: 50_000_000,
  maxSeries: 100_000,
  timeoutSeconds: 120,
  maxMemoryBytes: 1024 * 1024 * 1024,
};

/** A time and a value; as a step it is 9 bytes, as a row that is read 25. */
const bytesPerSample = 16;

/** Evaluation gives way to other work of the process this often; 10 ms is below what a health check notices. */
const sliceMilliseconds = 10;

/**
 * One query's use of its limits. Evaluation counts what it loads and calls `rest` between series: that is where a
 * query ends that takes too long or whose client has gone, and where others get their turn.
 */
export class Budget {
  readonly limits: QueryLimits;
  readonly signal: AbortSignal | undefined;
  #samples = 0;
  #series = 0;
  #seriesBytes = 0;
  /** What was taken of the pool; `undefined` once the query has ended. */
  #taken: number | undefined = 0;
  #sliceEnd: number;
  /** Whether its reads wait behind those of other long queries; a short one's may not. */
  isLong = true;
  readonly #deadline: number;
  readonly #pool: MemoryPool | undefined;

  /** @param pool what all queries hold together; whoever gives it calls `end` */
  constructor(limits: QueryLimits, signal?: AbortSignal, pool?: MemoryPool) {
    this.limits = limits;
    this.signal = signal;
    this.#pool = pool;
    const now = performance.now();
    this.#deadline = now + limits.timeoutSeconds * 1000;
    this.#sliceEnd = now + sliceMilliseconds;
  }

  /** Seconds until the query times out, never below a millisecond. */
  get remainingSeconds(): number {
    return Math.max(0.001, (this.#deadline - performance.now()) / 1000);
  }

  /** Counts samples that are now held. Throws Prometheus's error when they are too many. */
  addSamples(count: number): void {
    this.#samples += count;
    if (this.#samples > this.limits.maxSamples) {
      throw new QueryError(
        'execution',
        'query processing would load too many samples into memory in query execution',
      );
    }
    this.#countMemory();
  }

  /** Samples held now. */
  get samples(): number {
    return this.#samples;
  }

  /** Says that of all that was added since `heldBefore` only `count` samples are still held. */
  settle(heldBefore: number, count: number): void {
    this.addSamples(heldBefore + count - this.#samples);
  }

  /** Counts series found by a selector. */
  addSeries(count: number): void {
    this.#series += count;
    if (this.#series > this.limits.maxSeries) throw tooManySeries(this.limits.maxSeries);
  }

  /** Counts what the labels of series take in memory. Throws when the query holds too much. */
  addSeriesBytes(bytes: number): void {
    this.#seriesBytes += bytes;
    this.#countMemory();
  }

  /** Bytes held now, by estimate. */
  get memoryBytes(): number {
    return Math.ceil(this.#samples * bytesPerSample) + this.#seriesBytes;
  }

  /** Says that the query holds nothing any more. Reads of a query that failed may go on for a moment, and count for nobody. */
  end(): void {
    this.#pool?.take(-(this.#taken ?? 0));
    this.#taken = undefined;
  }

  #countMemory(): void {
    const bytes = this.memoryBytes;
    if (this.#taken !== undefined) {
      const more = bytes - this.#taken;
      this.#taken = bytes;
      this.#pool?.take(more);
    }
    if (bytes > this.limits.maxMemoryBytes) throw tooMuchMemory(this.limits.maxMemoryBytes);
  }

  /** Whether `rest` has something to do; cheap enough to ask once a series. */
  get isDue(): boolean {
    return performance.now() >= this.#sliceEnd;
  }

  /** Lets other work run. Throws when time is up or the client has gone. */
  async rest(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.check();
    this.#sliceEnd = performance.now() + sliceMilliseconds;
  }

  /** Throws when time is up or the client has gone. */
  check(): void {
    if (this.signal?.aborted) throw new QueryError('canceled', 'query was canceled in expression evaluation');
    if (performance.now() > this.#deadline) {
      throw new QueryError('timeout', 'query timed out in expression evaluation');
    }
  }
}

function tooMuchMemory(limit: number): QueryError {
  return new QueryError(
    'execution',
    `query processing would hold more than ${printBytes(limit)} of memory in query execution, which is the limit; select fewer series or a shorter time`,
  );
}

function tooManySeries(limit: number): QueryError {
  return new QueryError(
    'execution',
    `the query selects more than ${limit} series, which is the limit; select fewer with label matchers`,
  );
}
