import { setTimeout as delay } from 'node:timers/promises';
import type { Forwarder, Part } from '@maru/forward';
import { readSegment } from '@maru/journal';
import type { Settled } from '@maru/ledger';
import {
  type LetterId,
  letterPath,
  offsetOf,
  pieceOf,
  printedLetterId,
  removeLetter,
  segmentOf,
} from '../dead/letters.ts';
import type { Retried } from '../link/index.ts';
import type { Books } from './books.ts';

/** Below the link's own limit for an answer. */
const patienceMs = 20_000;

/** Sends dead letters to the destinations that refused them. */
export class LetterSender {
  readonly #dataDir: string;
  readonly #books: Books;
  readonly #forwarder: Forwarder | undefined;
  readonly #underWay: Set<string> = new Set();

  constructor(dataDir: string, books: Books, forwarder: Forwarder | undefined) {
    this.#dataDir = dataDir;
    this.#books = books;
    this.#forwarder = forwarder;
  }

  /** Resolves when the destination has taken it, refused it again, or not answered for a while: then it goes on trying. */
  async send(id: LetterId & { readonly destination: string }): Promise<Retried> {
    const typed = printedLetterId(id);
    if (this.#underWay.has(typed)) return { refused: `${typed} is being sent already` };
    this.#underWay.add(typed);
    const sending = this.#send(id).finally(() => this.#underWay.delete(typed));
    const over = new AbortController();
    const late = delay(patienceMs, undefined, { signal: over.signal }).then(
      () => ({ refused: `${id.destination} does not answer at the moment: ${typed} is sent when it does` }),
      () => ({ refused: '' }),
    );
    return Promise.race([sending, late]).finally(() => over.abort());
  }

  async #send(id: LetterId & { readonly destination: string }): Promise<Retried> {
    const { destination, signal } = id;
    const typed = printedLetterId(id);
    const lane = this.#forwarder?.lane(destination, signal);
    if (lane === undefined)
      return { refused: `nothing of ${signal} is forwarded to a destination ${destination}` };
    const part = await this.#read(id).catch(() => undefined);
    if (part === undefined) return { refused: `there is no dead letter ${typed}: see ./maru dead list` };
    try {
      await lane.sendAgain(part);
    } catch (error) {
      return { refused: `cannot send ${typed}: ${error instanceof Error ? error.message : String(error)}` };
    }
    return this.#settle(id, part);
  }

  async #read(id: LetterId): Promise<Part | undefined> {
    const { records, bytes } = await readSegment(letterPath(this.#dataDir, id));
    const [record] = records;
    if (record === undefined) return undefined;
    const { account, receivedTimeUnixNano, messageStart, requestEnd } = record;
    const start = { segment: segmentOf(id), offset: offsetOf(id) };
    return {
      bytes: bytes.subarray(messageStart, requestEnd),
      items: account.items,
      isOwn: account.nestedValues > 0 || account.kinds.nativeHistogram > 0,
      receivedTimeUnixNano,
      start,
      piece: pieceOf(id),
      token: { end: start, left: account.items, settled: {}, abandoned: false },
    };
  }

  /** It counts as offered anew, as it counted as failed before: so every counter only grows. */
  async #settle(id: LetterId & { readonly destination: string }, { items, token }: Part): Promise<Retried> {
    const settled: Settled = token.settled;
    this.#books.sentAgain(id.destination, id.signal, items, settled);
    if ((settled.failed ?? 0) > 0 || settled.dropped?.dead_cap !== undefined)
      return { refused: `${id.destination} refused ${printedLetterId(id)} again: see ./maru dead list` };
    await removeLetter(this.#dataDir, id);
    return { items };
  }
}
