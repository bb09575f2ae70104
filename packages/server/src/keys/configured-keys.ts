import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { signals } from '@maru/otlp';
import type { ConfiguredKey } from '../settings.ts';
import { hashOf, type IngestKey } from './key-file.ts';

/** A secret that people chose may be shorter than those that are made here, but not so short that it can be tried out. */
const shortestSecret = 16;

/** What the configuration's keys are now. Rejects with one sentence when a secret cannot be used. */
export function readConfiguredKeys(configured: readonly ConfiguredKey[]): Promise<readonly IngestKey[]> {
  return Promise.all(configured.map(async (key) => keyOf(key, await readSecret(key))));
}

/**
 * The same for a stack that runs: a key whose secret cannot be read any more opens nothing, and is still there, so that the doors
 * do not stop to ask for keys because a file was taken away.
 */
export function usableKeys(configured: readonly ConfiguredKey[]): Promise<readonly IngestKey[]> {
  return Promise.all(configured.map(async (key) => keyOf(key, await readSecret(key).catch(() => undefined))));
}

/** When each secret was written last; a text that changes with them. */
export async function secretsVersion(configured: readonly ConfiguredKey[]): Promise<string> {
  const times = configured.map(({ secretPath }) =>
    stat(secretPath).then(
      ({ mtimeMs }) => mtimeMs,
      () => 0,
    ),
  );
  return (await Promise.all(times)).join();
}

interface Secret {
  readonly text: string;
  readonly writtenUnixMs: number;
}

async function readSecret({ name, secretPath }: ConfiguredKey): Promise<Secret> {
  const unusable = (why: string): Error =>
    new Error(`cannot use the key ${name}: ${secretPath} ${why}; put its secret there, alone on one line`);
  try {
    const text = (await readFile(secretPath, 'utf8')).trim();
    if (/\s/.test(text)) throw unusable('holds more than one word');
    if (text.length < shortestSecret)
      throw unusable(`holds ${text.length} characters where ${shortestSecret} are needed`);
    return { text, writtenUnixMs: (await stat(secretPath)).mtimeMs };
  } catch (error) {
    if (error instanceof Error && 'code' in error) throw unusable(`cannot be read (${error.code})`);
    throw error;
  }
}

function keyOf({ secretPath: _, name, ...allowed }: ConfiguredKey, secret: Secret | undefined): IngestKey {
  return {
    ...allowed,
    signals: allowed.signals ?? (allowed.reads === true ? [] : signals),
    name,
    id: createHash('sha256').update(`configured ${name}`).digest('hex').slice(0, 8),
    hash: secret === undefined ? `the secret of ${name} cannot be read` : hashOf(secret.text),
    createdUnixMs: secret?.writtenUnixMs ?? 0,
  };
}
