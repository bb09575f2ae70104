import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import pino, { type Logger } from 'pino';
import { PasswordHasher } from './accounts/passwords.ts';
import { sweepSessions } from './accounts/sessions.ts';
import { findUser, putAdmin } from './accounts/users.ts';
import { parseDatabaseUrl } from './database/address.ts';
import { Database } from './database/database.ts';
import { readMigrations } from './database/migrate.ts';
import type { Queries } from './database/pool.ts';
import { FaultBoard } from './faults/board.ts';
import type { FaultName } from './faults/catalogue.ts';
import { cpuBusy } from './faults/cpu-busy.ts';
import type { Drill } from './faults/drill.ts';
import { logFlood } from './faults/log-flood.ts';
import { memoryLeak } from './faults/memory-leak.ts';
import { poolExhausted } from './faults/pool-exhausted.ts';
import { telemetryLost } from './faults/telemetry-lost.ts';
import { buildApp } from './http/app.ts';
import type { Settings } from './settings.ts';
import type { Telemetry } from './telemetry/start.ts';

const adminName = 'admin';
const sweepMillis = 10 * 60_000;
/** Bounds of an orderly end; together below the 5 s in which `maru up` ends its children. */
const drainMillis = 1_500;
const flushMillis = 3_000;

/** Starts the application and returns when it listens. It ends the process itself on SIGTERM or SIGINT. */
export async function serve(settings: Settings, telemetry: Telemetry): Promise<void> {
  const log = pino({ base: null });
  const address = parseDatabaseUrl(settings.databaseUrl);
  const migrations = await readMigrations();
  const database = new Database(address, log);
  const hasher = new PasswordHasher();
  const faults = new FaultBoard(drills(database, telemetry, log), log);
  const app = buildApp({ database, faults, hasher, log, trustedProxies: settings.trustedProxies });
  database.start(migrations, (queries) => prepareAdmin(queries, hasher, settings.adminPassword));
  const sweeper = setInterval(() => void sweep(database, log), sweepMillis);
  await app.listen({ host: settings.host, port: settings.port });
  announce(app, telemetry);
  endOnSignal(log, async () => {
    clearInterval(sweeper);
    await Promise.race([app.close(), pause(drainMillis)]);
    await faults.close();
    await Promise.race([database.close(), pause(500)]);
    await telemetry.shutdown(flushMillis);
  });
}

function drills(database: Database, telemetry: Telemetry, log: Logger): Map<FaultName, Drill> {
  return new Map<FaultName, Drill>([
    ['pool-exhausted', poolExhausted(database)],
    ['memory-leak', memoryLeak()],
    ['cpu-busy', cpuBusy()],
    ['log-flood', logFlood(log)],
    ['telemetry-stopped', telemetryLost(telemetry, 'stopped', log)],
    ['telemetry-wrong-endpoint', telemetryLost(telemetry, 'wrong-endpoint', log)],
  ]);
}

/** The admin's password is what the environment says now, also when an earlier start had another. */
async function prepareAdmin(queries: Queries, hasher: PasswordHasher, password: string): Promise<void> {
  const found = await findUser(queries, adminName);
  if (found?.user.isAdmin && (await hasher.verify(password, found.passwordHash))) return;
  await putAdmin(queries, adminName, await hasher.hash(password));
}

async function sweep(database: Database, log: Logger): Promise<void> {
  try {
    const deleted = await sweepSessions(database.queries);
    log.info({ deleted }, 'expired sessions swept');
  } catch {
    // The database is away; the next sweep finds the same sessions.
  }
}

function announce(app: FastifyInstance, telemetry: Telemetry): void {
  for (const { service, signal, target } of telemetry.destinations)
    console.log(`${service}: ${signal} → ${target}`);
  console.log(`${telemetry.destinations[0]?.service}: listening on ${app.listeningOrigin}`);
}

/** Ends in order on the first signal and at once on the second. */
function endOnSignal(log: Logger, end: () => Promise<void>): void {
  let ending = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (ending) process.exit(1);
    ending = true;
    log.info({ signal }, 'ending');
    end().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
