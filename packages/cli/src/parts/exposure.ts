import { readKeys } from '@maru/server/keys';
import { UserError } from '../user-error.ts';

/** Where the stack is going to listen, and whether somebody said that this is meant. */
export interface Exposure {
  readonly dataDir: string;
  /** Address of the OTLP doors. */
  readonly host: string;
  /** Address of the console and the query APIs. */
  readonly consoleHost: string;
  /** `--insecure` was given. */
  readonly insecure: boolean;
}

/**
 * Says what others can do without a key, a sentence each; nothing when all is on loopback or asks for one. Throws a
 * `UserError` when there is something to say and `--insecure` was not given.
 */
export async function checkExposure(exposure: Exposure): Promise<readonly string[]> {
  const { dataDir, host, consoleHost, insecure } = exposure;
  const hasKeys = isLoopback(host) || (await readKeys(dataDir)) !== undefined;
  if (!hasKeys && !insecure) throw new UserError(withoutKey(host));
  if (!isLoopback(consoleHost) && !insecure) throw new UserError(openConsole(consoleHost));
  return [
    ...(hasKeys ? [] : [`--insecure: whoever reaches the OTLP ports on ${host} may send, without a key`]),
    ...(isLoopback(consoleHost)
      ? []
      : [
          `--insecure: whoever reaches the console and the query APIs on ${consoleHost} may read everything that is kept`,
        ]),
  ];
}

/** Whether an address can be reached from this machine alone. */
export function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host);
}

function withoutKey(host: string): string {
  return (
    `--host ${host} would let everybody who reaches it send, as there is no ingest key: make one with ` +
    './maru key create NAME, or pass --insecure if that is meant'
  );
}

function openConsole(host: string): string {
  return (
    `--host-console ${host} would let everybody who reaches it read everything, as the console and the query APIs ask ` +
    'for no key yet: leave them on loopback behind a proxy that authenticates, or pass --insecure if that is meant'
  );
}
