import { once } from 'node:events';
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { issueCertificate } from '@maru/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { canBox } from './box.ts';
import { environmentOf, freePort, type Running, renderedContainer, start } from './container.ts';
import { mountedFiles } from './mounted-files.ts';
import type { Probe } from './objects.ts';
import { repository } from './repository.ts';

const patience = { timeout: 60_000, interval: 200 };

const keys = {
  'maru-keys/board': 'a-key-that-the-board-shows',
  'maru-keys/console': 'a-key-that-people-show',
};
const withKey = {
  'content-type': 'application/json',
  authorization: `Bearer ${keys['maru-keys/board']}`,
};

let running: Running | undefined;
let files: string;

beforeEach(() => {
  files = mkdtempSync(join(tmpdir(), 'maru-files-'));
  chmodSync(files, 0o755);
});
afterEach(() => {
  running?.child.kill('SIGKILL');
  running = undefined;
  rmSync(files, { recursive: true });
});

/** Asks until a probe gets this status; what the program said stands in the error when it never does. */
async function expectProbe(probe: Probe | undefined, port: number, status: number): Promise<void> {
  const scheme = (probe?.httpGet?.scheme ?? 'HTTP').toLowerCase();
  const address = `${scheme}://127.0.0.1:${port}${probe?.httpGet?.path}`;
  // The kubelet does not check certificates.
  const ask = (): Promise<number> =>
    scheme === 'https'
      ? statusOf(address, { rejectUnauthorized: false })
      : fetch(address).then((answer) => answer.status);
  const deadline = performance.now() + 60_000;
  let last = 'nothing';
  while (performance.now() < deadline && running?.child.exitCode === null) {
    last = await ask().then(String, String);
    if (last === String(status)) return;
    await delay(100);
  }
  throw new Error(`${address} answered ${last}, not ${status}; the program said:\n${running?.output()}`);
}

/** Sends SIGTERM as the kubelet does; gives the exit code. */
async function end(): Promise<number | null> {
  if (running === undefined) throw new Error('nothing runs');
  const ended = once(running.child, 'exit');
  running.child.kill('SIGTERM');
  await ended;
  return running.child.exitCode;
}

describe.skipIf(!canBox)('in a restricted container (needs root on Linux), with its own environment', () => {
  it('the API is alive but not ready while MariaDB is away, and ends in order', {
    timeout: 120_000,
  }, async () => {
    const rendered = renderedContainer('api');
    const port = await freePort();
    const environment = {
      ...environmentOf(rendered),
      HOST: '127.0.0.1',
      PORT: String(port),
      BOARD_DATABASE_URL: 'mysql://board:secret@127.0.0.1:1/board',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
    };
    running = start('board-api', [], environment);
    await expectProbe(rendered.container.startupProbe, port, 200);
    await expectProbe(rendered.container.livenessProbe, port, 200);
    await expectProbe(rendered.container.readinessProbe, port, 503);
    const info: unknown = await (await fetch(`http://127.0.0.1:${port}/api/info`)).json();
    expect(info).toMatchObject({ service: 'board-api', pod: 'stand-in', node: 'stand-in' });
    expect(await end()).toBe(0);
  });

  it('the API refuses to start with the well-known password', { timeout: 120_000 }, async () => {
    const environment = { ...environmentOf(renderedContainer('api')), BOARD_ADMIN_PASSWORD: 'admin' };
    running = start('board-api', [], environment);
    await once(running.child, 'close');
    expect(running.child.exitCode).toBe(1);
    expect(running.output()).toContain('set BOARD_ADMIN_PASSWORD');
  });

  // The web server serves what was built; ./maru up and the tests of the whole system build it.
  it.skipIf(!existsSync(`${repository}/board/web/dist/index.html`))(
    'the web server answers its probes (needs board/web built)',
    { timeout: 120_000 },
    async () => {
      const { container, ...rest } = renderedContainer('web');
      const port = await freePort();
      const environment = environmentOf({ container, ...rest });
      running = start('board-web', [], {
        ...environment,
        HOST: '127.0.0.1',
        PORT: String(port),
      });
      for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe])
        await expectProbe(probe, port, 200);
      expect(await end()).toBe(0);
    },
  );

  it('Maru answers its probes, takes telemetry and ends in order', { timeout: 120_000 }, async () => {
    const rendered = renderedContainer('maru');
    const { container } = rendered;
    const [http, otlpHttp, otlpGrpc] = await Promise.all([freePort(), freePort(), freePort()]);
    // The address stays: whether Maru listens there is for it to say.
    const ports = ['--port-console', http, '--port-otlp-http', otlpHttp, '--port-otlp-grpc', otlpGrpc];
    running = start('maru', [...(container.args ?? []), ...ports.map(String)], environmentOf(rendered), {
      binds: mountedFiles(rendered, keys, files),
    });
    for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe])
      await expectProbe(probe, http, 200);
    const send = async (headers: Readonly<Record<string, string>>): Promise<number> => {
      const url = `http://127.0.0.1:${otlpHttp}/v1/traces`;
      return (await fetch(url, { method: 'POST', headers, body: '{"resourceSpans":[]}' })).status;
    };
    // Readiness is the engine's; the doors are another process's, which may take a moment longer.
    await vi.waitFor(async () => expect(await send(withKey)).toBe(200), patience);
    expect(await send({ 'content-type': 'application/json' })).toBe(401);
    expect(await end()).toBe(0);
  });

  it('Maru with TLS answers its probes, and a sender that trusts the authority', {
    timeout: 120_000,
  }, async () => {
    const secret = tlsSecret();
    const rendered = renderedContainer('maru', '-aks-tls');
    const { container } = rendered;
    const [http, otlpHttp, otlpGrpc] = await Promise.all([freePort(), freePort(), freePort()]);
    const ports = ['--port-console', http, '--port-otlp-http', otlpHttp, '--port-otlp-grpc', otlpGrpc];
    const args = [...(container.args ?? []), ...ports.map(String)];
    const binds = { ...mountedFiles(rendered, keys, files), '/tls': secret };
    running = start('maru', args, environmentOf(rendered), { binds });
    for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe])
      await expectProbe(probe, http, 200);
    const ca = readFileSync(join(secret, 'tls.crt'));
    const send = (options: https.RequestOptions): Promise<number> =>
      statusOf(`https://localhost:${otlpHttp}/v1/traces`, { method: 'POST', ...options });
    await vi.waitFor(async () => expect(await send({ ca, headers: withKey })).toBe(200), patience);
    await expect(send({ headers: withKey })).rejects.toThrow(/self-signed certificate/);
    expect(await end()).toBe(0);
    rmSync(secret, { recursive: true });
  });
});

/** The Secret as the kubelet puts it into the pod: for the pod's group to read, and nobody else. */
function tlsSecret(): string {
  const folder = mkdtempSync(join(tmpdir(), 'maru-tls-'));
  const { certPath, keyPath } = issueCertificate(folder, 'maru');
  renameSync(certPath, join(folder, 'tls.crt'));
  renameSync(keyPath, join(folder, 'tls.key'));
  chmodSync(folder, 0o755);
  for (const name of ['tls.crt', 'tls.key']) {
    chownSync(join(folder, name), 0, 10001);
    chmodSync(join(folder, name), 0o440);
  }
  return folder;
}

/** The status of an answer over TLS; a body for what is sent. */
function statusOf(url: string, options: https.RequestOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = https.request(url, options, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    request.once('error', reject);
    request.end(options.method === 'POST' ? '{"resourceSpans":[]}' : undefined);
  });
}
