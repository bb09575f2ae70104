import { createHash, randomBytes } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { isSignal, type Signal, signals } from '@maru/otlp';
import type { KeyRate } from '../settings.ts';

/** An ingest key as it is kept: of its secret only the hash. */
export interface IngestKey {
  /** Eight hexadecimal digits, by which a key is named and revoked; no secret. */
  readonly id: string;
  /** What it is for, in the words of whoever made it. */
  readonly name: string;
  /** SHA-256 of the secret in hexadecimal. The secret has 256 random bits, so that a slow hash would protect nothing. */
  readonly hash: string;
  readonly signals: readonly Signal[];
  /** What may be sent with it; left out, as much as the machine takes. */
  readonly rate?: KeyRate;
  /** Whose data it is, where keys tell tenants apart; left out, the first tenant's. */
  readonly tenant?: string;
  /** Whether queries may be asked with it, where they need a key. */
  readonly reads?: boolean;
  readonly createdUnixMs: number;
  readonly revokedUnixMs?: number;
}

/** What a key has beside its name and signals. */
export type KeyOptions = Pick<IngestKey, 'rate' | 'tenant' | 'reads'>;

const secretBytes = 32;

/** `<dataDir>/keys.json`. */
export function keyFilePath(dataDir: string): string {
  return join(dataDir, 'keys.json');
}

export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Every key, revoked ones too, oldest first; undefined where none was ever made. Throws one sentence on a broken file. */
export async function readKeys(dataDir: string): Promise<readonly IngestKey[] | undefined> {
  const path = keyFilePath(dataDir);
  const text = await readFile(path, 'utf8').catch(missingAsUndefined);
  if (text === undefined) return undefined;
  try {
    const { keys } = JSON.parse(text) as { readonly keys: readonly IngestKey[] };
    return keys.map((key) => ({ ...key, signals: key.signals.filter(isSignal) }));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`cannot read the ingest keys in ${path}: ${why}; put back a sound copy of the file`);
  }
}

/** Makes a key. Its secret is given here and nowhere else. From the first key on, the doors ask for one. */
export async function createKey(
  dataDir: string,
  name: string,
  allowed: readonly Signal[] = signals,
  { rate = {}, ...others }: KeyOptions = {},
): Promise<{ readonly key: IngestKey; readonly secret: string }> {
  const secret = `maru_${randomBytes(secretBytes).toString('base64url')}`;
  const id = randomBytes(4).toString('hex');
  const limited = Object.keys(rate).length > 0 && { rate };
  const createdUnixMs = Date.now();
  const key: IngestKey = {
    id,
    name,
    hash: hashOf(secret),
    signals: allowed,
    ...limited,
    ...others,
    createdUnixMs,
  };
  await writeKeys(dataDir, [...((await readKeys(dataDir)) ?? []), key]);
  return { key, secret };
}

/** Revokes a key by its id. Throws one sentence when there is no such key. */
export async function revokeKey(dataDir: string, id: string): Promise<void> {
  const keys = (await readKeys(dataDir)) ?? [];
  if (!keys.some((key) => key.id === id))
    throw new Error(`there is no ingest key with the id ${JSON.stringify(id)}`);
  const revokedUnixMs = Date.now();
  await writeKeys(
    dataDir,
    keys.map((key) => (key.id === id ? { revokedUnixMs, ...key } : key)),
  );
}

async function writeKeys(dataDir: string, keys: readonly IngestKey[]): Promise<void> {
  const path = keyFilePath(dataDir);
  const handle = await open(`${path}.new`, 'w', 0o600);
  try {
    await handle.writeFile(`${JSON.stringify({ version: 1, keys }, undefined, 2)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(`${path}.new`, path);
}

function missingAsUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
