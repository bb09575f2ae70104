import { stat } from 'node:fs/promises';
import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '@maru/ledger';
import { type Authorize, anyone } from '@maru/receive';
import type { TenantSettings } from '../settings.ts';
import { ownTenantName, tenantOfName } from '../tenants/places.ts';
import { chooseTenant } from '../tenants/tenant-choice.ts';
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
  readonly #tenants: TenantSettings | undefined;
  readonly #meters: KeyMeters = new KeyMeters();
  #keys: ReadonlyMap<string, IngestKey> | undefined;
  #modifiedMs = Number.NaN;
  #lookedAt = Number.NEGATIVE_INFINITY;

  /**
   * `ownSecret` is what the stack shows for its own telemetry.
   *
   * @param tenants how tenants are told apart, if they are
   */
  constructor(dataDir: string, ownSecret: string, tenants?: TenantSettings) {
    this.#dataDir = dataDir;
    this.#own = hashOf(ownSecret);
    this.#tenants = tenants;
  }

  /** Rejects with a `Refusal` of reason `unauthorized`, `forbidden` or `rate_limited`. */
  readonly authorize: Authorize = async (headers, signal) => {
    const key = await this.#keyOf(headers);
    if (key === 'own') return { ...anyone, tenant: ownTenantOf(headers) };
    if (key !== undefined && !key.signals.includes(signal))
      throw new Refusal(
        'forbidden',
        `the ingest key ${key.id} does not allow ${signal}: it allows ${key.signals.join(', ') || 'no signal'}`,
      );
    const tenant = this.#tenantOf(headers, key);
    if (key === undefined) return { ...anyone, tenant };
    this.#meters.check(key);
    return { tenant, spent: (items, bytes) => this.#meters.spent(key, items, bytes) };
  };

  /** Whose data a query may see. Rejects with a `Refusal` when it may see nobody's. Only tenants by key need a key here. */
  async reader(headers: IncomingHttpHeaders): Promise<string> {
    if (this.#tenants?.by !== 'key') return this.#tenantOf(headers, undefined);
    const key = await this.#keyOf(headers);
    if (key === 'own') return '';
    if (key?.reads !== true)
      throw unauthorized('the key may not read: make one with ./maru key create NAME --read');
    return this.#tenantOf(headers, key);
  }

  #tenantOf(headers: IncomingHttpHeaders, key: IngestKey | undefined): string {
    const choice = chooseTenant(this.#tenants, headers, key?.tenant);
    if ('refused' in choice) throw new Refusal('unauthorized', choice.refused);
    return choice.tenant;
  }

  /** The key that is shown; undefined where none is asked for, and `own` for the stack itself. */
  async #keyOf(headers: IncomingHttpHeaders): Promise<IngestKey | 'own' | undefined> {
    await this.#look();
    const secret = secretOf(headers.authorization);
    const hash = secret && hashOf(secret);
    if (hash === this.#own) return 'own';
    if (this.#keys === undefined && this.#tenants?.by !== 'key') return undefined;
    if (hash === undefined) throw unauthorized('the request shows no key');
    const key = this.#keys?.get(hash);
    if (key === undefined) throw unauthorized('the key is not known');
    if (key.revokedUnixMs !== undefined) throw unauthorized(`the key ${key.id} was revoked`);
    return key;
  }

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

/** The stack itself says whose it is what it sends: what the rules of a tenant have made, and else its own. */
function ownTenantOf(headers: IncomingHttpHeaders): string {
  const named = headers['x-scope-orgid'];
  return tenantOfName(typeof named === 'string' ? named : ownTenantName) ?? '';
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
