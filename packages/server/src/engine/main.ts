/**
 * The engine process: the store, what loads it, the query APIs and the console. It may die and come back at any time;
 * the intake goes on acknowledging, and what waits in the journal is loaded then.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApi } from '@maru/api';
import { type Signal, signals } from '@maru/otlp';
import type { SeriesDeletion } from '@maru/promql';
import { openStore, type Store } from '@maru/store';
import { createNoopMeter } from '@opentelemetry/api';
import { ownKey } from '../keys/own-key.ts';
import { IntakeLink, intakeSocketPath, ownOtlpSocketPath } from '../link/index.ts';
import { runProcess } from '../process.ts';
import { type Settings, settingsFromEnvironment } from '../settings.ts';
import { noTelemetry, startTelemetry, type Telemetry } from '../telemetry/telemetry.ts';
import { maruVersion } from '../version.ts';
import { createConsole } from './console-files.ts';
import { listenForQueries, type QueryServer } from './http-server.ts';
import { LoadLoop } from './load-loop.ts';
import { observeStack } from './own-metrics.ts';
import { dropExpired } from './retention.ts';

const consoleDirectory = fileURLToPath(new URL('../../../console/dist', import.meta.url));
const retentionIntervalMilliseconds = 3_600_000;

await runProcess('engine', start);

async function start(): Promise<() => Promise<void>> {
  const settings = settingsFromEnvironment();
  mkdirSync(join(settings.dataDir, 'run'), { recursive: true });
  const store = openStore({
    directory: join(settings.dataDir, 'engine'),
    memoryBytes: settings.engineMemoryBytes,
  });
  const link = new IntakeLink(intakeSocketPath(settings.dataDir));
  const telemetry = await openTelemetry(settings);
  observeStack(telemetry.meter, () => link.ledger());
  const server = await serveQueries(settings, store, link, telemetry);
  const report = reporter(telemetry);
  const loading = startLoading(settings, store, link, report);
  const retention = keepRetention(settings, store, report);
  return async () => {
    clearInterval(retention);
    await server.stop();
    await loading();
    await telemetry.close();
    server.closeAllConnections();
    await store.close();
  };
}

async function openTelemetry(settings: Settings): Promise<Telemetry> {
  if (!settings.selfTelemetry) return noTelemetry(createNoopMeter());
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host;
  const reached = settings.host === '0.0.0.0' || settings.host === '::' ? '127.0.0.1' : host;
  return startTelemetry({
    version: maruVersion(),
    endpoint: `http://${reached}:${settings.otlpHttpPort}`,
    ...(settings.tls && { socketPath: ownOtlpSocketPath(settings.dataDir) }),
    headers: { authorization: `Bearer ${await ownKey(settings.dataDir)}` },
  });
}

function serveQueries(
  settings: Settings,
  store: Store,
  link: IntakeLink,
  telemetry: Telemetry,
): Promise<QueryServer> {
  const startedUnixNano = `${Date.now()}000000`;
  const api = createApi({
    reader: store.reader,
    promql: {
      experimental: settings.promqlExperimental,
      delayedNameRemoval: settings.promqlDelayedNameRemoval,
    },
    ...(settings.adminApi && { admin: adminOf(store) }),
    ledger: () => link.ledger(),
    targets: () => link.targets(),
    metricsText: () => link.metrics(),
    ready: () => ({ ready: true }),
    status: () => ({
      version: maruVersion(),
      startedUnixNano,
      otlpHttpPort: settings.otlpHttpPort,
      otlpGrpcPort: settings.otlpGrpcPort,
    }),
    reportError: (error) => console.error(error instanceof Error ? error.message : String(error)),
  });
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

function adminOf({ write, loader }: Store): SeriesDeletion {
  return { write, deleted: () => loader.forgetSeries() };
}

function reporter(telemetry: Telemetry): (sentence: string) => void {
  return (sentence) => {
    console.error(sentence);
    telemetry.warn(sentence);
  };
}

function startLoading(
  settings: Settings,
  store: Store,
  link: IntakeLink,
  report: (sentence: string) => void,
): () => Promise<void> {
  const destination = { loader: store.loader, dataDir: settings.dataDir, report };
  const loops = new Map(signals.map((signal) => [signal, new LoadLoop(signal, link, destination)] as const));
  void followNotices(link, loops);
  return async () => {
    await Promise.all([...loops.values()].map((loop) => loop.close()));
    link.close();
  };
}

async function followNotices(link: IntakeLink, loops: ReadonlyMap<Signal, LoadLoop>): Promise<void> {
  for await (const signal of link.notices()) loops.get(signal)?.notify();
}

function keepRetention(settings: Settings, store: Store, report: (sentence: string) => void): NodeJS.Timeout {
  const run = (): void => {
    dropExpired(store, settings.retentionDays, new Date()).then(
      (dropped) =>
        dropped.length > 0 && console.log(`dropped days past the retention: ${dropped.join(', ')}`),
      (error: unknown) => report(`cannot drop days past the retention: ${String(error)}`),
    );
  };
  setTimeout(run, 60_000).unref();
  return setInterval(run, retentionIntervalMilliseconds).unref();
}
