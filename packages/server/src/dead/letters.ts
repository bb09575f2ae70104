import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { addAccounts, readSegment } from '@maru/journal';
import { isSignal, type Signal, signals } from '@maru/otlp';

/** Names a dead letter: `traces/000000000012-345`, from byte 345 of the journal's segment 12. */
export interface LetterId {
  readonly signal: Signal;
  readonly name: string;
}

/** A request that the engine refused, as far as it can be told without the engine. */
export interface DeadLetterInfo extends LetterId {
  readonly path: string;
  /** The engine's words. */
  readonly reason: string;
  /** Undefined when the file is damaged, and then there are no items and services. */
  readonly receivedUnixMs: number | undefined;
  readonly items: number;
  /** Items by service. */
  readonly services: ReadonlyMap<string, number>;
  readonly bytes: number;
}

const namePattern = /^\d{12}-\d+$/;

/** `<dataDir>/dead/<signal>`. */
export function deadDirectory(dataDir: string, signal: Signal): string {
  return join(dataDir, 'dead', signal);
}

export function letterPath(dataDir: string, { signal, name }: LetterId): string {
  return join(deadDirectory(dataDir, signal), `${name}.segment`);
}

export function reasonPath(dataDir: string, { signal, name }: LetterId): string {
  return join(deadDirectory(dataDir, signal), `${name}.reason`);
}

/** Reads what a person typed; undefined when it is no dead letter's name. */
export function parseLetterId(text: string): LetterId | undefined {
  const [signal = '', name = '', ...rest] = text.split('/');
  return isSignal(signal) && namePattern.test(name) && rest.length === 0 ? { signal, name } : undefined;
}

/** The number of the journal's segment that a letter was in. */
export function segmentOf({ name }: LetterId): number {
  return Number(name.slice(0, name.indexOf('-')));
}

/** Every dead letter, oldest first within its signal. */
export async function listDeadLetters(dataDir: string): Promise<readonly LetterId[]> {
  const lists = await Promise.all(signals.map((signal) => lettersOf(dataDir, signal)));
  return lists.flat();
}

async function lettersOf(dataDir: string, signal: Signal): Promise<readonly LetterId[]> {
  const files = await readdir(deadDirectory(dataDir, signal)).catch(missingAsNone);
  return files
    .filter((file) => file.endsWith('.segment'))
    .map((file) => ({ signal, name: file.slice(0, -'.segment'.length) }))
    .filter(({ name }) => namePattern.test(name))
    .toSorted((left, right) => segmentOf(left) - segmentOf(right) || offsetOf(left) - offsetOf(right));
}

function offsetOf({ name }: LetterId): number {
  return Number(name.slice(name.indexOf('-') + 1));
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

/** Removes the engine's words once the letter is in the journal again. */
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
