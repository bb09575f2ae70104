import { stat } from 'node:fs/promises';
import { Refusal } from '@maru/ledger';
import { type Authorize, anyone } from '@maru/receive';
import { hashOf, type IngestKey, keyFilePath, readKeys } from './key-file.ts';
import { KeyMeters } from './key-meters.ts';

const lookIntervalMs = 1000;

/**
 * Who may send. Without a key file everybody may, as the doors are on loopback then; with one, whoever shows a key as
 * `Authorization: Bearer <secret>`, or as the password of `Basic`, for a signal that the key allows. The file is looked at
 * once a second while requests come: a revoked key is refused within a second. Keys are found by their hash, so no
 * comparison of secrets takes a time that tells something.
 */
export class KeyCheck {
  readonly #dataDir: string;
  readonly #own: string;
  readonly #meters: KeyMeters = new KeyMeters();
  #keys: ReadonlyMap<string, IngestKey> | undefined;
  #modifiedMs = Number.NaN;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /** `ownSecret` is what the stack shows for its own telemetry. */
  constructor(dataDir: string, ownSecret: string) {
    this.#dataDir = dataDir;
    this.#own = hashOf(ownSecret);
  }

  /** Rejects with a `Refusal` of reason `unauthorized`, `forbidden` or `rate_limited`. */
  readonly authorize: Authorize = async (headers, signal) => {
    await this.#look();
    if (this.#keys === undefined) return anyone;
    const secret = secretOf(headers.authorization);
    if (secret === undefined) throw unauthorized('the request shows no ingest key');
    const hash = hashOf(secret);
    if (hash === this.#own) return anyone;
    const key = this.#keys.get(hash);
    if (key === undefined) throw unauthorized('the ingest key is not known');
    if (key.revokedUnixMs !== undefined) throw unauthorized(`the ingest key ${key.id} was revoked`);
    if (!key.signals.includes(signal))
      throw new Refusal(
        'forbidden',
        `the ingest key ${key.id} does not allow ${signal}: it allows ${key.signals.join(', ')}`,
      );
    this.#meters.check(key);
    return { ...anyone, spent: (items, bytes) => this.#meters.spent(key, items, bytes) };
  };

  async #look(): Promise<void> {
    if (performance.now() - this.#lookedAt < lookIntervalMs) return;
    this.#lookedAt = performance.now();
    const modifiedMs = (await stat(keyFilePath(this.#dataDir)).catch(() => undefined))?.mtimeMs ?? Number.NaN;
    if (Object.is(modifiedMs, this.#modifiedMs)) return;
    const keys = await readKeys(this.#dataDir);
    this.#keys = keys === undefined ? undefined : new Map(keys.map((key) => [key.hash, key]));
    this.#modifiedMs = modifiedMs;
  }
}

function secretOf(authorization: string | undefined): string | undefined {
  const [, scheme = '', value = ''] = /^(\S+) +(\S+)$/.exec(authorization ?? '') ?? [];
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return undefined;
  const pair = Buffer.from(value, 'base64').toString('utf8');
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
}

function unauthorized(what: string): Refusal {
  return new Refusal('unauthorized', `${what}: send one as "Authorization: Bearer <key>"`);
}
