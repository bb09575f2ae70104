import { rm } from 'node:fs/promises';
import {
  ActiveSeries,
  ByteBudget,
  createAccept,
  type Doors,
  Gate,
  type HttpDoorOptions,
  openDoors,
} from '@maru/receive';
import type { TargetsReport } from '@maru/scrape';
import { KeyCheck } from '../keys/key-check.ts';
import { ownOtlpSocketPath } from '../link/index.ts';
import type { Settings, TlsFiles } from '../settings.ts';
import { TenantBooks } from '../tenants/tenant-books.ts';
import { handshakeReport } from '../tls/handshake-report.ts';
import { TlsRenewal } from '../tls/renewal.ts';
import type { Books } from './books.ts';
import { DirectoryLock } from './lock.ts';
import { openPlace } from './place.ts';
import { type Scraping, startScraping } from './scraping.ts';

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
    const live: LiveParts = {};
    const place = await openPlace({
      dataDir: settings.dataDir,
      tenant: '',
      settings,
      say,
      targets: () => targetsOf(live, ''),
    });
    const { books } = place;
    undo.push(() => place.close());
    const tenants = await TenantBooks.open({ settings, say, targets: (tenant) => targetsOf(live, tenant) });
    undo.push(() => tenants.close());
    const keys = await KeyCheck.open(settings);
    const options = doorOptions(settings, { books, tenants }, keys);
    const doors = await openOtlpDoors(settings, options);
    undo.push(() => doors.close());
    const scraping = await startScraping(settings, { ...options, say });
    undo.push(() => scraping.close());
    live.scraping = scraping;
    const { httpPort, grpcPort } = doors;
    const messages = [...books.messages, ...tenants.messages];
    return { messages, httpPort, grpcPort, close: () => inReverse(undo) };
  } catch (error) {
    await inReverse(undo);
    throw error;
  }
}

/** What the link speaks of and what is started behind it. */
interface LiveParts {
  scraping?: Scraping;
}

const nothingScraped: TargetsReport = { activeTargets: [], droppedTargets: [], droppedTargetCounts: {} };

function targetsOf({ scraping }: LiveParts, tenant: string): TargetsReport {
  return scraping?.targets(tenant) ?? nothingScraped;
}

/** Every step is taken, whatever becomes of the others: on a full disk the lock must still go. Throws the first error. */
async function inReverse(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const errors: unknown[] = [];
  for (const step of steps.toReversed()) await step().catch((error: unknown) => void errors.push(error));
  if (errors.length > 0) throw errors[0];
}

function say(sentence: string): void {
  console.warn(`intake: ${sentence}`);
}

/** Doors with what belongs to them. */
type OtlpDoors = Pick<Doors, 'httpPort' | 'grpcPort'> & { readonly close: () => Promise<void> };

async function openOtlpDoors(settings: Settings, options: HttpDoorOptions): Promise<OtlpDoors> {
  if (settings.tls !== undefined) return openTlsDoors(settings, settings.tls, options);
  const doors = await openDoors(settings.host, options);
  return { ...doors, close: () => doors.close(drainMs) };
}

/** With TLS the stack's own telemetry comes over a Unix socket: a certificate need not be valid for loopback. */
async function openTlsDoors(
  settings: Settings,
  files: TlsFiles,
  options: HttpDoorOptions,
): Promise<OtlpDoors> {
  let doors: Doors | undefined;
  const { material, renewal } = await TlsRenewal.start(files, {
    renewed: (renewed) => doors?.renewTls(renewed),
    say,
  });
  const socketPath = ownOtlpSocketPath(settings.dataDir);
  try {
    await rm(socketPath, { force: true });
    const tls = { ...material, handshakeFailed: handshakeReport(say) };
    const open = await openDoors(settings.host, { ...options, tls, socketPath });
    doors = open;
    return {
      ...open,
      close: () => Promise.all([renewal.close(), open.close(drainMs)]).then(() => undefined),
    };
  } catch (error) {
    await renewal.close();
    throw error;
  }
}

/** The books of the first tenant, which there always is, and of the others. */
interface AllBooks {
  readonly books: Books;
  readonly tenants: TenantBooks;
}

/** Each tenant has a limit of its own: one that floods the doors takes no series from another. */
function seriesByTenant(limit: number): (tenant: string) => ActiveSeries {
  const byTenant = new Map<string, ActiveSeries>();
  return (tenant) => {
    const known = byTenant.get(tenant) ?? new ActiveSeries(limit);
    byTenant.set(tenant, known);
    return known;
  };
}

function doorOptions(settings: Settings, { books, tenants }: AllBooks, keys: KeyCheck): HttpDoorOptions {
  const rejected: HttpDoorOptions['rejected'] = (tenant, items) =>
    (tenants.known(tenant) ?? books).rejected(items);
  const accept = createAccept({
    append: async (tenant, signal, request, account) =>
      (tenant === '' ? books : await tenants.of(tenant)).append(signal, request, account),
    rejected,
    ...(settings.maxActiveSeries > 0 && { series: seriesByTenant(settings.maxActiveSeries) }),
  });
  return {
    accept,
    authorize: keys.authorize,
    rejected,
    budget: new ByteBudget(settings.maxRequestBytes * budgetRequests),
    gate: new Gate(inflationsAtATime),
    maxRequestBytes: settings.maxRequestBytes,
    httpPort: settings.otlpHttpPort,
    grpcPort: settings.otlpGrpcPort,
    corsOrigins: settings.corsOrigins,
  };
}
