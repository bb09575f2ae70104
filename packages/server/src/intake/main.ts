import { settingsFromEnvironment } from '../settings.ts';
import { type Intake, startIntake } from './intake.ts';

/** The intake process: it says on standard output what it does, tells its parent when it is ready, and ends on SIGTERM. */
async function main(): Promise<void> {
  const settings = settingsFromEnvironment();
  const intake = await startIntake(settings);
  for (const message of intake.messages) console.warn(`intake: ${message}`);
  endOnce(intake);
  console.log(
    `intake: OTLP/HTTP on ${settings.host}:${intake.httpPort}, OTLP/gRPC on ${settings.host}:${intake.grpcPort}`,
  );
  process.send?.({ ready: true });
}

/** Ends on a signal, and when the parent is gone: nobody would restart or stop this process then. */
function endOnce(intake: Intake): void {
  let ending = false;
  const end = (): void => {
    if (ending) return;
    ending = true;
    intake.close().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', end);
  process.on('SIGINT', end);
  process.on('disconnect', end);
}

function fail(error: unknown): never {
  console.error(`intake: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}

main().catch(fail);
