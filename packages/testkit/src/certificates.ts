import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The PEM files of a certificate and its key. */
export interface Certificate {
  readonly certPath: string;
  readonly keyPath: string;
}

/**
 * Makes a certificate for localhost and 127.0.0.1 with the machine's `openssl`, valid for two days: of an authority, or of
 * itself, and then fit to be an authority. `name` is its subject and the name of its files.
 */
export function issueCertificate(directory: string, name: string, authority?: Certificate): Certificate {
  const certPath = join(directory, `${name}.crt`);
  const keyPath = join(directory, `${name}.key`);
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyPath];
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
  const issuer =
    authority === undefined
      ? []
      : ['-CA', authority.certPath, '-CAkey', authority.keyPath, '-addext', 'basicConstraints=CA:FALSE'];
  const args = ['req', '-x509', '-days', '2', '-out', certPath, ...key, ...names, ...issuer];
  execFileSync('openssl', args, { stdio: ['ignore', 'ignore', 'pipe'] });
  return { certPath, keyPath };
}
