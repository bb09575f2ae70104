import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addAccounts, readSegment, syncDirectory } from '@maru/journal';
import { isSignal, type Signal, signals } from '@maru/otlp';

/**
 * Names a dead letter: `traces/000000000012-345`, from byte 345 of the journal's segment 12, or `tempo/traces/000000000012-345` of
 * the destination `tempo`; behind a second dash stands which piece of that request it is.
 */
export interface LetterId {
  /** The destination that refused it; left out when the engine did. */
  readonly destination?: string;
  readonly signal: Signal;
  readonly name: string;
}

/** A request that was refused, as far as it can be told without the engine. */
export interface DeadLetterInfo extends LetterId {
  readonly path: string;
  /** The words of the engine or the destination. */
  readonly reason: string;
  /** Undefined when the file is damaged, and then there are no items and services. */
  readonly receivedUnixMs: number | undefined;
  readonly items: number;
  /** Items by service. */
  readonly services: ReadonlyMap<string, number>;
  readonly bytes: number;
}

const namePattern = /^\d{12}-\d+(-\d+)?$/;
const destinationPattern = /^[a-z0-9][a-z0-9_-]*$/;

/** `<dataDir>/dead/<signal>`, and of a destination `<dataDir>/dead/<destination>/<signal>`. */
function deadDirectory(dataDir: string, { destination = '', signal }: Omit<LetterId, 'name'>): string {
  return join(dataDir, 'dead', destination, signal);
}

export function letterPath(dataDir: string, id: LetterId): string {
  return join(deadDirectory(dataDir, id), `${id.name}.segment`);
}

function reasonPath(dataDir: string, id: LetterId): string {
  return join(deadDirectory(dataDir, id), `${id.name}.reason`);
}

/**
 * Keeps a letter, a record or several as they stand in the journal, with the reason beside it. Both are durable before it
 * resolves, since the journal's own copy goes next.
 */
export async function writeLetter(
  dataDir: string,
  id: LetterId,
  bytes: Uint8Array,
  reason: string,
): Promise<void> {
  const directory = deadDirectory(dataDir, id);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  await writeFile(reasonPath(dataDir, id), `${reason}\n`, { flush: true });
  await writeFile(letterPath(dataDir, id), bytes, { flush: true });
  await syncDirectory(directory);
}

/** As it is typed: `traces/000000000012-345`. */
export function printedLetterId({ destination, signal, name }: LetterId): string {
  return [...(destination === undefined ? [] : [destination]), signal, name].join('/');
}

/** Reads what a person typed; undefined when it is no dead letter's name. */
export function parseLetterId(text: string): LetterId | undefined {
  const parts = text.split('/');
  const [name = '', signal = '', destination, ...rest] = parts.toReversed();
  if (!isSignal(signal) || !namePattern.test(name) || rest.length > 0) return undefined;
  if (destination === undefined) return { signal, name };
  return destinationPattern.test(destination) ? { destination, signal, name } : undefined;
}

/** The number of the journal's segment that a letter was in. */
export function segmentOf({ name }: LetterId): number {
  return Number(name.slice(0, name.indexOf('-')));
}

/** Every dead letter, oldest first within its signal. */
export async function listDeadLetters(dataDir: string): Promise<readonly LetterId[]> {
  const folders = await readdir(join(dataDir, 'dead')).catch(missingAsNone);
  const destinations = folders.filter((folder) => destinationPattern.test(folder)).toSorted();
  const places = [
    ...signals.map((signal) => ({ signal })),
    ...destinations.flatMap((destination) => signals.map((signal) => ({ destination, signal }))),
  ];
  const lists = await Promise.all(places.map((place) => lettersOf(dataDir, place)));
  return lists.flat();
}

async function lettersOf(dataDir: string, place: Omit<LetterId, 'name'>): Promise<readonly LetterId[]> {
  const files = await readdir(deadDirectory(dataDir, place)).catch(missingAsNone);
  return files
    .filter((file) => file.endsWith('.segment'))
    .map((file) => ({ ...place, name: file.slice(0, -'.segment'.length) }))
    .filter(({ name }) => namePattern.test(name))
    .toSorted((left, right) => segmentOf(left) - segmentOf(right) || offsetOf(left) - offsetOf(right));
}

/** Where the request stood in its segment, in bytes. */
export function offsetOf({ name }: LetterId): number {
  return Number(name.split('-')[1]);
}

/** Which piece of the request it is; 0 for the whole. */
export function pieceOf({ name }: LetterId): number {
  return Number(name.split('-')[2] ?? 0);
}

/** Reads one; undefined when it is not there, for instance because it was put back a moment ago. */
export async function readDeadLetter(dataDir: string, id: LetterId): Promise<DeadLetterInfo | undefined> {
  const path = letterPath(dataDir, id);
  const content = await readSegment(path).catch(missingAsUndefined);
  if (content === undefined) return undefined;
  const reason = await readFile(reasonPath(dataDir, id), 'utf8').catch(() => 'the reason was not kept');
  const [record] = content.records;
  const { items, services } = addAccounts(content.records.map(({ account }) => account));
  return {
    ...id,
    path,
    reason: content.damage.length > 0 ? `the file is damaged; ${reason.trim()}` : reason.trim(),
    receivedUnixMs: record && Number(record.receivedTimeUnixNano / 1_000_000n),
    items,
    services,
    bytes: content.bytes.length,
  };
}

/** Removes a letter that has reached where it should be. */
export async function removeLetter(dataDir: string, id: LetterId): Promise<void> {
  await rm(letterPath(dataDir, id), { force: true });
  await forgetReason(dataDir, id);
}

/** Removes the reason once the letter is in the journal again. */
export async function forgetReason(dataDir: string, id: LetterId): Promise<void> {
  await rm(reasonPath(dataDir, id), { force: true });
}

function missingAsNone(error: NodeJS.ErrnoException): readonly string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}

function missingAsUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
