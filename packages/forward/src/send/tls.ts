import { readFileSync } from 'node:fs';
import type { DestinationSettings } from '../settings.ts';

/** What Node's clients take. */
export interface TlsOptions {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly servername?: string;
}

/** Reads the files. Throws one sentence when one cannot be read. */
export function readTlsOptions({ name, tls }: DestinationSettings): TlsOptions {
  const read = (path: string | undefined, what: string): string | undefined => {
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`cannot read the ${what} of the destination ${name}: ${why}`);
    }
  };
  const ca = read(tls.caPath, 'authority');
  const cert = read(tls.certPath, 'certificate');
  const key = read(tls.keyPath, 'key');
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(tls.serverName !== undefined && { servername: tls.serverName }),
  };
}
