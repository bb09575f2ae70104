import { setFlagsFromString } from 'node:v8';
import { settingsFromEnvironment } from '../settings.ts';
import { type Intake, startIntake } from './intake.ts';

/**
 * Bodies of requests are memory outside of V8's heap, tens of MB a second of it, and V8 answers to that by marking a heap of 18 MB
 * several times a second, in threads of its own. Without those threads, and with a limit that counts both kinds of memory and
 * lets their sum double, spans and what is sent on take a third less CPU (docs/decisions/0011). Here and not on the command
 * line, where a flag that a later Node does not know would keep the process from starting.
 */
const v8Flags = [
  '--no-concurrent-marking',
  '--external-memory-accounted-in-global-limit',
  '--heap-growing-percent=100',
];

/** The intake process: it says on standard output what it does, tells its parent when it is ready, and ends on SIGTERM. */
async function main(): Promise<void> {
  for (const flag of v8Flags) setFlagsFromString(flag);
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
