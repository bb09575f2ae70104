import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { certificateFor } from '../testing/certificate.ts';
import { type Running, serveHttp } from '../testing/servers.ts';
import { examineImage, type ImageReport } from './examine-image.ts';
import { referenceOf } from './reference.ts';

const running: Running[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

const certificate = certificateFor('hw.azurecr.test');
const config = '{"os":"linux","architecture":"amd64"}';

/** Answers as Azure's registry does: a token server of its own that takes the refresh token by POST. */
async function startAzureRegistry(): Promise<number> {
  const server = await serveHttp(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const form = new URLSearchParams(Buffer.concat(parts).toString());
    const isAllowed = request.headers.authorization === 'Bearer access-token';
    if (request.url === '/oauth2/token' && request.method === 'POST') {
      const isRight =
        form.get('grant_type') === 'refresh_token' &&
        form.get('refresh_token') === 'refresh-token' &&
        form.get('service') === 'hw.azurecr.test' &&
        form.get('scope') === 'repository:board/api:pull';
      response.writeHead(isRight ? 200 : 401).end(isRight ? '{"access_token":"access-token"}' : '');
    } else if (request.url === '/v2/') response.writeHead(401).end();
    else if (!isAllowed) {
      const challenge =
        'Bearer realm="https://hw.azurecr.test/oauth2/token",service="hw.azurecr.test",scope="repository:board/api:pull"';
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    } else if (request.url?.includes('/blobs/')) response.end(config);
    else response.end('{"config":{"digest":"sha256:1"}}');
  }, certificate);
  running.push(server);
  return server.port;
}

/** A proxy that leads every name to one port, as that of a company leads to the outside. */
async function startProxy(port: number): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const tunnels = new Set<Duplex>();
  const proxy = createServer((_, response) => response.writeHead(405).end());
  proxy.on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [onward, socket]) {
      tunnels.add(end);
      end.on('error', () => undefined);
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const { port: own } = proxy.address() as AddressInfo;
  running.push({
    port: own,
    close: () =>
      new Promise((resolve) => {
        proxy.close(() => resolve());
        for (const tunnel of tunnels) tunnel.destroy();
      }),
  });
  return { url: `http://127.0.0.1:${own}`, asked };
}

function examine(proxyEnv: NodeJS.ProcessEnv, identityToken: string): Promise<ImageReport> {
  const image = referenceOf('hw.azurecr.test/board/api:1.2.0');
  if (image === undefined) throw new Error('that is an image’s name');
  const credentials = { basic: '', identityToken };
  return examineImage({ image, timeoutMs: 5_000, ca: certificate.cert, proxyEnv, credentials });
}

describe('Azure’s registry through a company’s proxy', () => {
  it('is read with the refresh token that az acr login left', async () => {
    const proxy = await startProxy(await startAzureRegistry());
    const report = await examine({ HTTPS_PROXY: proxy.url }, 'refresh-token');
    expect(report).toMatchObject({ status: 'healthy', platforms: ['linux/amd64'] });
    expect(new Set(proxy.asked)).toEqual(new Set(['hw.azurecr.test:443']));
  });

  it('wants a login when the token has expired, and the report does not hold it', async () => {
    const proxy = await startProxy(await startAzureRegistry());
    const report = await examine({ HTTPS_PROXY: proxy.url }, 'expired-token');
    expect(report.findings.map(({ id }) => id)).toEqual(['image-unauthorized']);
    expect(JSON.stringify(report)).not.toContain('expired-token');
  });

  it('is not asked through the proxy when NO_PROXY names it', async () => {
    const proxy = await startProxy(await startAzureRegistry());
    const report = await examine({ HTTPS_PROXY: proxy.url, NO_PROXY: '.azurecr.test' }, 'refresh-token');
    expect(report.findings.map(({ id }) => id)).toEqual(['image-registry-unknown']);
    expect(proxy.asked).toEqual([]);
  });
});
