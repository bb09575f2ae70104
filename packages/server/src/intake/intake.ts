import { ByteBudget, createAccept, type Doors, Gate, openDoors } from '@maru/receive';
import { KeyCheck } from '../keys/key-check.ts';
import { ownKey } from '../keys/own-key.ts';
import { intakeSocketPath, LinkServer } from '../link/index.ts';
import type { Settings } from '../settings.ts';
import { Books } from './books.ts';
import { DirectoryLock } from './lock.ts';

/** Bytes of requests in memory at a time, as a multiple of the largest one: enough to keep two cores busy. */
const budgetRequests = 4;
/** zlib runs on libuv's threads, which the journal needs too. */
const inflationsAtATime = 2;
const drainMs = 3_000;

/** The running intake: a lock, the books, the link to the engine, the doors. */
export interface Intake {
  /** Sentences about what the start had to repair. */
  readonly messages: readonly string[];
  readonly httpPort: number;
  readonly grpcPort: number;
  /** Closes the doors, lets requests under way finish, and writes everything down. */
  readonly close: () => Promise<void>;
}

/** Starts in the order in which data needs it, the doors last. Throws one sentence when something is in the way. */
export async function startIntake(settings: Settings): Promise<Intake> {
  const lock = await DirectoryLock.take(settings.dataDir);
  const undo: (() => Promise<void>)[] = [() => lock.release()];
  try {
    const { books, link } = await openBooks(settings);
    undo.push(
      () => books.close(),
      () => link.close(),
    );
    const keys = new KeyCheck(settings.dataDir, await ownKey(settings.dataDir));
    const doors = await openOtlpDoors(settings, books, keys);
    undo.push(() => doors.close(drainMs));
    const { httpPort, grpcPort } = doors;
    return { messages: books.messages, httpPort, grpcPort, close: () => inReverse(undo) };
  } catch (error) {
    await inReverse(undo);
    throw error;
  }
}

/** Every step is taken, whatever becomes of the others: on a full disk the lock must still go. Throws the first error. */
async function inReverse(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps.toReversed()) await step().catch((error: unknown) => void errors.push(error));
  if (errors.length > 0) throw errors[0];
}

async function openBooks(settings: Settings): Promise<{ books: Books; link: LinkServer }> {
  const { dataDir, fsync, maxBacklogBytes } = settings;
  let link: LinkServer | undefined;
  const committed = (signal: Parameters<LinkServer['notify']>[0]): void => link?.notify(signal);
  const books = await Books.open({ dataDir, fsync, maxBacklogBytes, committed });
  try {
    link = await LinkServer.listen(intakeSocketPath(dataDir), {
      seal: (signal) => books.seal(signal),
      segments: (signal) => books.segments(signal),
      loaded: (notice) => books.loaded(notice),
      ledger: () => books.report(),
      metrics: () => books.metrics(),
      unsealed: () => books.unsealed(),
    });
    return { books, link };
  } catch (error) {
    await books.close();
    throw error;
  }
}

function openOtlpDoors(settings: Settings, books: Books, keys: KeyCheck): Promise<Doors> {
  const rejected: Books['rejected'] = (items) => books.rejected(items);
  const accept = createAccept({
    append: (signal, request, account) => books.append(signal, request, account),
    rejected,
  });
  return openDoors(settings.host, {
    accept,
    authorize: keys.authorize,
    rejected,
    budget: new ByteBudget(settings.maxRequestBytes * budgetRequests),
    gate: new Gate(inflationsAtATime),
    maxRequestBytes: settings.maxRequestBytes,
    httpPort: settings.otlpHttpPort,
    grpcPort: settings.otlpGrpcPort,
    corsOrigins: settings.corsOrigins,
  });
}
