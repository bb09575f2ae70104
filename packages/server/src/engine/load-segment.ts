import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import {
  addAccounts,
  readSegment,
  type SegmentBuffer,
  type SegmentContent,
  type SegmentRecord,
} from '@maru/journal';
import type { Signal } from '@maru/otlp';
import { exceedsMemory, type Loader, lacksMemory, mayPass } from '@maru/store';
import { type DeadLetter, keepDeadLetter } from './dead-letters.ts';
import { HalvedParts } from './halved-parts.ts';

/** A sealed segment of the journal, to be put into the store. */
export interface WaitingSegment {
  readonly signal: Signal;
  readonly number: number;
  readonly path: string;
}

/** What became of a segment's items. */
export interface Loaded {
  readonly stored: number;
  readonly dead: number;
}

/** Where a segment goes: the store, and a place for what the store refuses. */
export interface Destination {
  readonly loader: Pick<Loader, 'load' | 'rest'>;
  readonly dataDir: string;
  /** Told of each request that was set aside, in one sentence. */
  readonly report: (sentence: string) => void;
}

/** So often a segment is tried whole while the engine lacks memory, which queries may have: for most of a minute (see `LoadLoop`). */
const patience = 9;

/** How a segment is taken. */
export interface Attempt {
  /** This call's until it is done. */
  readonly buffer?: SegmentBuffer;
  /** Those before this one, one after the other, that have failed for want of memory. */
  readonly withoutMemory?: number;
}

/**
 * Loads one segment, every sound item of it exactly once. A segment that the engine refuses is halved until the refused
 * request stands alone; that one is set aside, the rest is in. Rejects only when the engine cannot work now (disk, memory):
 * then nothing is lost, and the same call may be made again. When a segment needs more memory than there is, or memory
 * lacks again and again, it is halved, too; call `forgetHalvedParts` once it need not be loaded again.
 */
export async function loadSegment(
  segment: WaitingSegment,
  destination: Destination,
  { buffer, withoutMemory = 0 }: Attempt = {},
): Promise<Loaded> {
  const content = await readSegment(segment.path, buffer);
  reportDamage(segment, content, destination);
  if (content.records.length === 0) return { stored: 0, dead: 0 };
  const token = `${segment.signal}/${segment.number}/${contentMark(content)}`;
  const halved = await HalvedParts.of({ ...segment, dataDir: destination.dataDir });
  const whole = content.damage.length === 0;
  return new SegmentLoad(segment, content, token, destination, {
    halved,
    isPatient: withoutMemory < patience,
  }).load(content.records, whole ? segment.path : undefined);
}

/** Tells a segment's content by the checksums that close its records, which were verified a moment ago. */
function contentMark({ bytes, records }: SegmentContent): number {
  return records.reduce((mark, { end }) => crc32(bytes.subarray(end - checksumBytes, end), mark), 0);
}

const checksumBytes = 4;

function reportDamage(segment: WaitingSegment, { damage }: SegmentContent, destination: Destination): void {
  const [first] = damage;
  if (first === undefined) return;
  destination.report(
    `journal segment ${segment.signal}/${segment.number} is damaged at bytes ${first.start} to ${first.end}: a checksum ` +
      'is wrong; what is sound in it was loaded, the rest is lost',
  );
}

const tooMuch = 'it takes more memory than the engine has';

/** What is known of a segment that was too much for the engine's memory. */
interface MemoryOf {
  readonly halved: HalvedParts;
  /** Whether a lack of memory may still pass. */
  readonly isPatient: boolean;
}

/** One segment on its way; holds what every part of it needs. */
class SegmentLoad {
  readonly #segment: WaitingSegment;
  readonly #content: SegmentContent;
  readonly #token: string;
  readonly #destination: Destination;
  readonly #memory: MemoryOf;

  constructor(
    segment: WaitingSegment,
    content: SegmentContent,
    token: string,
    destination: Destination,
    memory: MemoryOf,
  ) {
    this.#segment = segment;
    this.#content = content;
    this.#token = token;
    this.#destination = destination;
    this.#memory = memory;
  }

  /** Loads these records, from the file that holds just them when there is one. */
  async load(records: readonly SegmentRecord[], path?: string): Promise<Loaded> {
    const token = path === undefined ? this.#partToken(records) : this.#token;
    if (this.#memory.halved.has(token)) return this.#withoutRefused(records, new Error(tooMuch));
    try {
      await this.#insert(records, token, path);
      return { stored: itemsOf(records), dead: 0 };
    } catch (error) {
      if (!(await this.#isRefused(error, token))) throw error;
      return this.#withoutRefused(records, error);
    }
  }

  async #isRefused(error: unknown, token: string): Promise<boolean> {
    if (!mayPass(error)) return true;
    if (!lacksMemory(error) || (this.#memory.isPatient && !exceedsMemory(error))) return false;
    await this.#memory.halved.note(token);
    return true;
  }

  #withoutRefused(records: readonly SegmentRecord[], error: unknown): Promise<Loaded> {
    return records.length === 1 ? this.#setAside(records, error) : this.#halve(records);
  }

  async #halve(records: readonly SegmentRecord[]): Promise<Loaded> {
    const middle = Math.ceil(records.length / 2);
    const first = await this.load(records.slice(0, middle));
    const second = await this.load(records.slice(middle));
    return { stored: first.stored + second.stored, dead: first.dead + second.dead };
  }

  #partToken(records: readonly SegmentRecord[]): string {
    return `${this.#token}/${records[0]?.start ?? 0}-${records.at(-1)?.end ?? 0}`;
  }

  async #insert(records: readonly SegmentRecord[], token: string, path: string | undefined): Promise<void> {
    if (path !== undefined) return this.#insertFile(records, path, token);
    const file = join(this.#destination.dataDir, 'run', `${token.replaceAll('/', '-')}.part`);
    await writeFile(
      file,
      Buffer.concat(records.map(({ start, end }) => this.#content.bytes.subarray(start, end))),
    );
    try {
      await this.#insertFile(records, file, token);
    } finally {
      await rm(file, { force: true });
    }
  }

  async #insertFile(records: readonly SegmentRecord[], path: string, token: string): Promise<void> {
    const { kinds } = addAccounts(records.map(({ account }) => account));
    const requests = records.map(({ messageStart, requestEnd, receivedTimeUnixNano }) => ({
      start: messageStart,
      end: requestEnd,
      receivedTimeUnixNano,
    }));
    const content = { bytes: this.#content.bytes, requests };
    await this.#destination.loader.load({ signal: this.#segment.signal, path, token, kinds, content });
  }

  async #setAside(records: readonly SegmentRecord[], error: unknown): Promise<Loaded> {
    const dead = itemsOf(records);
    const { signal, number } = this.#segment;
    for (const { start, end } of records) {
      const bytes = this.#content.bytes.subarray(start, end);
      const letter: DeadLetter = { signal, segment: number, offset: start, bytes, items: dead, error };
      this.#destination.report(await keepDeadLetter(this.#destination.dataDir, letter));
    }
    return { stored: 0, dead };
  }
}

function itemsOf(records: readonly SegmentRecord[]): number {
  return records.reduce((sum, { account }) => sum + account.items, 0);
}
