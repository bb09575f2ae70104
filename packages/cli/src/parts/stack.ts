import { type Settings, settingsVariable, type TlsFiles } from '@maru/server/settings';
import type { ChildSpec, Supervisor, TerminalLines } from '@maru/server/supervise';
import type { FileSettings } from './config-file.ts';
import type { StackHosts, StackPorts } from './flags.ts';
import { nodeChild } from './node-child.ts';

/**
 * Threads of libuv's pool for the engine's process. A running query takes one, and the journal's files share them:
 * with the usual four, four long queries held a file read up for 12 s.
 */
const engineThreads = '24';

/** @param config what the configuration file says; hosts, ports and TLS have been resolved against it */
export function stackSettings(
  config: FileSettings,
  dataDir: string,
  { host, consoleHost }: StackHosts,
  ports: StackPorts,
  tls?: TlsFiles,
): Settings {
  return {
    ...config,
    dataDir,
    host,
    consoleHost,
    httpPort: ports.console,
    otlpHttpPort: ports.otlpHttp,
    otlpGrpcPort: ports.otlpGrpc,
    ...(tls && { tls }),
  };
}

/**
 * Starts both processes side by side; resolves when both are ready. Intake is named first, so that it is stopped last
 * and takes the engine's own last telemetry.
 */
export async function startStackChildren(
  supervisor: Supervisor,
  settings: Settings,
  terminal: TerminalLines,
): Promise<void> {
  await Promise.all([
    supervisor.start(intake(settings, terminal)),
    supervisor.start(engine(settings, terminal)),
  ]);
}

/** The engine: chDB, the loader, the query APIs and the console. */
function engine(settings: Settings, terminal: TerminalLines): ChildSpec {
  return nodeChild({
    name: 'engine',
    program: 'packages/server/src/engine/main.ts',
    env: { ...stackEnvironment(settings), UV_THREADPOOL_SIZE: engineThreads },
    readiness: { kind: 'ipc' },
    terminal,
  });
}

/** Intake: the OTLP doors and the journal. */
function intake(settings: Settings, terminal: TerminalLines): ChildSpec {
  return nodeChild({
    name: 'intake',
    program: 'packages/server/src/intake/main.ts',
    env: stackEnvironment(settings),
    readiness: { kind: 'ipc' },
    terminal,
  });
}

function stackEnvironment(settings: Settings): Record<string, string> {
  return { [settingsVariable]: JSON.stringify(settings) };
}
