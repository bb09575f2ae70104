import type { GroupState } from '@maru/rules';
import type { Reader, Store } from '@maru/store';
import { tenantDatabase, tenantOfName } from '../tenants/places.ts';
import { type RuleWiring, type RunningRules, startRules } from './rules.ts';

/** Rules of every tenant that has some. */
export interface AllRules {
  readonly statesOf: (tenant: string) => readonly GroupState[];
  readonly close: () => Promise<void>;
}

type SharedWiring = Omit<RuleWiring, 'reader'>;

/**
 * Starts the rules of the first tenant and those of each other, over its database alone; what they make comes in as that tenant's.
 * Rejects when a file of them is wrong.
 */
export async function startAllRules({
  store,
  ...wiring
}: SharedWiring & { readonly store: Store }): Promise<AllRules> {
  const running = new Map<string, RunningRules>();
  const start = async (tenant: string, files: readonly string[]): Promise<void> => {
    const reader = await readerOf(store, tenant);
    const own = tenant === '' ? wiring : ofTenant(wiring, tenant);
    running.set(tenant, await startRules({ ...own, reader, settings: { ...wiring.settings, files } }));
  };
  const close = async (): Promise<void> => {
    for (const rules of running.values()) await rules.close();
  };
  const byTenant = Object.entries(wiring.settings.tenantFiles).map(
    ([name, files]) => [tenantOfName(name) ?? name, files] as const,
  );
  const ofFirst = byTenant.flatMap(([tenant, files]) => (tenant === '' ? files : []));
  try {
    await start('', [...wiring.settings.files, ...ofFirst]);
    for (const [tenant, files] of byTenant) if (tenant !== '') await start(tenant, files);
  } catch (error) {
    await close();
    throw error;
  }
  return { statesOf: (tenant) => running.get(tenant)?.states() ?? [], close };
}

async function readerOf(store: Store, tenant: string): Promise<Reader> {
  const name = tenantDatabase(tenant);
  return name === undefined ? store.reader : (await store.database(name)).reader;
}

function ofTenant(wiring: SharedWiring, tenant: string): SharedWiring {
  const { door, report } = wiring;
  return {
    ...wiring,
    door: { ...door, headers: { ...door.headers, 'x-scope-orgid': tenant } },
    report: (sentence: string) => report(`tenant ${tenant}: ${sentence}`),
  };
}
