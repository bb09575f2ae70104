import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { type Certificate, issueCertificate, tracesRequest } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts, maru, startMaru } from '../test/maru.ts';

let dir: string;
let server: Certificate;
let client: Certificate;
let authority: Certificate;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-serve-tls-'));
  authority = issueCertificate(dir, 'authority');
  server = issueCertificate(dir, 'server', authority);
  client = issueCertificate(dir, 'client', authority);
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const pem = (path: string): Buffer => readFileSync(path);

interface Answer {
  readonly status: number | undefined;
  readonly body: string;
  /** The certificate's subject that the server showed. */
  readonly shown: string;
}

function https(url: string, shownByUs?: Certificate, body?: Uint8Array): Promise<Answer> {
  const own = shownByUs && { cert: pem(shownByUs.certPath), key: pem(shownByUs.keyPath) };
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST';
    const headers = { 'content-type': 'application/x-protobuf' };
    const options = { ca: pem(authority.certPath), agent: false, method, headers, ...own };
    const outgoing = request(url, options, (response) => {
      let text = '';
      const socket = response.socket as TLSSocket;
      const shown = socket.getPeerCertificate().subject?.CN ?? '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, body: text, shown: String(shown) }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

describe('maru serve with TLS', () => {
  it('takes and answers over TLS alone, keeps its own telemetry coming, and shows a renewed certificate', async () => {
    const [http = 0, grpc = 0, console = 0] = await freePorts(3);
    const live = { certPath: join(dir, 'live.crt'), keyPath: join(dir, 'live.key') };
    copyFileSync(server.certPath, live.certPath);
    copyFileSync(server.keyPath, live.keyPath);
    const ports = [
      '--port-otlp-http',
      `${http}`,
      '--port-otlp-grpc',
      `${grpc}`,
      '--port-console',
      `${console}`,
    ];
    const tls = [
      '--tls-cert',
      live.certPath,
      '--tls-key',
      live.keyPath,
      '--tls-client-ca',
      authority.certPath,
    ];
    // Certificates of clients are asked for on every port, so that no --insecure is needed.
    const wide = ['--host', '0.0.0.0', '--host-console', '0.0.0.0'];
    const running = startMaru(['serve', '--data', join(dir, 'data'), ...ports, ...tls, ...wide], {
      env: { MARU_NO_INSTALL: '1' },
    });
    const ready = (): Promise<number | undefined> =>
      https(`https://127.0.0.1:${console}/ready`, client).then(
        ({ status }) => status,
        () => undefined,
      );
    const ledger = async (): Promise<string> =>
      (await https(`https://127.0.0.1:${console}/api/ledger`, client)).body;
    try {
      await expect.poll(ready, { timeout: 30_000 }).toBe(200);
      const sent = await https(`https://127.0.0.1:${http}/v1/traces`, client, tracesRequest(1, 3));
      expect(sent.status).toBe(200);
      await expect(
        https(`https://127.0.0.1:${http}/v1/traces`, undefined, tracesRequest(1, 3)),
      ).rejects.toThrow();
      await expect(https(`https://127.0.0.1:${console}/ready`)).rejects.toThrow();
      await https(`https://127.0.0.1:${console}/api/v1/labels`, client);
      const services = async (): Promise<readonly string[]> =>
        Object.keys((JSON.parse(await ledger()) as { services: object }).services);
      await expect.poll(services, { timeout: 60_000 }).toContain('maru');
      copyFileSync(client.certPath, live.certPath);
      copyFileSync(client.keyPath, live.keyPath);
      const shown = async (port: number): Promise<string> =>
        (await https(`https://127.0.0.1:${port}/`, client)).shown;
      for (const port of [http, console])
        await expect.poll(() => shown(port), { timeout: 60_000 }).toBe('client');
    } finally {
      running.process.kill('SIGTERM');
      const { code, stdout } = await running.ended;
      expect(code).toBe(0);
      expect(stdout).toContain(`console and query APIs on https://127.0.0.1:${console}`);
    }
  }, 90_000);

  it.each([
    [['--tls-cert', 'x.pem'], 2, /^maru: TLS needs both --tls-cert FILE and --tls-key FILE\n$/],
    [['--tls-client-ca', 'x.pem'], 2, /^maru: TLS needs both /],
    [
      ['--tls-cert', 'x.pem', '--tls-key', 'x.pem'],
      1,
      /^maru: cannot read the TLS certificate \S+x\.pem: ENOENT.*\n$/,
    ],
  ])('%j is answered with one sentence before anything starts', async (flags, exitCode, sentence) => {
    const { code, stdout, stderr } = await maru('serve', '--data', join(dir, 'none'), ...flags);
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    expect(stderr).toMatch(sentence);
  });
});
