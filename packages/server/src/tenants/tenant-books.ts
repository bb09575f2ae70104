import { mkdir } from 'node:fs/promises';
import { Refusal } from '@maru/ledger';
import type { Signal } from '@maru/otlp';
import { printedLetterId } from '../dead/letters.ts';
import { Books } from '../intake/books.ts';
import { Followers } from '../intake/followers.ts';
import { retryLetter } from '../intake/retry-letter.ts';
import { intakeSocketPath, LinkServer } from '../link/index.ts';
import type { Settings } from '../settings.ts';
import { knownTenants, tenantDirectory } from './places.ts';

/** A tenant's books, and the engine's way to them. */
interface TenantParts {
  readonly books: Books;
  readonly link: LinkServer;
  readonly followers: Followers;
}

/** What tenants send is not forwarded, so no destination of theirs has letters. */
const nothingForwarded = { refused: 'what tenants send is not forwarded' };

const nothingScraped = { activeTargets: [], droppedTargets: [], droppedTargetCounts: {} };

/**
 * The books of every tenant but the first. Each has a directory of its own and a link of its own, so that nothing of one is
 * within reach of another: there is no name of a tenant in a journal, a ledger or a statement that could be forgotten.
 */
export class TenantBooks {
  readonly #settings: Settings;
  readonly #most: number;
  readonly #open: Map<string, Promise<TenantParts>> = new Map();
  readonly #ready: Map<string, Books> = new Map();

  private constructor(settings: Settings) {
    this.#settings = settings;
    this.#most = settings.tenants?.most ?? 0;
  }

  /** Opens the books of all that have sent something before. */
  static async open(settings: Settings): Promise<TenantBooks> {
    const tenants = new TenantBooks(settings);
    if (settings.tenants === undefined) return tenants;
    try {
      for (const tenant of knownTenants(settings.dataDir)) await tenants.#parts(tenant);
      return tenants;
    } catch (error) {
      await tenants.close();
      throw error;
    }
  }

  /** Sentences about what the start had to repair. */
  get messages(): readonly string[] {
    return [...this.#ready].flatMap(([tenant, { messages }]) =>
      messages.map((message) => `tenant ${tenant}: ${message}`),
    );
  }

  /** A tenant's books, made when it sends for the first time. Rejects with a `Refusal` when there are too many tenants. */
  async of(tenant: string): Promise<Books> {
    if (!this.#open.has(tenant) && this.#open.size >= this.#most)
      throw new Refusal(
        'forbidden',
        `there are ${this.#most} tenants, which is the limit: raise tenants.most for another`,
      );
    return (await this.#parts(tenant)).books;
  }

  /** A tenant's books when there are any. */
  known(tenant: string): Books | undefined {
    return this.#ready.get(tenant);
  }

  async close(): Promise<void> {
    for (const opening of this.#open.values()) {
      const parts = await opening.catch(() => undefined);
      await parts?.followers.close();
      await parts?.link.close();
      await parts?.books.close();
    }
  }

  #parts(tenant: string): Promise<TenantParts> {
    const known = this.#open.get(tenant);
    if (known !== undefined) return known;
    const opening = this.#make(tenant);
    this.#open.set(tenant, opening);
    opening.catch(() => this.#open.delete(tenant));
    return opening;
  }

  async #make(tenant: string): Promise<TenantParts> {
    const { fsync, maxBacklogBytes } = this.#settings;
    const dataDir = tenantDirectory(this.#settings.dataDir, tenant);
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    let link: LinkServer | undefined;
    const committed = (signal: Signal): void => {
      link?.notify(signal);
      followers.notify(signal);
    };
    const books = await Books.open({ dataDir, fsync, maxBacklogBytes, committed });
    const followers = new Followers(books);
    try {
      link = await LinkServer.listen(intakeSocketPath(dataDir), {
        seal: (signal) => books.seal(signal),
        segments: (signal) => books.segments(signal),
        loaded: (notice) => books.loaded(notice),
        retry: ({ destination, ...id }) =>
          destination === undefined
            ? retryLetter(dataDir, books, printedLetterId(id))
            : Promise.resolve(nothingForwarded),
        ledger: () => books.report(),
        metrics: () => books.metrics(),
        targets: () => nothingScraped,
        follow: (signal, response) => followers.attach(signal, response),
        unsealed: () => books.unsealed(),
      });
      this.#ready.set(tenant, books);
      return { books, link, followers };
    } catch (error) {
      await books.close();
      throw error;
    }
  }
}
