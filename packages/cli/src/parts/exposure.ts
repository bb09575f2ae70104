import { type IngestKey, readConfiguredKeys, readKeys } from '@maru/server/keys';
import type { ConfiguredKey } from '@maru/server/settings';
import { messageOf, UserError } from '../user-error.ts';

/** Where the stack is going to listen, and whether somebody said that this is meant. */
export interface Exposure {
  readonly dataDir: string;
  /** Address of the OTLP doors. */
  readonly host: string;
  /** Address of the console and the query APIs. */
  readonly consoleHost: string;
  /** The keys of the configuration. */
  readonly keys: readonly ConfiguredKey[];
  /** Every client must show a certificate (`--tls-client-ca`), on each of the ports. */
  readonly clientCertificates: boolean;
  /** `--insecure` was given. */
  readonly insecure: boolean;
}

/**
 * Says what others can do without a key, a sentence each; nothing when all is on loopback or asks for one. Throws a
 * `UserError` when there is something to say and `--insecure` was not given, and when a key of the configuration cannot be used.
 */
export async function checkExposure(exposure: Exposure): Promise<readonly string[]> {
  const { host, consoleHost, clientCertificates, insecure } = exposure;
  const keys = await allKeys(exposure);
  if (clientCertificates) return [];
  const asksSenders = isLoopback(host) || keys.some(({ signals }) => signals.length > 0);
  const asksReaders = isLoopback(consoleHost) || keys.some(({ reads }) => reads === true);
  if (!asksSenders && !insecure) throw new UserError(withoutKey(host));
  if (!asksReaders && !insecure) throw new UserError(openConsole(consoleHost));
  return [
    ...(asksSenders ? [] : [`--insecure: whoever reaches the OTLP ports on ${host} may send, without a key`]),
    ...(asksReaders
      ? []
      : [
          `--insecure: whoever reaches the console and the query APIs on ${consoleHost} may read everything that is kept`,
        ]),
  ];
}

async function allKeys({ dataDir, keys }: Exposure): Promise<readonly IngestKey[]> {
  try {
    return [...((await readKeys(dataDir)) ?? []), ...(await readConfiguredKeys(keys))];
  } catch (error) {
    throw new UserError(messageOf(error));
  }
}

/** Whether an address can be reached from this machine alone. */
function isLoopback(host: string): boolean {
  return /^(127(\.\d{1,3}){3}|::1|localhost)$/.test(host);
}

function withoutKey(host: string): string {
  return (
    `--host ${host} would let everybody who reaches it send, as there is no ingest key: make one with ` +
    './maru key create NAME, ask for certificates with --tls-client-ca FILE, or pass --insecure if that is meant'
  );
}

function openConsole(host: string): string {
  return (
    `--host-console ${host} would let everybody who reaches it read everything, as there is no key that reads: make one with ` +
    './maru key create NAME --read, ask for certificates with --tls-client-ca FILE, or pass --insecure if that is meant'
  );
}
