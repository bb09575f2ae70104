import type { Signal } from '@maru/otlp';
import { Losses } from './losses.ts';
import { halves } from './model/split.ts';
import { type Batch, batchOf, type Part } from './part.ts';
import type { Pipeline } from './pipeline.ts';
import { Progress } from './progress.ts';
import type { SendOutcome } from './send/outcome.ts';
import { pause, pauseMs } from './send/pause.ts';
import type { Send, Sender } from './send/sender.ts';
import type { DestinationSettings } from './settings.ts';
import type { Position, Source, SourceRead } from './source.ts';
import { Wake } from './wake.ts';

/** A request that a destination refused for good. */
export interface RefusedRequest {
  readonly signal: Signal;
  readonly request: Uint8Array;
  readonly items: number;
  readonly isOwn: boolean;
  readonly receivedTimeUnixNano: bigint;
  readonly start: Position;
  /** Which piece of the request at `start` it is; 0 for the whole. */
  readonly piece: number;
  readonly reason: string;
}

export interface LaneOptions {
  readonly settings: DestinationSettings;
  readonly signal: Signal;
  readonly source: Source;
  readonly sender: Sender;
  readonly pipeline: Pipeline;
  /** Keeps a refused request durably; false when there is no room for it. */
  readonly keep: (refused: RefusedRequest) => Promise<boolean>;
  /** Told in one sentence of what a person should know. */
  readonly say: (sentence: string) => void;
}

/** Since when and why a destination gets nothing. */
export interface Trouble {
  readonly sinceUnixMs: number;
  readonly detail: string;
}

type AcceptedOutcome = Extract<SendOutcome, { readonly kind: 'accepted' }>;

const quietMs = 60_000;
/** After a failed read of the journal, which a full table of open files can cause. */
const readRetryMs = 1_000;

/**
 * One signal on its way to one destination: read, processed, gathered, sent, repeated until the destination has it or refuses
 * it. Reading stops while as many requests are under way as may be, so that memory is bounded whatever the destination does.
 */
export class Lane {
  readonly progress: Progress;
  readonly #options: LaneOptions;
  readonly #stop: AbortController = new AbortController();
  readonly #wake: Wake = new Wake();
  readonly #underWay: Set<Promise<void>> = new Set();
  readonly #done: Promise<void>;
  readonly #slots: number;
  #trouble: Trouble | undefined;
  #toldOfRefusalAt = Number.NEGATIVE_INFINITY;

  constructor(options: LaneOptions) {
    this.#options = options;
    this.#slots = options.signal === 'metrics' ? 1 : options.settings.concurrency;
    this.progress = new Progress((to, settled) => options.source.settled(to, settled));
    this.#done = this.#run();
  }

  get trouble(): Trouble | undefined {
    return this.#trouble;
  }

  /** Something of the signal was journaled. */
  notify(): void {
    this.#wake.set();
  }

  /** What stood before a position was given up, and counted, to make room. */
  giveUp(to: Position): void {
    this.#options.source.skipTo(to);
    this.progress.abandon(to);
  }

  /** Sends something that is not in the journal any more, such as a dead letter. Rejects when the lane is closed before its end is known. */
  async sendAgain(part: Part): Promise<void> {
    await this.#deliver(batchOf([part]));
    if (this.#stop.signal.aborted) throw new Error('forwarding was stopped meanwhile');
  }

  /** Ends at once: what is under way is sent again after the next start. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake.set();
    await this.#done;
    await Promise.all(this.#underWay);
    this.#options.sender.close();
    await this.#options.source.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      const batch = await this.#gather();
      if (batch.parts.length === 0) continue;
      while (this.#underWay.size >= this.#slots) await Promise.race(this.#underWay);
      const sending: Promise<void> = this.#deliver(batch).finally(() => this.#underWay.delete(sending));
      this.#underWay.add(sending);
    }
  }

  /** Reads until there is enough for a request, or the first of it has waited long enough. */
  async #gather(): Promise<Batch> {
    const { batchBytes, batchWaitMs } = this.#options.settings;
    const parts: Part[] = [];
    let bytes = 0;
    let untilMs = Number.POSITIVE_INFINITY;
    while (bytes < batchBytes && !this.#stop.signal.aborted) {
      const read = await this.#read(batchBytes - bytes);
      const taken = this.#take(read);
      if (taken.length > 0 && parts.length === 0) untilMs = performance.now() + batchWaitMs;
      parts.push(...taken);
      bytes += taken.reduce((sum, part) => sum + part.bytes.length, 0);
      const left = untilMs - performance.now();
      if (left <= 0) break;
      if (read === undefined) await this.#wake.wait(Math.min(left, this.#options.pipeline.nextDueInMs()));
    }
    return batchOf(parts);
  }

  async #read(maxBytes: number): Promise<SourceRead | undefined> {
    try {
      return await this.#options.source.read(maxBytes);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.say(`cannot read the journal for ${this.#name}: ${why}; trying again`);
      await pause(readRetryMs, this.#stop.signal);
      return undefined;
    }
  }

  #take(read: SourceRead | undefined): readonly Part[] {
    const { pipeline } = this.#options;
    const due = pipeline.due(this.progress);
    if (read === undefined) return due;
    const items = read.requests.reduce((sum, { account }) => sum + account.items, 0);
    const token = this.progress.begin(read.end, items, read.lostItems);
    const parts = read.requests.map(({ request, account, receivedTimeUnixNano, start }) => ({
      bytes: request,
      items: account.items,
      isOwn: account.nestedValues > 0 || account.kinds.nativeHistogram > 0,
      receivedTimeUnixNano,
      start,
      piece: 0,
      token,
    }));
    return [...due, ...pipeline.take(parts, this.progress)];
  }

  /** Never rejects. */
  async #deliver(batch: Batch): Promise<void> {
    const send = await this.#prepare(batch);
    for (let failures = 0; !this.#isOver(batch); ) {
      const outcome = await send(this.#stop.signal);
      if (this.#stop.signal.aborted) return;
      if (outcome.kind === 'retry') {
        failures += 1;
        this.#failed(outcome.detail);
        await pause(pauseMs(this.#options.settings.retry, failures, outcome.afterMs), this.#stop.signal);
        continue;
      }
      this.#recovered();
      if (outcome.kind === 'accepted') return this.#accepted(batch, outcome);
      const parts = outcome.kind === 'refused' ? undefined : this.#split(batch, outcome.kind);
      if (parts === undefined) return this.#refused(batch, outcome.detail);
      for (const part of parts) await this.#deliver(part);
      return;
    }
  }

  #isOver({ parts }: Batch): boolean {
    return this.#stop.signal.aborted || parts.every(({ token }) => token.abandoned);
  }

  async #prepare({ parts }: Batch): Promise<Send> {
    try {
      return await this.#options.sender.prepare(parts);
    } catch (error) {
      // A text of ours that cannot be read back: nothing that the destination could do about it.
      const detail = error instanceof Error ? error.message : String(error);
      return () => Promise.resolve({ kind: 'invalid', detail });
    }
  }

  #accepted({ parts }: Batch, { rejected, message, skipped = {} }: AcceptedOutcome): void {
    const lost = new Losses({ rejected, ...skipped });
    for (const { token, items } of parts) {
      const { rejected: refused = 0, ...dropped } = lost.take(items);
      const forwarded = items - refused - Object.values(dropped).reduce((sum, count) => sum + count, 0);
      this.progress.settle(token, items, { forwarded, rejected: refused, dropped });
    }
    if (rejected > 0)
      this.#sayRefusal(`it rejected ${rejected} items${message === '' ? '' : `: ${message}`}`);
  }

  /** Two halves: of the requests in the batch, else of the items of the one request when it was too large. */
  #split({ parts }: Batch, why: 'too_large' | 'invalid'): readonly [Batch, Batch] | undefined {
    const [first] = parts;
    if (parts.length > 1) {
      const middle = Math.ceil(parts.length / 2);
      return [batchOf(parts.slice(0, middle)), batchOf(parts.slice(middle))];
    }
    if (first === undefined || why === 'invalid') return undefined;
    const two = halves(this.#options.signal, first.bytes);
    const pieces = [2 * first.piece + 1, 2 * first.piece + 2] as const;
    return (
      two && [
        batchOf([{ ...first, ...two[0], piece: pieces[0] }]),
        batchOf([{ ...first, ...two[1], piece: pieces[1] }]),
      ]
    );
  }

  async #refused({ parts }: Batch, reason: string): Promise<void> {
    for (const { bytes, items, isOwn, receivedTimeUnixNano, start, piece, token } of parts) {
      const { signal, keep } = this.#options;
      const refused = { signal, request: bytes, items, isOwn, receivedTimeUnixNano, start, piece, reason };
      const isKept = await keep(refused).catch(() => false);
      this.progress.settle(token, items, isKept ? { failed: items } : { dropped: { dead_cap: items } });
    }
    this.#sayRefusal(
      `${reason}; the request is set aside as a dead letter and not sent again (./maru dead list)`,
    );
  }

  #failed(detail: string): void {
    if (this.#trouble === undefined)
      this.#options.say(`${this.#name}: ${detail}; it is tried again until it succeeds`);
    this.#trouble = { sinceUnixMs: this.#trouble?.sinceUnixMs ?? Date.now(), detail };
  }

  #recovered(): void {
    if (this.#trouble === undefined) return;
    const seconds = Math.round((Date.now() - this.#trouble.sinceUnixMs) / 1000);
    this.#trouble = undefined;
    this.#options.say(`${this.#name}: it answers again after ${seconds} s`);
  }

  #sayRefusal(what: string): void {
    if (performance.now() - this.#toldOfRefusalAt < quietMs) return;
    this.#toldOfRefusalAt = performance.now();
    this.#options.say(`${this.#name}: ${what}`);
  }

  get #name(): string {
    return `the destination ${this.#options.settings.name} (${this.#options.signal})`;
  }
}
