import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { TlsMaterial } from '@maru/receive';
import type { TlsFiles } from '../settings.ts';

/** Reads the files and checks that a server can work with them now. Throws one sentence when it cannot. */
export async function readTls(files: TlsFiles, now: Date = new Date()): Promise<TlsMaterial> {
  const cert = await readPem(files.certPath, 'TLS certificate', '--tls-cert');
  const key = await readPem(files.keyPath, 'TLS key', '--tls-key');
  const certificate = parseCertificate(cert, `the TLS certificate ${files.certPath}`);
  checkDates(certificate, `the TLS certificate ${files.certPath}`, now);
  if (!certificate.checkPrivateKey(parseKey(key, files.keyPath)))
    throw new Error(
      `the TLS key ${files.keyPath} does not belong to the first certificate in ${files.certPath}: give the pair that ` +
        "was issued together, the server's own certificate first",
    );
  if (files.clientCaPath === undefined) return { cert, key };
  const clientCa = await readPem(files.clientCaPath, 'authority of client certificates', '--tls-client-ca');
  const authority = `the authority of client certificates ${files.clientCaPath}`;
  checkDates(parseCertificate(clientCa, authority), authority, now);
  return { cert, key, clientCa };
}

async function readPem(path: string, what: string, flag: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Error(
      `cannot read the ${what} ${path}: ${messageOf(error)}; give a file that this user may read with ${flag}`,
    );
  }
}

function parseCertificate(text: string, what: string): X509Certificate {
  try {
    // It takes DER too, which the server does not.
    if (!text.includes('-----BEGIN CERTIFICATE-----'))
      throw new Error('there is no "BEGIN CERTIFICATE" in it');
    return new X509Certificate(text);
  } catch (error) {
    throw new Error(`${what} is not a certificate in PEM: ${messageOf(error)}`);
  }
}

function parseKey(text: string, path: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    // What OpenSSL says here is a code at best, and the file is a secret.
    throw new Error(
      `the TLS key ${path} is not a private key in PEM without a passphrase: convert it with openssl pkey`,
    );
  }
}

function checkDates({ validFromDate, validToDate }: X509Certificate, what: string, now: Date): void {
  if (now > validToDate) throw new Error(`${what} expired on ${day(validToDate)}: renew it`);
  if (now < validFromDate)
    throw new Error(
      `${what} is valid from ${day(validFromDate)} on: check the clock of this machine, or wait`,
    );
}

function day(date: Date): string {
  return date.toISOString().slice(0, 10);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
