/** Failed logins allowed per account name and address within the window. */
const allowedFailures = 10;
const windowMillis = 5 * 60_000;
/** Most names and addresses remembered; beyond it the oldest is forgotten, so that guessing names cannot fill memory. */
const mostRemembered = 10_000;

interface Failures {
  readonly count: number;
  readonly until: number;
}

/**
 * Counts failed logins by account name and address together: somebody guessing one account's password is stopped,
 * and the account's owner, coming from elsewhere, is not locked out by them. In memory: each instance of the API
 * counts for itself, which with n instances multiplies the limit by n and costs no database write per guess.
 */
export class LoginLimit {
  readonly #failures = new Map<string, Failures>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** Seconds to wait before another attempt; 0 when one may be made now. */
  waitSeconds(username: string, address: string): number {
    const failures = this.#current(keyOf(username, address));
    if (!failures || failures.count < allowedFailures) return 0;
    return Math.max(1, Math.ceil((failures.until - this.#now()) / 1_000));
  }

  /** Records a failed attempt. The window runs from the first of its failures. */
  fail(username: string, address: string): void {
    const key = keyOf(username, address);
    const failures = this.#current(key);
    this.#failures.set(key, {
      count: (failures?.count ?? 0) + 1,
      until: failures?.until ?? this.#now() + windowMillis,
    });
    this.#forgetOldest();
  }

  /** Forgets earlier failures after a login that worked. */
  succeed(username: string, address: string): void {
    this.#failures.delete(keyOf(username, address));
  }

  #current(key: string): Failures | undefined {
    const failures = this.#failures.get(key);
    if (!failures || failures.until > this.#now()) return failures;
    this.#failures.delete(key);
    return undefined;
  }

  #forgetOldest(): void {
    if (this.#failures.size <= mostRemembered) return;
    const [oldest] = this.#failures.keys();
    if (oldest !== undefined) this.#failures.delete(oldest);
  }
}

/** A control character parts the two, for neither a name nor an address can hold one. */
function keyOf(username: string, address: string): string {
  return `${username.toLowerCase()}\u0000${address}`;
}
