import { setTimeout as delay } from 'node:timers/promises';
import type { Database, MakerControl, WrittenChunks } from '@maru/store';

/** What is packed, and how often. */
export interface PackingOptions {
  /** All databases that there are now, by the tenant's name in what is told. Never rejects. */
  readonly databases: () => Promise<ReadonlyMap<string, Database>>;
  /** Between two rounds of a database; 0 for none at all. */
  readonly intervalMs: number;
  /** Whether queries wait for each other; packing then rests longer. */
  readonly isBusy: () => boolean;
  readonly report: (sentence: string) => void;
}

/** What packing has done since the process started, all databases together. */
export interface PackingTotals {
  readonly rounds: number;
  readonly failures: number;
  readonly samples: number;
  readonly chunks: number;
  /** Of packed samples, before the engine's own compression. */
  readonly bytes: number;
  /** Rows that waited when a database was last looked at. */
  readonly waiting: number;
  readonly isAtWork: boolean;
}

const lookIntervalMs = 60_000;

/** A process packs for the first time when it has run this long, so that a start is not slowed down. */
const firstRoundMs = 300_000;

/** So many rows, 250 MB on their way to a query, are packed before their time. */
const manyRows = 10_000_000;

/** Of the time that packing takes, it rests so many times as long: at most a quarter of a core, or a tenth. */
const restFactor = 3;
const busyRestFactor = 9;
const longestRestMs = 30_000;

/** Packs the samples of each database in turn, in the background. What fails is tried again in the next round. */
export class Packing {
  readonly #options: PackingOptions;
  readonly #stop: AbortController = new AbortController();
  readonly #packedAtMs: Map<string, number> = new Map();
  readonly #waiting: Map<string, number> = new Map();
  readonly #done: Promise<void>;
  #totals: Omit<PackingTotals, 'waiting'> = {
    ...{ rounds: 0, failures: 0, samples: 0, chunks: 0, bytes: 0 },
    isAtWork: false,
  };

  constructor(options: PackingOptions) {
    this.#options = options;
    this.#done = options.intervalMs === 0 ? Promise.resolve() : this.#run();
  }

  get totals(): PackingTotals {
    return { ...this.#totals, waiting: [...this.#waiting.values()].reduce((sum, rows) => sum + rows, 0) };
  }

  /** Ends where it is; the next process goes on from there. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#done;
  }

  async #run(): Promise<void> {
    while (await this.#pause(Math.min(lookIntervalMs, this.#options.intervalMs))) await this.look();
  }

  /** Packs what is due now. Never rejects. */
  async look(): Promise<void> {
    for (const [name, database] of await this.#options.databases()) {
      if (this.#stop.signal.aborted) return;
      await this.#packWhenDue(name, database).catch((error: unknown) => this.#failed(name, error));
    }
  }

  async #packWhenDue(name: string, { chunks }: Database): Promise<void> {
    if (chunks === undefined) return;
    const { intervalMs } = this.#options;
    const lastMs = this.#packedAtMs.get(name);
    if (lastMs === undefined) {
      this.#packedAtMs.set(name, performance.now() - intervalMs + Math.min(intervalMs, firstRoundMs));
      // What a process left half done lies in two forms until it is finished.
      this.#count(0, await chunks.finish(this.#control()));
      return;
    }
    const waiting = await chunks.waiting();
    this.#waiting.set(name, waiting);
    if (waiting === 0 || (performance.now() < lastMs + intervalMs && waiting < manyRows)) return;
    this.#packedAtMs.set(name, performance.now());
    this.#totals = { ...this.#totals, isAtWork: true };
    this.#count(1, await chunks.pack(this.#control()));
    this.#waiting.set(name, await chunks.waiting());
  }

  #control(): MakerControl {
    return { signal: this.#stop.signal, rest: (elapsedMs) => this.#rest(elapsedMs) };
  }

  #count(rounds: number, { samples, chunks, bytes }: WrittenChunks): void {
    const sums = this.#totals;
    this.#totals = {
      ...sums,
      rounds: sums.rounds + rounds,
      samples: sums.samples + samples,
      chunks: sums.chunks + chunks,
      bytes: sums.bytes + bytes,
      isAtWork: false,
    };
  }

  async #rest(elapsedMs: number): Promise<void> {
    const factor = this.#options.isBusy() ? busyRestFactor : restFactor;
    await delay(Math.min(longestRestMs, elapsedMs * factor), undefined, { signal: this.#stop.signal });
  }

  #failed(name: string, error: unknown): void {
    this.#totals = { ...this.#totals, failures: this.#totals.failures + 1, isAtWork: false };
    if (this.#stop.signal.aborted) return;
    const whose = name === '' ? '' : ` of tenant ${name}`;
    const reason = error instanceof Error ? error.message : String(error);
    this.#options.report(
      `cannot pack the samples of metrics${whose}: ${reason}; they stay as they are until the next round`,
    );
  }

  async #pause(milliseconds: number): Promise<boolean> {
    await delay(milliseconds, undefined, { signal: this.#stop.signal, ref: false }).catch(() => undefined);
    return !this.#stop.signal.aborted;
  }
}

/** The totals in the text format of Prometheus. */
export function packingText({
  rounds,
  failures,
  samples,
  chunks,
  bytes,
  waiting,
  isAtWork,
}: PackingTotals): string {
  const counter = (name: string, help: string, value: number): string =>
    `# HELP ${name} ${help}\n# TYPE ${name} counter\n${name} ${value}\n`;
  const gauge = (name: string, help: string, value: number): string =>
    `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${name} ${value}\n`;
  return [
    counter('maru_packing_rounds_total', 'Rounds in which samples of metrics were packed.', rounds),
    counter('maru_packing_failures_total', 'Rounds that failed.', failures),
    counter('maru_packing_samples_total', 'Samples packed.', samples),
    counter('maru_packing_chunks_total', 'Chunks made of them.', chunks),
    counter('maru_packing_bytes_total', 'Bytes of the chunks, before the engine compresses them.', bytes),
    gauge('maru_packing_waiting_samples', 'Samples that wait to be packed, when last looked at.', waiting),
    gauge('maru_packing_at_work', 'Whether samples are being packed.', isAtWork ? 1 : 0),
  ].join('');
}
