import type { IncomingHttpHeaders } from 'node:http';
import { Refusal } from '@maru/ledger';
import { type Authorize, anyone } from '@maru/receive';
import type { ConfiguredKey, Settings, TenantSettings } from '../settings.ts';
import { ownTenantName, tenantOfName } from '../tenants/places.ts';
import { chooseTenant } from '../tenants/tenant-choice.ts';
import { hashOf, type IngestKey } from './key-file.ts';
import { KeyMeters } from './key-meters.ts';
import { KeyRing } from './key-ring.ts';
import { ownKey } from './own-key.ts';
import { keyOfSession, sessionToken } from './session-token.ts';

/** What is asked of those who come, and by what. */
export interface KeyCheckParts {
  readonly dataDir: string;
  /** What the stack shows for its own telemetry. */
  readonly ownSecret: string;
  /** How tenants are told apart, if they are. */
  readonly tenants?: TenantSettings | undefined;
  /** Keys of the configuration, beside those that were made. */
  readonly configured?: readonly ConfiguredKey[] | undefined;
}

/**
 * Who may send, and who may read. Without a key for it everybody may, as the ports are on loopback then; from the first key on that
 * sends, whoever shows one as `Authorization: Bearer <secret>`, or as the password of `Basic`, for a signal that the key allows; and
 * from the first key on that reads, whoever shows one of those, or the cookie of the console. The files are looked at once a second
 * while requests come: a revoked key is refused within a second. Keys are found by their hash, so no comparison of secrets takes a
 * time that tells something.
 */
export class KeyCheck {
  readonly #own: string;
  readonly #ownSecret: string;
  readonly #tenants: TenantSettings | undefined;
  readonly #meters: KeyMeters = new KeyMeters();
  readonly #keys: KeyRing;

  /** By what a stack runs with. */
  static async open({ dataDir, tenants, keys }: Settings): Promise<KeyCheck> {
    return new KeyCheck({ dataDir, ownSecret: await ownKey(dataDir), tenants, configured: keys });
  }

  constructor({ dataDir, ownSecret, tenants, configured = [] }: KeyCheckParts) {
    this.#keys = new KeyRing(dataDir, configured);
    this.#own = hashOf(ownSecret);
    this.#ownSecret = ownSecret;
    this.#tenants = tenants;
  }

  /** Rejects with a `Refusal` of reason `unauthorized`, `forbidden` or `rate_limited`. */
  readonly authorize: Authorize = async (headers, signal) => {
    await this.#keys.look();
    const isAsked = this.#byKey || this.#keys.some(({ signals }) => signals.length > 0);
    const key = this.#keyOf(shownIn(headers), isAsked);
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

  /** Whether queries need a key: from the first one on that reads, and always where keys tell tenants apart. */
  async asksReaders(): Promise<boolean> {
    await this.#keys.look();
    return this.#byKey || this.#keys.some(({ reads }) => reads === true);
  }

  /** Whose data a query may see. Rejects with a `Refusal` when it may see nobody's. */
  async reader(headers: IncomingHttpHeaders): Promise<string> {
    const key = (await this.asksReaders()) ? this.#readingKey(headers) : undefined;
    return key === 'own' ? '' : this.#tenantOf(headers, key);
  }

  /** What a browser is to keep for whoever shows this secret. Rejects with a `Refusal` when it reads nothing. */
  async signIn(secret: string): Promise<string> {
    await this.#keys.look();
    const key = this.#mayRead(this.#keyOf(secret, true));
    if (key === 'own') throw unauthorized('the key is not known');
    return sessionToken(key.id, this.#ownSecret, Date.now());
  }

  #readingKey(headers: IncomingHttpHeaders): IngestKey | 'own' {
    const secret = shownIn(headers);
    const session = secret === undefined ? sessionIn(headers) : undefined;
    if (session === undefined) return this.#mayRead(this.#keyOf(secret, true));
    const id = keyOfSession(session, this.#ownSecret, Date.now());
    return this.#mayRead(valid(this.#keys.ofId(id)));
  }

  #mayRead(key: IngestKey | 'own' | undefined): IngestKey | 'own' {
    if (key === 'own' || key?.reads === true) return key;
    throw unauthorized('the key may not read: make one with ./maru key create NAME --read');
  }

  #tenantOf(headers: IncomingHttpHeaders, key: IngestKey | undefined): string {
    const choice = chooseTenant(this.#tenants, headers, key?.tenant);
    if ('refused' in choice) throw new Refusal('unauthorized', choice.refused);
    return choice.tenant;
  }

  /** The key of a secret; undefined where none is asked for, and `own` for the stack itself. */
  #keyOf(secret: string | undefined, isAsked: boolean): IngestKey | 'own' | undefined {
    const hash = secret && hashOf(secret);
    if (hash === this.#own) return 'own';
    if (!isAsked) return undefined;
    if (hash === undefined) throw unauthorized('the request shows no key');
    return valid(this.#keys.ofHash(hash));
  }

  get #byKey(): boolean {
    return this.#tenants?.by === 'key';
  }
}

/** The stack itself says whose it is what it sends: what the rules of a tenant have made, and else its own. */
function ownTenantOf(headers: IncomingHttpHeaders): string {
  const named = headers['x-scope-orgid'];
  return tenantOfName(typeof named === 'string' ? named : ownTenantName) ?? '';
}

function valid(key: IngestKey | undefined): IngestKey {
  if (key === undefined) throw unauthorized('the key is not known');
  if (key.revokedUnixMs !== undefined) throw unauthorized(`the key ${key.id} was revoked`);
  return key;
}

/** The name of the console's cookie. */
export const sessionCookie = 'maru_session';

function sessionIn({ cookie = '' }: IncomingHttpHeaders): string | undefined {
  const pairs = cookie.split(';').map((pair) => pair.trim());
  return pairs.find((pair) => pair.startsWith(`${sessionCookie}=`))?.slice(sessionCookie.length + 1);
}

function shownIn({ authorization }: IncomingHttpHeaders): string | undefined {
  return secretOf(authorization);
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
