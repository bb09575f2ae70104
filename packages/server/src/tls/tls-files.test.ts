import {
  chmodSync,
  copyFileSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Certificate, issueCertificate } from '@maru/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { handshakeReport } from './handshake-report.ts';
import { TlsRenewal } from './renewal.ts';
import { readTls } from './tls-files.ts';

let directory: string;
let one: Certificate;
let two: Certificate;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-tls-files-'));
  one = issueCertificate(directory, 'one');
  two = issueCertificate(directory, 'two');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const text = (path: string): string => readFileSync(path, 'utf8');

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

test('a pair and an authority are read as they are', async () => {
  const material = await readTls({ ...one, clientCaPath: two.certPath });
  expect(material).toEqual({
    cert: text(one.certPath),
    key: text(one.keyPath),
    clientCa: text(two.certPath),
  });
});

test('missing and unreadable files are named with their flag', async () => {
  const missing = join(directory, 'missing.pem');
  await expect(readTls({ ...one, certPath: missing })).rejects.toThrow(
    /^cannot read the TLS certificate \S+missing\.pem: ENOENT.*; give a file that this user may read with --tls-cert$/,
  );
  await expect(readTls({ ...one, keyPath: directory })).rejects.toThrow(
    /^cannot read the TLS key \S+: EISDIR.*--tls-key$/,
  );
  await expect(readTls({ ...one, clientCaPath: missing })).rejects.toThrow(
    /^cannot read the authority of client certificates .*--tls-client-ca$/,
  );
});

test.runIf(process.getuid?.() !== 0)('a file that this user may not read is named', async () => {
  const keyPath = file('secret.key', text(one.keyPath));
  chmodSync(keyPath, 0);
  await expect(readTls({ ...one, keyPath })).rejects.toThrow(/^cannot read the TLS key .*EACCES/);
});

test('what is no PEM is refused, and a key is never quoted', async () => {
  const noise = file('noise.pem', 'a secret that is no PEM');
  await expect(readTls({ ...one, certPath: noise })).rejects.toThrow(
    /noise\.pem is not a certificate in PEM: /,
  );
  await expect(readTls({ ...one, certPath: one.keyPath })).rejects.toThrow('is not a certificate in PEM');
  await expect(readTls({ ...one, clientCaPath: noise })).rejects.toThrow('is not a certificate in PEM');
  await expect(readTls({ ...one, keyPath: noise })).rejects.toThrow(
    `the TLS key ${noise} is not a private key in PEM without a passphrase: convert it with openssl pkey`,
  );
});

test('a key of another certificate is refused', async () => {
  await expect(readTls({ ...one, keyPath: two.keyPath })).rejects.toThrow(
    /^the TLS key \S+two\.key does not belong to the first certificate in \S+one\.crt: /,
  );
});

test('certificates outside their time are refused, those of the authority too', async () => {
  const later = new Date(Date.now() + 3 * 86_400_000);
  const earlier = new Date(Date.now() - 86_400_000);
  await expect(readTls(one, later)).rejects.toThrow(/one\.crt expired on \d{4}-\d\d-\d\d: renew it$/);
  await expect(readTls(one, earlier)).rejects.toThrow(
    /one\.crt is valid from \d{4}-\d\d-\d\d on: check the clock/,
  );
});

/** At once, as whoever renews certificates does; while a copy is under way half a file may be read, which is told, too. */
function put(source: string, path: string): void {
  copyFileSync(source, `${path}.new`);
  renameSync(`${path}.new`, path);
}

test('files are handed over when they change, and not while they do not fit together', async () => {
  const files = {
    certPath: file('live.crt', text(one.certPath)),
    keyPath: file('live.key', text(one.keyPath)),
  };
  const shown: string[] = [];
  const said: string[] = [];
  const { material, renewal } = await TlsRenewal.start(files, {
    renewed: ({ cert }) => shown.push(cert),
    say: (sentence) => said.push(sentence),
    intervalMs: 10,
  });
  try {
    expect(material.cert).toBe(text(one.certPath));
    put(two.certPath, files.certPath);
    await expect
      .poll(() => said)
      .toEqual([expect.stringMatching(/^the former TLS certificate stays in use: .*does not belong/)]);
    expect(shown).toEqual([]);
    put(two.keyPath, files.keyPath);
    await expect.poll(() => shown).toEqual([text(two.certPath)]);
    await expect.poll(() => said.at(-1)).toBe(`the TLS certificate ${files.certPath} was read anew`);
  } finally {
    await renewal.close();
  }
});

test('failed handshakes are told once a minute, with their number', () => {
  const said: string[] = [];
  let now = 0;
  const failed = handshakeReport(
    (sentence) => said.push(sentence),
    () => now,
  );
  const plain = Object.assign(new Error('http request'), { code: 'ERR_SSL_HTTP_REQUEST' });
  failed(plain);
  failed(plain);
  failed(plain);
  now = 60_000;
  failed(Object.assign(new Error('x'), { code: 'ERR_SSL_UNSUPPORTED_PROTOCOL' }));
  expect(said).toEqual([
    'a client could not be given a TLS connection: it spoke plain HTTP; the port takes https:// alone',
    'a client could not be given a TLS connection: unsupported protocol (3 times since the last such line)',
  ]);
});
