import type { Forwarder } from '@maru/forward';
import type { TargetsReport } from '@maru/scrape';
import { printedLetterId } from '../dead/letters.ts';
import { intakeSocketPath, LinkServer } from '../link/index.ts';
import type { Settings } from '../settings.ts';
import { Books } from './books.ts';
import { Followers } from './followers.ts';
import { forwardFor, startForwarding, subscribersOf } from './forwarding.ts';
import { retryLetter } from './retry-letter.ts';
import { LetterSender } from './send-letter.ts';

/** What a place is told beyond the settings. */
export interface PlaceOptions {
  readonly dataDir: string;
  /** The tenant whose place it is; empty for the first. */
  readonly tenant: string;
  readonly settings: Settings;
  /** What is scraped into it; nothing when left out. */
  readonly targets?: () => TargetsReport;
  readonly say: (sentence: string) => void;
}

/** One data directory at work: its books, and all that lives on them. */
export interface Place {
  readonly books: Books;
  readonly close: () => Promise<void>;
}

const nothingScraped: TargetsReport = { activeTargets: [], droppedTargets: [], droppedTargetCounts: {} };

/** Opens the books, the link to the engine, the live tail and forwarding. Whoever opens it closes it. */
export async function openPlace(options: PlaceOptions): Promise<Place> {
  const { dataDir, settings, tenant, say } = options;
  const { fsync, maxBacklogBytes } = settings;
  const forward = settings.forward && forwardFor(settings.forward, tenant);
  const live: { link?: LinkServer; forwarder?: Forwarder; followers?: Followers } = {};
  const books = await Books.open({
    dataDir,
    fsync,
    maxBacklogBytes,
    subscribers: subscribersOf(forward),
    ...(forward && { maxHeldBytes: forward.maxHeldBytes }),
    givenUp: (name, signal, to) => live.forwarder?.giveUp(name, signal, to),
    committed: (signal) => {
      live.link?.notify(signal);
      live.forwarder?.notify(signal);
      live.followers?.notify(signal);
    },
  });
  const close = async (): Promise<void> => {
    await live.followers?.close();
    await live.forwarder?.close();
    await live.link?.close();
    await books.close();
  };
  try {
    live.followers = new Followers(books);
    if (forward !== undefined)
      live.forwarder = startForwarding(dataDir, forward, { books, naming: settings.naming, say });
    live.link = await listen(options, books, live.followers, live.forwarder);
    return { books, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function listen(
  { dataDir, targets }: PlaceOptions,
  books: Books,
  followers: Followers,
  forwarder: Forwarder | undefined,
): Promise<LinkServer> {
  const letters = new LetterSender(dataDir, books, forwarder);
  return LinkServer.listen(intakeSocketPath(dataDir), {
    seal: (signal) => books.seal(signal),
    segments: (signal) => books.segments(signal),
    loaded: (notice) => books.loaded(notice),
    retry: ({ destination, ...id }) =>
      destination === undefined
        ? retryLetter(dataDir, books, printedLetterId(id))
        : letters.send({ destination, ...id }),
    ledger: () => books.report(forwarder?.troubles()),
    metrics: () => books.metrics(),
    targets: () => targets?.() ?? nothingScraped,
    follow: (signal, response) => followers.attach(signal, response),
    unsealed: () => books.unsealed(),
  });
}
