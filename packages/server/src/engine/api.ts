import { once } from 'node:events';
import { createApi, type DoctorResponse, doubledLately, type Serve } from '@maru/api';
import { emptySnapshot, ledgerReport } from '@maru/ledger';
import type { SeriesDeletion } from '@maru/promql';
import { createQueryCapacity, type QueryCapacity } from '@maru/query-core';
import type { GroupState } from '@maru/rules';
import type { Database, Reader, Store } from '@maru/store';
import { KeyCheck } from '../keys/key-check.ts';
import type { IntakeLink } from '../link/index.ts';
import { Session } from '../session/session.ts';
import type { Settings } from '../settings.ts';
import type { TenantEngines } from '../tenants/tenant-engine.ts';
import { createTenantServe } from '../tenants/tenant-serve.ts';
import { maruVersion } from '../version.ts';
import { type Packing, packingText } from './packing.ts';
import { promqlOf } from './rules.ts';

/** What an API is made over. */
export interface ApiParts {
  readonly store: Store;
  readonly link: IntakeLink;
  readonly tenants: TenantEngines;
  readonly packing: Packing;
  /** The rules of a tenant. */
  readonly rules: (tenant: string) => readonly GroupState[];
}

/** The API, which asks for a key where there are any that read, and with tenants gives each request to its tenant's. */
export async function openApi(
  settings: Settings,
  { store, link, tenants, packing, rules }: ApiParts,
): Promise<Serve> {
  const doctor = operatorDoctor(settings, link, store.reader);
  const capacity = createQueryCapacity(settings.query);
  const ownApi = apiOver({ settings, capacity }, store, link, { doctor, packing, rules: () => rules('') });
  const keys = await KeyCheck.open(settings);
  const apis = new Map<string, Promise<Serve>>();
  const once = (name: string, make: () => Promise<Serve>): Promise<Serve> => {
    const made = apis.get(name) ?? make();
    apis.set(name, made);
    made.catch(() => apis.delete(name));
    return made;
  };
  return createTenantServe({
    keys,
    session: new Session(keys, settings.tls !== undefined),
    engines: tenants,
    ownApi,
    emptyApi: () =>
      once('', async () => apiOver({ settings, capacity }, await store.database('tenant'), noBooks)),
    apiOf: (tenant) =>
      once(tenant, async () => {
        const engine = await tenants.get(tenant);
        if (engine === undefined) throw new Error(`tenant ${tenant} is away`);
        return apiOver({ settings, capacity }, engine.database, engine.link, { rules: () => rules(tenant) });
      }),
  });
}

/** What an API asks of a tenant's books. */
type ApiBooks = Pick<IntakeLink, 'ledger' | 'targets' | 'metrics' | 'follow'>;

const emptyBooks = ledgerReport(emptySnapshot, { traces: 0, metrics: 0, logs: 0 }, 0);
const noBooks: ApiBooks = {
  ledger: async () => emptyBooks,
  targets: async () => ({ activeTargets: [], droppedTargets: [], droppedTargetCounts: {} }),
  metrics: async () => '',
  follow: (_, stop) => Promise.resolve(silence(stop)),
};

/** Nothing, until the follower goes. */
async function* silence(stop: AbortSignal): AsyncGenerator<never, void, undefined> {
  if (!stop.aborted) await once(stop, 'abort');
  yield* [];
}

const startedUnixNano = `${Date.now()}000000`;

/** What the operator's own API and those of tenants have beside their data. */
type OwnParts = Partial<Pick<ApiParts, 'packing'>> & {
  readonly rules?: () => readonly GroupState[];
  readonly doctor?: Doctor;
};

/** What all APIs of the process have in common: a tenant's queries wait for those of others. */
interface CommonParts {
  readonly settings: Settings;
  readonly capacity: QueryCapacity;
}

function apiOver(
  { settings, capacity }: CommonParts,
  database: Database,
  books: ApiBooks,
  own: OwnParts = {},
): Serve {
  const { packing, rules, doctor = tenantDoctor(books) } = own;
  return createApi({
    reader: database.reader,
    promql: promqlOf(settings),
    capacity,
    ...(rules && { rules }),
    ...(settings.adminApi && { admin: adminOf(database) }),
    ledger: () => books.ledger(),
    targets: () => books.targets(),
    follow: (signal, stop) => books.follow(signal, stop),
    doctor: () => doctor(),
    metricsText: async () =>
      (await books.metrics()) + (packing === undefined ? '' : packingText(packing.totals)),
    ready: () => database.health(),
    status: () => ({
      version: maruVersion(),
      startedUnixNano,
      otlpHttpPort: settings.otlpHttpPort,
      otlpGrpcPort: settings.otlpGrpcPort,
    }),
    reportError: (error) => console.error(error instanceof Error ? error.message : String(error)),
  });
}

function adminOf({ deleteRows, deleteNumbers, loader }: Database): SeriesDeletion {
  return { deleteRows, deleteNumbers, deleted: () => loader.forgetSeries() };
}

type Doctor = () => Promise<DoctorResponse>;

/** Its rules are loaded when somebody first asks: a stack whose page nobody opens does without them. */
const loadDoctors = (): Promise<typeof import('./doctor.ts')> => import('./doctor.ts');

/** Looks at the machine and the cluster too, which are the operator's. */
function operatorDoctor({ dataDir }: Settings, books: ApiBooks, reader: Reader): Doctor {
  let made: Promise<Doctor> | undefined;
  return async () => {
    made ??= loadDoctors().then(({ createDoctor }) =>
      createDoctor(
        () => books.ledger(),
        () => doubledLately(reader),
        dataDir,
      ),
    );
    return (await made)();
  };
}

/** A tenant is told of its own telemetry, and of nothing else on the machine. */
function tenantDoctor(books: ApiBooks): Doctor {
  return async () => (await loadDoctors()).ofLedger(await books.ledger());
}
