import { readSettings, SettingsError } from './settings.ts';
import { startTelemetry } from './telemetry/start.ts';

/**
 * Start order: settings, telemetry, application. The application is imported only after telemetry has hooked
 * module loading: mysql2, pino, Fastify and node:http must not be loaded before their instrumentations.
 */
async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const telemetry = startTelemetry(process.env);
  const { serve } = await import('./serve.ts');
  await serve(settings, telemetry);
}

try {
  await main();
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(
    error instanceof SettingsError ? `board-api: ${message}` : `board-api: cannot start: ${message}`,
  );
  process.exit(1);
}
