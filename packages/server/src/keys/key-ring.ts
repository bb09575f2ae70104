import { stat } from 'node:fs/promises';
import type { ConfiguredKey } from '../settings.ts';
import { secretsVersion, usableKeys } from './configured-keys.ts';
import { type IngestKey, keyFilePath, readKeys } from './key-file.ts';

const lookIntervalMs = 1000;

/** The keys that count now, by the hash of their secret: those that were made, and those of the configuration. */
export class KeyRing {
  readonly #dataDir: string;
  readonly #configured: readonly ConfiguredKey[];
  #keys: ReadonlyMap<string, IngestKey> = new Map();
  #version: string | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;

  constructor(dataDir: string, configured: readonly ConfiguredKey[]) {
    this.#dataDir = dataDir;
    this.#configured = configured;
  }

  /** Looks at the files at most once a second. Rejects with one sentence when the file of made keys is broken. */
  async look(): Promise<void> {
    if (performance.now() - this.#lookedAt < lookIntervalMs) return;
    this.#lookedAt = performance.now();
    const version = await this.#versionNow();
    if (version === this.#version) return;
    const made = (await readKeys(this.#dataDir)) ?? [];
    const configured = await usableKeys(this.#configured);
    this.#keys = new Map([...made, ...configured].map((key) => [key.hash, key]));
    this.#version = version;
  }

  /** The key of a secret with this hash, revoked or not. */
  ofHash(hash: string): IngestKey | undefined {
    return this.#keys.get(hash);
  }

  ofId(id: string | undefined): IngestKey | undefined {
    return [...this.#keys.values()].find((key) => key.id === id);
  }

  /** Revoked ones count too: what asked for a key once does not stop to. */
  some(condition: (key: IngestKey) => boolean): boolean {
    return [...this.#keys.values()].some(condition);
  }

  async #versionNow(): Promise<string> {
    const made = await stat(keyFilePath(this.#dataDir)).catch(() => undefined);
    return `${made?.mtimeMs} ${await secretsVersion(this.#configured)}`;
  }
}
