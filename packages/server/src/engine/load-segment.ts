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
import { type Loader, mayPass } from '@maru/store';
import { type DeadLetter, keepDeadLetter } from './dead-letters.ts';

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
  readonly loader: Loader;
  readonly dataDir: string;
  /** Told of each request that was set aside, in one sentence. */
  readonly report: (sentence: string) => void;
}

/**
 * Loads one segment, every sound item of it exactly once. A segment that the engine refuses is halved until the refused
 * request stands alone; that one is set aside, the rest is in. Rejects only when the engine cannot work now (memory,
 * disk): then nothing is lost, and the same call may be made again. The buffer, when one is given, is this call's until
 * it is done.
 */
export async function loadSegment(
  segment: WaitingSegment,
  destination: Destination,
  buffer?: SegmentBuffer,
): Promise<Loaded> {
  const content = await readSegment(segment.path, buffer);
  reportDamage(segment, content, destination);
  if (content.records.length === 0) return { stored: 0, dead: 0 };
  const token = `${segment.signal}/${segment.number}/${contentMark(content)}`;
  const whole = content.damage.length === 0;
  return new SegmentLoad(segment, content, token, destination).load(
    content.records,
    whole ? segment.path : undefined,
  );
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

/** One segment on its way; holds what every part of it needs. */
class SegmentLoad {
  readonly #segment: WaitingSegment;
  readonly #content: SegmentContent;
  readonly #token: string;
  readonly #destination: Destination;

  constructor(segment: WaitingSegment, content: SegmentContent, token: string, destination: Destination) {
    this.#segment = segment;
    this.#content = content;
    this.#token = token;
    this.#destination = destination;
  }

  /** Loads these records, from the file that holds just them when there is one. */
  async load(records: readonly SegmentRecord[], path?: string): Promise<Loaded> {
    try {
      await this.#insert(records, path);
      return { stored: itemsOf(records), dead: 0 };
    } catch (error) {
      if (mayPass(error)) throw error;
      return records.length === 1 ? this.#setAside(records, error) : this.#halve(records);
    }
  }

  async #halve(records: readonly SegmentRecord[]): Promise<Loaded> {
    const middle = Math.ceil(records.length / 2);
    const first = await this.load(records.slice(0, middle));
    const second = await this.load(records.slice(middle));
    return { stored: first.stored + second.stored, dead: first.dead + second.dead };
  }

  async #insert(records: readonly SegmentRecord[], path?: string): Promise<void> {
    if (path !== undefined) return this.#insertFile(records, path, this.#token);
    const part = `${this.#token}/${records[0]?.start ?? 0}-${records.at(-1)?.end ?? 0}`;
    const file = join(this.#destination.dataDir, 'run', `${part.replaceAll('/', '-')}.part`);
    await writeFile(
      file,
      Buffer.concat(records.map(({ start, end }) => this.#content.bytes.subarray(start, end))),
    );
    try {
      await this.#insertFile(records, file, part);
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
