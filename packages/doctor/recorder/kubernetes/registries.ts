import { createHash } from 'node:crypto';
import { certificateFor } from '../../src/testing/certificate.ts';
import { Pusher } from '../../src/testing/push.ts';
import { serveRegistry } from '../../src/testing/registry.ts';
import { answer, type Running, serveAlways, serveHttp } from '../../src/testing/servers.ts';
import { startRegistry } from './images.ts';
import type { Mirrors } from './node.ts';

/** Registries that refuse in every way, each under a name of its own. */
export async function startRegistries(): Promise<{
  readonly mirrors: Mirrors;
  readonly close: () => Promise<void>;
}> {
  const good = await startRegistry();
  const [basic, token] = [await serveRegistry('basic'), await serveRegistry('bearer')];
  for (const { port } of [basic, token]) await new Pusher(port, 'app').image('1', { architecture: 'amd64' });
  const secure = await serveAlways(200, {}, '{}', certificateFor('certificate.example.com'));
  const refusing: Readonly<Record<string, Running>> = {
    firewall: await serveAlways(
      403,
      {},
      '{"errors":[{"code":"DENIED","message":"client with IP 20.1.2.3 is not allowed access"}]}',
    ),
    limit: await serveAlways(
      429,
      {},
      '{"errors":[{"code":"TOOMANYREQUESTS","message":"You have reached your unauthenticated pull rate limit."}]}',
    ),
    ill: await serveAlways(503),
    scope: await serveScope(),
    damaged: await serveDamaged(),
  };
  const plain = await serveAlways(200);
  const at = ({ port }: { readonly port: number }): string => `http://127.0.0.1:${port}`;
  const mirrors = {
    'hyunwoo.azurecr.io': at(good),
    'basic.example.com': at(basic),
    'token.example.com': at(token),
    ...Object.fromEntries(Object.entries(refusing).map(([name, one]) => [`${name}.example.com`, at(one)])),
    'certificate.example.com': `https://127.0.0.1:${secure.port}`,
    'plain.example.com': `https://127.0.0.1:${plain.port}`,
    'refused.example.com': 'http://127.0.0.1:9',
  };
  const all = [good, basic, token, secure, plain, ...Object.values(refusing)];
  const close = async (): Promise<void> => {
    for (const one of all) await one.close();
  };
  return { mirrors, close };
}

/** As Docker Hub: anybody gets a token, and with it only what anybody may see. */
function serveScope(): Promise<Running> {
  return serveHttp((request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`);
    if (url.pathname === '/token') return answer(response, 200, {}, '{"token":"of-nobody"}');
    const asked = `Bearer realm="${url.origin}/token",service="hub",scope="repository:app:pull"`;
    const refused =
      request.headers.authorization === undefined ? asked : `${asked},error="insufficient_scope"`;
    answer(
      response,
      401,
      { 'www-authenticate': refused },
      '{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}',
    );
  });
}

/** An image whose only layer ends before it should. */
function serveDamaged(): Promise<Running> {
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    config: {},
    rootfs: { type: 'layers', diff_ids: [`sha256:${'1'.repeat(64)}`] },
  });
  const digest = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const layerDigest = `sha256:${'2'.repeat(64)}`;
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digest(config),
      size: config.length,
    },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: layerDigest, size: 1_000 }],
  });
  const type = {
    'content-type': 'application/vnd.oci.image.manifest.v1+json',
    'docker-content-digest': digest(manifest),
  };
  return serveHttp((request, response) => {
    const path = request.url ?? '';
    if (path.includes('/manifests/'))
      return answer(
        response,
        200,
        { ...type, 'content-length': String(manifest.length) },
        request.method === 'HEAD' ? '' : manifest,
      );
    if (path.includes(layerDigest)) {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('x'.repeat(100), () => response.destroy());
      return;
    }
    answer(response, 200, {}, path.includes('/blobs/') ? config : '{}');
  });
}
