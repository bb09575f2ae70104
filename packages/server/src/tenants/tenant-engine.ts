import { setTimeout as delay } from 'node:timers/promises';
import { type Signal, signals } from '@maru/otlp';
import type { Database, Store } from '@maru/store';
import { LoadLoop } from '../engine/load-loop.ts';
import { IntakeLink, intakeSocketPath } from '../link/index.ts';
import { knownTenants, tenantDatabase, tenantDirectory } from './places.ts';

/** What the engine has of one tenant: its database, the way to its books, and what loads the one from the other. */
export interface TenantEngine {
  readonly tenant: string;
  readonly database: Database;
  readonly link: IntakeLink;
  readonly close: () => Promise<void>;
}

export interface TenantEnginesOptions {
  readonly dataDir: string;
  readonly store: Store;
  readonly report: (sentence: string) => void;
}

/** Begins to load what a tenant sends, until it is closed. */
export async function openTenantEngine(tenant: string, options: TenantEnginesOptions): Promise<TenantEngine> {
  const { store, report } = options;
  const name = tenantDatabase(tenant);
  const database = name === undefined ? store : await store.database(name);
  const dataDir = tenantDirectory(options.dataDir, tenant);
  const link = new IntakeLink(intakeSocketPath(dataDir));
  const destination = { loader: database.loader, dataDir, report };
  const loops = new Map(signals.map((signal) => [signal, new LoadLoop(signal, link, destination)] as const));
  void followNotices(link, loops);
  return {
    tenant,
    database,
    link,
    close: async () => {
      await Promise.all([...loops.values()].map((loop) => loop.close()));
      link.close();
    },
  };
}

async function followNotices(link: IntakeLink, loops: ReadonlyMap<Signal, LoadLoop>): Promise<void> {
  for await (const signal of link.notices()) loops.get(signal)?.notify();
}

/** A tenant that sends for the first time is loaded within this time. */
const lookIntervalMs = 250;

/** The tenants beside the first, as they come: the intake makes a directory for each. */
export class TenantEngines {
  readonly #options: TenantEnginesOptions;
  readonly #open: Map<string, Promise<TenantEngine>> = new Map();
  readonly #stop: AbortController = new AbortController();
  readonly #looking: Promise<void>;

  constructor(options: TenantEnginesOptions, isOn: boolean) {
    this.#options = options;
    this.#looking = isOn ? this.#look() : Promise.resolve();
  }

  /** A tenant that has sent something. */
  get(tenant: string): Promise<TenantEngine> | undefined {
    return this.#open.get(tenant);
  }

  /** Those that are open, for what is done for each of them. */
  async all(): Promise<readonly TenantEngine[]> {
    const settled = await Promise.allSettled(this.#open.values());
    return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#looking;
    for (const engine of await this.all()) await engine.close();
  }

  async #look(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      for (const tenant of knownTenants(this.#options.dataDir)) this.#add(tenant);
      await delay(lookIntervalMs, undefined, { signal }).catch(() => undefined);
    }
  }

  #add(tenant: string): void {
    // Its database cannot be made while the store is away; it is looked for again soon.
    if (this.#open.has(tenant) || !this.#options.store.health().ready) return;
    const opening = openTenantEngine(tenant, this.#options);
    this.#open.set(tenant, opening);
    opening.catch((error: unknown) => {
      this.#open.delete(tenant);
      this.#options.report(`cannot open the database of tenant ${tenant}: ${String(error)}`);
    });
  }
}
