import { setTimeout as delay } from 'node:timers/promises';
import { journalDirectory, SegmentBuffer, segmentPath } from '@maru/journal';
import type { Signal } from '@maru/otlp';
import { lacksMemory } from '@maru/store';
import type { IntakeLink } from '../link/index.ts';
import { forgetHalvedParts } from './halved-parts.ts';
import { type Destination, loadSegment } from './load-segment.ts';
import { Wake } from './wake.ts';

/**
 * Carries one signal from the journal into the store. The loop asks the intake to seal what it has, loads it, and says
 * so. While it is busy or away segments grow, so that a backlog is loaded in large pieces; while it is idle the first
 * request is loaded at once.
 */
export class LoadLoop {
  readonly #signal: Signal;
  readonly #link: IntakeLink;
  readonly #destination: Destination;
  readonly #wake: Wake = new Wake();
  readonly #buffer: SegmentBuffer = new SegmentBuffer();
  readonly #stop: AbortController = new AbortController();
  readonly #done: Promise<void>;

  constructor(signal: Signal, link: IntakeLink, destination: Destination) {
    this.#signal = signal;
    this.#link = link;
    this.#destination = destination;
    this.#done = this.#run();
  }

  /** Something of this signal was committed to the journal. */
  notify(): void {
    this.#wake.set();
  }

  /** Ends after the segment under way. */
  async close(): Promise<void> {
    this.#stop.abort();
    this.#wake.set();
    await this.#done;
  }

  async #run(): Promise<void> {
    let failures = 0;
    let withoutMemory = 0;
    while (!this.#stop.signal.aborted) {
      const started = performance.now();
      try {
        await this.#loadWaiting(withoutMemory);
        failures = withoutMemory = 0;
        await this.#pause(pace(performance.now() - started));
        if (!this.#wake.isSet) this.#rest();
        await this.#wake.wait();
      } catch (error) {
        failures += 1;
        withoutMemory = lacksMemory(error) ? withoutMemory + 1 : 0;
        if (!this.#stop.signal.aborted) await this.#failed(error, failures);
      }
    }
  }

  #rest(): void {
    this.#buffer.rest();
    this.#destination.loader.rest();
  }

  /** @param withoutMemory how often the first segment has failed for want of it */
  async #loadWaiting(withoutMemory: number): Promise<void> {
    for (const [index, number] of (await this.#link.seal(this.#signal)).entries()) {
      if (this.#stop.signal.aborted) return;
      const path = segmentPath(journalDirectory(this.#destination.dataDir, this.#signal), number);
      const loaded = await loadSegment({ signal: this.#signal, number, path }, this.#destination, {
        buffer: this.#buffer,
        withoutMemory: index === 0 ? withoutMemory : 0,
      });
      await this.#link.loaded({ signal: this.#signal, segment: number, ...loaded });
      await forgetHalvedParts({ dataDir: this.#destination.dataDir, signal: this.#signal, number });
    }
  }

  /** Intake may be a moment behind at start, or restarting: only what lasts is told. */
  async #failed(error: unknown, failures: number): Promise<void> {
    const seconds = Math.min(30, 0.1 * 2 ** (failures - 1));
    if (seconds >= 1) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#destination.report(
        `cannot load ${this.#signal} into the store: ${reason}; trying again in ${seconds.toFixed(0)} s`,
      );
    }
    await this.#pause(seconds * 1000);
    this.#wake.set();
  }

  async #pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
  }
}

/**
 * How long to gather before the next load. A load costs the engine some 50 ms however small it is (the statement's
 * analysis); a rest of four times what the last took keeps a trickle under a fifth of a core, and half a second keeps
 * it visible within one.
 */
function pace(lastMilliseconds: number): number {
  return Math.min(500, Math.max(100, 4 * lastMilliseconds));
}
