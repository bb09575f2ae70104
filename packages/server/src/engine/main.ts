/**
 * The engine process: the store, what loads it, the query APIs and the console. It may die and come back at any time;
 * the intake goes on acknowledging, and what waits in the journal is loaded then.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Serve } from '@maru/api';
import type { Store } from '@maru/store';
import { createNoopMeter } from '@opentelemetry/api';
import { IntakeLink, intakeSocketPath } from '../link/index.ts';
import { runProcess } from '../process.ts';
import { type Settings, settingsFromEnvironment } from '../settings.ts';
import { noTelemetry, startTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { openTenantEngine, TenantEngines } from '../tenants/tenant-engine.ts';
import { maruVersion } from '../version.ts';
import { type ApiParts, openApi } from './api.ts';
import { createConsole } from './console-files.ts';
import { listenForQueries, type QueryServer } from './http-server.ts';
import { openChosenStore } from './open-store.ts';
import { type OwnDoor, ownDoor } from './own-door.ts';
import { observeStack } from './own-metrics.ts';
import { Packing } from './packing.ts';
import { dropExpired } from './retention.ts';
import { promqlOf } from './rules.ts';
import { startAllRules } from './tenant-rules.ts';

const consoleDirectory = fileURLToPath(new URL('../../../console/dist', import.meta.url));
const retentionIntervalMilliseconds = 3_600_000;

await runProcess('engine', start);

async function start(): Promise<() => Promise<void>> {
  const settings = settingsFromEnvironment();
  mkdirSync(join(settings.dataDir, 'run'), { recursive: true });
  const link = new IntakeLink(intakeSocketPath(settings.dataDir));
  const door = await ownDoor(settings);
  const telemetry = await openTelemetry(settings, door);
  observeStack(telemetry.meter, () => link.ledger());
  const report = reporter(telemetry);
  const store = await openChosenStore(settings, report);
  const tenants = new TenantEngines(
    { dataDir: settings.dataDir, store, report },
    settings.tenants !== undefined,
  );
  const packing = startPacking(settings, { store, tenants }, report);
  const promql = promqlOf(settings);
  const rules = await startAllRules({ settings: settings.rules, promql, store, door, report });
  const api = await openApi(settings, { store, link, tenants, packing, rules: rules.statesOf });
  const server = await serveQueries(settings, api, telemetry);
  const own = await openTenantEngine('', { dataDir: settings.dataDir, store, report });
  const retention = keepRetention(settings, { store, tenants }, report);
  return async () => {
    clearInterval(retention);
    await server.stop();
    await rules.close();
    await packing.close();
    await own.close();
    await tenants.close();
    await telemetry.close();
    server.closeAllConnections();
    await store.close();
  };
}

async function openTelemetry(settings: Settings, door: OwnDoor): Promise<Telemetry> {
  if (!settings.selfTelemetry) return noTelemetry(createNoopMeter());
  return startTelemetry({ version: maruVersion(), ...door });
}

function serveQueries(settings: Settings, api: Serve, telemetry: Telemetry): Promise<QueryServer> {
  const console_ = createConsole(consoleDirectory);
  return listenForQueries({
    host: settings.consoleHost,
    port: settings.httpPort,
    ...(settings.tls && { tls: settings.tls }),
    api,
    console: console_,
    telemetry,
  });
}

function reporter(telemetry: Telemetry): (sentence: string) => void {
  return (sentence) => {
    console.error(sentence);
    telemetry.warn(sentence);
  };
}

function startPacking(
  { packIntervalMs }: Settings,
  { store, tenants }: Pick<ApiParts, 'store' | 'tenants'>,
  report: (sentence: string) => void,
): Packing {
  return new Packing({
    intervalMs: packIntervalMs,
    isBusy: () => store.isBusy,
    report,
    databases: async () => {
      const others = await tenants.all();
      return new Map([
        ['', store] as const,
        ...others.map(({ tenant, database }) => [tenant, database] as const),
      ]);
    },
  });
}

function keepRetention(
  settings: Settings,
  { store, tenants }: Pick<ApiParts, 'store' | 'tenants'>,
  report: (sentence: string) => void,
): NodeJS.Timeout {
  const run = (): void => {
    dropEverywhere(settings, store, tenants).then(
      (dropped) =>
        dropped.length > 0 && console.log(`dropped days past the retention: ${dropped.join(', ')}`),
      (error: unknown) => report(`cannot drop days past the retention: ${String(error)}`),
    );
  };
  setTimeout(run, 60_000).unref();
  return setInterval(run, retentionIntervalMilliseconds).unref();
}

async function dropEverywhere(
  { retentionDays }: Settings,
  store: Store,
  tenants: TenantEngines,
): Promise<readonly string[]> {
  const databases = [store, ...(await tenants.all()).map(({ database }) => database)];
  const dropped: string[] = [];
  for (const database of databases) dropped.push(...(await dropExpired(database, retentionDays, new Date())));
  return dropped;
}
