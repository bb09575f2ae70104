import { resolve } from 'node:path';
import type { TlsFiles } from '@maru/server/settings';
import type { Arguments, Flags } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { UserError } from '../user-error.ts';

/** Flags for TLS on every port of the stack. */
export const tlsFlags: Flags = {
  'tls-cert': {
    type: 'string',
    value: 'FILE',
    help: 'certificate in PEM for every port, its chain behind it; read anew when it changes',
  },
  'tls-key': { type: 'string', value: 'FILE', help: 'its key in PEM, without a passphrase' },
  'tls-client-ca': {
    type: 'string',
    value: 'FILE',
    help: 'ask every client for a certificate of this authority',
  },
};

/** The files of TLS that flags name, else those of the configuration file; undefined without them. Throws a `UserError` when one is given without the other. */
export function tlsFiles(args: Arguments, config?: TlsFiles): TlsFiles | undefined {
  const [cert, key, clientCa] = ['tls-cert', 'tls-key', 'tls-client-ca'].map((name) => textFlag(args, name));
  if (cert === undefined && key === undefined && clientCa === undefined) return config;
  if (cert === undefined || key === undefined)
    throw new UserError('TLS needs both --tls-cert FILE and --tls-key FILE', 2);
  const files = { certPath: resolve(cert), keyPath: resolve(key) };
  return clientCa === undefined ? files : { ...files, clientCaPath: resolve(clientCa) };
}
