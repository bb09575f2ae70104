import { once } from 'node:events';
import type { Server } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Files, readFiles } from './files.ts';
import { webServer } from './server.ts';
import { readSettings, SettingsError } from './settings.ts';

const built = fileURLToPath(new URL('../dist', import.meta.url));
const drainMillis = 1_500;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const server = webServer(settings, readBuilt());
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : settings.port;
  console.log(`board-web: browsers' telemetry → ${withoutCredentials(settings.otlpUrl)}`);
  console.log(`board-web: /api/ → ${withoutCredentials(settings.apiUrl)}`);
  console.log(`board-web: listening on http://${settings.host}:${port}`);
  endOnSignal(server);
}

function readBuilt(): Files {
  try {
    return readFiles(built);
  } catch {
    throw new SettingsError('the front end is not built: run "npm run build -w @maru/board-web" first');
  }
}

function withoutCredentials(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname === '/' ? '' : url.pathname}`;
}

/** Lets requests in flight end, for a bounded time; a second signal ends at once. */
function endOnSignal(server: Server): void {
  let ending = false;
  const onSignal = (): void => {
    if (ending) process.exit(1);
    ending = true;
    server.close(() => process.exit(0));
    server.closeIdleConnections();
    setTimeout(() => process.exit(0), drainMillis);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

try {
  await main();
} catch (error) {
  console.error(`board-web: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
