import { describeSummary, makeLoad } from './load.ts';
import { readSettings, SettingsError, usage } from './settings.ts';

async function main(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) {
    console.log(usage);
    return;
  }
  const stop = new AbortController();
  process.on('SIGTERM', () => stop.abort());
  process.on('SIGINT', () => stop.abort());
  console.log(describeSummary(await makeLoad(readSettings(args), stop.signal)));
  // Requests may still be on their way after a signal; nobody waits for them.
  process.exit(0);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  console.error(`board-load: ${message}`);
  process.exit(error instanceof SettingsError ? 2 : 1);
}
