import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { inSpan } from '../telemetry/spans.ts';

/**
 * scrypt at N=2^13, r=8, p=10: one of the equivalent settings that OWASP's password storage guide recommends. The one
 * with the least memory, 8 MiB a hash: the C library keeps a hash's memory for each of libuv's four threads that has
 * run one, which at 16 MiB made 64 MB of the API's size.
 */
const cost = { N: 8_192, r: 8, p: 10 } as const;
const saltBytes = 16;
const keyBytes = 32;

/** At most this many hashes at once (they share libuv's four threads with file and name look-ups), and in line. */
const concurrentHashes = 2;
const longestQueue = 32;

/** Too many logins at once; answered with 503. */
export class PasswordQueueFull extends Error {
  override readonly name = 'PasswordQueueFull';
}

/** Hashes and verifies passwords, a bounded number at a time. */
export class PasswordHasher {
  #running = 0;
  readonly #waiting: (() => void)[] = [];

  /** A password's hash in the form `scrypt$N$r$p$salt$key`, so that the cost can rise without breaking old ones. */
  async hash(password: string): Promise<string> {
    const salt = randomBytes(saltBytes);
    const key = await this.#derive(password, salt, cost);
    return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), key.toString('base64')].join('$');
  }

  /**
   * Whether the password belongs to the hash. With no hash (no such account) it takes just as long and says no, so
   * that response times do not tell which accounts exist.
   */
  async verify(password: string, stored: string | undefined): Promise<boolean> {
    return inSpan('login.verify-password', { 'board.password.algorithm': 'scrypt' }, async () => {
      const { salt, key, options } = parse(stored ?? placeholder);
      const derived = await this.#derive(password, salt, options);
      return timingSafeEqual(derived, key) && stored !== undefined;
    });
  }

  async #derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
    await this.#enter();
    try {
      return await scryptAsync(password, salt, options);
    } finally {
      this.#leave();
    }
  }

  async #enter(): Promise<void> {
    if (this.#running < concurrentHashes) {
      this.#running += 1;
      return;
    }
    if (this.#waiting.length >= longestQueue)
      throw new PasswordQueueFull('too many logins at once: try again shortly');
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Hands the place to the next in line, if any, without freeing it in between. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#running -= 1;
  }
}

const placeholder = `scrypt$${cost.N}$${cost.r}$${cost.p}$${Buffer.alloc(saltBytes).toString('base64')}$${Buffer.alloc(keyBytes).toString('base64')}`;

interface StoredHash {
  readonly salt: Buffer;
  readonly key: Buffer;
  readonly options: ScryptOptions;
}

function parse(stored: string): StoredHash {
  const [algorithm, N, r, p, salt, key] = stored.split('$');
  if (algorithm !== 'scrypt' || !salt || !key) throw new Error('a stored password hash cannot be read');
  return {
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
    options: { N: Number(N), r: Number(r), p: Number(p) },
  };
}

function scryptAsync(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFC'), salt, keyBytes, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
}
