import { mkdir } from 'node:fs/promises';
import { Refusal } from '@maru/ledger';
import type { TargetsReport } from '@maru/scrape';
import type { Books } from '../intake/books.ts';
import { openPlace, type Place } from '../intake/place.ts';
import type { Settings } from '../settings.ts';
import { configuredTenants } from './configured.ts';
import { knownTenants, tenantDirectory } from './places.ts';

export interface TenantBooksOptions {
  readonly settings: Settings;
  /** What is scraped for a tenant. */
  readonly targets: (tenant: string) => TargetsReport;
  readonly say: (sentence: string) => void;
}

/**
 * The books of every tenant but the first. Each has a directory of its own and a link of its own, so that nothing of one is
 * within reach of another: there is no name of a tenant in a journal, a ledger or a statement that could be forgotten.
 */
export class TenantBooks {
  readonly #options: TenantBooksOptions;
  readonly #most: number;
  readonly #open: Map<string, Promise<Place>> = new Map();
  readonly #ready: Map<string, Books> = new Map();

  private constructor(options: TenantBooksOptions) {
    this.#options = options;
    this.#most = options.settings.tenants?.most ?? 0;
  }

  /** Opens the books of all that have sent something before, and of those that the configuration gives something to do. */
  static async open(options: TenantBooksOptions): Promise<TenantBooks> {
    const tenants = new TenantBooks(options);
    const { settings } = options;
    if (settings.tenants === undefined) return tenants;
    try {
      for (const tenant of knownTenants(settings.dataDir)) await tenants.#place(tenant);
      for (const tenant of configuredTenants(settings)) await tenants.of(tenant);
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
    return (await this.#place(tenant)).books;
  }

  /** A tenant's books when there are any. */
  known(tenant: string): Books | undefined {
    return this.#ready.get(tenant);
  }

  async close(): Promise<void> {
    for (const opening of this.#open.values()) {
      const place = await opening.catch(() => undefined);
      await place?.close();
    }
  }

  #place(tenant: string): Promise<Place> {
    const known = this.#open.get(tenant);
    if (known !== undefined) return known;
    const opening = this.#make(tenant);
    this.#open.set(tenant, opening);
    opening.catch(() => this.#open.delete(tenant));
    return opening;
  }

  async #make(tenant: string): Promise<Place> {
    const { settings, targets } = this.#options;
    const dataDir = tenantDirectory(settings.dataDir, tenant);
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const say = (sentence: string): void => this.#options.say(`tenant ${tenant}: ${sentence}`);
    const place = await openPlace({ dataDir, tenant, settings, say, targets: () => targets(tenant) });
    this.#ready.set(tenant, place.books);
    return place;
  }
}
