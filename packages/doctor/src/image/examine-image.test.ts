import { freePorts, hasDockerRegistry, startDockerRegistry } from '@maru/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange } from '../probe/exchange.ts';
import { certificateFor } from '../testing/certificate.ts';
import { registries } from '../testing/docker-registry.ts';
import { elf, layer } from '../testing/layer.ts';
import { Pusher } from '../testing/push.ts';
import { registryLogin, serveRegistry } from '../testing/registry.ts';
import { type Running, serveAlways, serveHttp } from '../testing/servers.ts';
import { imageCauses } from './causes.ts';
import { examineImage, type ImageQuestion, type ImageReport } from './examine-image.ts';
import { explainImageFailure } from './explain.ts';
import { fits, platformOf } from './platform.ts';
import { referenceOf } from './reference.ts';

const running: Running[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});

async function started(starting: Promise<Running>): Promise<Running> {
  const one = await starting;
  running.push(one);
  return one;
}

function examine(image: string, wanted?: string, more: Partial<ImageQuestion> = {}): Promise<ImageReport> {
  const reference = referenceOf(image);
  if (reference === undefined) throw new Error(`${image} is no image's name`);
  const platform = wanted === undefined ? undefined : platformOf(wanted);
  return examineImage({
    image: reference,
    timeoutMs: 5_000,
    ...(platform === undefined ? {} : { wanted: platform }),
    ...more,
  });
}

const idsOf = ({ findings }: ImageReport): readonly string[] => findings.map(({ id }) => id);

for (const { name, start, here } of registries(startDockerRegistry, hasDockerRegistry)) {
  // Skipped only where that package is not installed; the protocol is tried by the other one everywhere.
  describe.skipIf(!here)(name, () => {
    it('an index that lacks the platform of the nodes: certain, with the build command', async () => {
      const { port } = await started(start());
      await new Pusher(port, 'team/app').index('v1', ['arm64']);
      const report = await examine(`127.0.0.1:${port}/team/app:v1`, 'linux/amd64');
      expect(report).toMatchObject({ status: 'findings', platforms: ['linux/arm64'] });
      expect(idsOf(report)).toEqual(['image-platform']);
      expect(report.findings[0]?.fix.at(-1)?.run).toBe(
        `docker buildx build --platform linux/amd64,linux/arm64 -t 127.0.0.1:${port}/team/app:NEW-TAG --push .`,
      );
    });

    it('an index that has it among others, attestations left out', async () => {
      const { port } = await started(start());
      await new Pusher(port, 'app').index('v1', ['arm64', 'amd64']);
      const report = await examine(`localhost:${port}/app:v1`, 'amd64');
      expect(report).toMatchObject({ status: 'healthy', findings: [] });
      expect(report.platforms.toSorted()).toEqual(['linux/amd64', 'linux/arm64']);
    });

    it('an index whose children name no platform: their configurations do', async () => {
      const { port } = await started(start());
      await new Pusher(port, 'app').index('v1', ['arm64'], false);
      expect(idsOf(await examine(`127.0.0.1:${port}/app:v1`, 'linux/amd64'))).toEqual(['image-platform']);
    });

    it('a plain manifest of another platform, which containerd would pull', async () => {
      const { port } = await started(start());
      await new Pusher(port, 'app').image('v1', { architecture: 'arm64' });
      const report = await examine(`127.0.0.1:${port}/app:v1`, 'linux/amd64');
      expect(idsOf(report)).toEqual(['image-platform']);
      expect((await examine(`127.0.0.1:${port}/app:v1`, 'linux/aarch64')).status).toBe('healthy');
    });

    it('a program for arm64 in an image that says amd64, below a layer without it', async () => {
      const { port } = await started(start());
      const pusher = new Pusher(port, 'app');
      const layers = (machine: number): readonly Buffer[] => [
        layer('usr/bin/app', elf(machine)),
        layer('etc/motd', Buffer.from('hello')),
      ];
      const entrypoint = ['/usr/bin/app', '--serve'];
      await pusher.image('lies', { architecture: 'amd64', entrypoint, layers: layers(183) });
      await pusher.image('true', { architecture: 'amd64', entrypoint, layers: layers(62) });
      const lies = await examine(`127.0.0.1:${port}/app:lies`, 'linux/amd64');
      expect(idsOf(lies)).toEqual(['image-binary-platform']);
      expect(lies.findings[0]?.title.en).toMatch(/\/usr\/bin\/app\) is built for arm64/);
      const honest = await examine(`127.0.0.1:${port}/app:true`, 'linux/amd64');
      expect(honest).toMatchObject({ status: 'healthy' });
      expect(honest.steps.at(-1)).toMatchObject({ step: 'program', ok: true });
    });

    it('a script, and a layer that is no archive, prove nothing', async () => {
      const { port } = await started(start());
      const pusher = new Pusher(port, 'app');
      const script = layer('app', Buffer.from('#!/bin/sh\nexec node\n'));
      await pusher.image('script', { architecture: 'amd64', layers: [script] });
      await pusher.image('broken', { architecture: 'amd64', layers: [script.subarray(0, 30)] });
      for (const tag of ['script', 'broken']) {
        const report = await examine(`127.0.0.1:${port}/app:${tag}`, 'linux/amd64');
        expect(report).toMatchObject({ status: 'healthy' });
        expect(report.steps.at(-1)).toMatchObject({ step: 'platform' });
      }
    });

    it('a tag that is not there, and by digest one that is', async () => {
      const { port } = await started(start());
      const { digest } = await new Pusher(port, 'app').image('v1', { architecture: 'amd64' });
      expect(idsOf(await examine(`127.0.0.1:${port}/app:v2`))).toEqual(['image-not-found']);
      expect((await examine(`127.0.0.1:${port}/app@${digest}`)).platforms).toEqual(['linux/amd64']);
    });
  });
}

describe('logins', () => {
  it.each(['basic', 'bearer'] as const)('%s: asked for, refused without, passed with', async (access) => {
    const { port } = await started(serveRegistry(access));
    await new Pusher(port, 'app').image('v1', { architecture: 'arm64' });
    const image = `127.0.0.1:${port}/app:v1`;
    expect(idsOf(await examine(image))).toEqual(['image-unauthorized']);
    const known = { credentials: { basic: registryLogin } };
    expect((await examine(image, undefined, known)).platforms).toEqual(['linux/arm64']);
    const wrong = Buffer.from('someone:another-p4ssw0rd').toString('base64');
    const refused = await examine(image, undefined, { credentials: { basic: wrong } });
    expect(idsOf(refused)).toEqual(['image-unauthorized']);
    expect(JSON.stringify(refused)).not.toContain(wrong);
    expect(JSON.stringify(refused)).not.toContain('another-p4ssw0rd');
  });

  it('a blob on another host is fetched without the key', async () => {
    const seen: (string | undefined)[] = [];
    const config = '{"os":"linux","architecture":"arm64"}';
    const elsewhere = await started(
      serveHttp((request, response) => {
        seen.push(request.headers.authorization);
        response.end(config);
      }),
    );
    const { port } = await started(
      serveHttp((request, response) => {
        const isManifest = request.url?.includes('/manifests/') === true;
        if (request.url?.includes('/blobs/') === true && request.headers.authorization !== undefined) {
          response.writeHead(307, { location: `http://127.0.0.1:${elsewhere.port}/signed` }).end();
        } else if (request.headers.authorization === undefined && request.url !== '/v2/') {
          response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
        } else response.end(isManifest ? '{"config":{"digest":"sha256:1"}}' : '{}');
      }),
    );
    const known = { credentials: { basic: registryLogin } };
    expect((await examine(`127.0.0.1:${port}/app:v1`, undefined, known)).platforms).toEqual(['linux/arm64']);
    expect(seen).toEqual([undefined]);
  });
});

describe('registries that do not answer as one', () => {
  it.each([
    [403, '{"errors":[{"code":"DENIED"}]}', 'image-forbidden', 'findings'],
    [404, '{"errors":[{"code":"NAME_UNKNOWN"}]}', 'image-repository-not-found', 'findings'],
    [404, '<html>nginx</html>', 'image-not-a-registry', 'findings'],
    [200, '<html>console</html>', 'image-not-a-registry', 'findings'],
    [429, 'toomanyrequests', 'image-rate-limit', 'could-not-look'],
    [503, '', 'image-registry-error', 'could-not-look'],
  ] as const)('%s %s: %s', async (answered, body, id, status) => {
    const { port } = await started(serveAlways(answered, {}, body));
    const report = await examine(`127.0.0.1:${port}/app:v1`);
    expect(idsOf(report)).toEqual([id]);
    expect(report.status).toBe(status);
  });

  it('nothing listens, the host is unknown, the certificate is not trusted, no answer', async () => {
    const [free] = await freePorts(1);
    const secure = await started(serveAlways(200, {}, '{}', certificateFor('localhost')));
    const slow = await started(serveHttp(() => undefined));
    expect(idsOf(await examine(`127.0.0.1:${free}/app`))).toEqual(['image-registry-unreachable']);
    expect(idsOf(await examine('no-such-host.invalid/app'))).toEqual(['image-registry-unknown']);
    expect(idsOf(await examine(`localhost:${secure.port}/app`))).toEqual(['image-registry-certificate']);
    const report = await examine(`127.0.0.1:${slow.port}/app`, undefined, { timeoutMs: 2_000 });
    expect(idsOf(report)).toEqual(['image-registry-no-answer']);
  });
});

it('no TLS is a cause of its own where loopback does not excuse it', async () => {
  const { port } = await started(serveRegistry());
  const url = new URL(`https://127.0.0.1:${port}/v2/`);
  const thrown = await exchange({ method: 'GET', url, headers: {}, timeoutMs: 5_000 }).catch(
    (error) => error,
  );
  expect(explainImageFailure(thrown).id).toBe('image-registry-without-tls');
});

describe('names', () => {
  it.each([
    ['node', 'docker.io', 'library/node', 'latest'],
    ['grafana/grafana:12.0.0', 'docker.io', 'grafana/grafana', '12.0.0'],
    ['localhost/app', 'localhost', 'app', 'latest'],
    ['hw.azurecr.io/board/api:1', 'hw.azurecr.io', 'board/api', '1'],
    [`r.example:5000/a:t@sha256:${'a'.repeat(64)}`, 'r.example:5000', 'a', `sha256:${'a'.repeat(64)}`],
  ])('%s', (text, registry, repository, reference) => {
    expect(referenceOf(text)).toMatchObject({ registry, repository, reference });
  });

  it.each(['', 'UPPER/case', 'a b', 'https://r.example/app', '../x', `a${'/a'.repeat(400)}`])(
    'not %s',
    (text) => {
      expect(referenceOf(text)).toBeUndefined();
    },
  );

  it('variants count where both name one', () => {
    const platform = (text: string): NonNullable<ReturnType<typeof platformOf>> => {
      const found = platformOf(text);
      if (found === undefined) throw new Error(`${text} is no platform`);
      return found;
    };
    expect(fits(platform('linux/arm64/v8'), platform('arm64'))).toBe(true);
    expect(fits(platform('linux/arm/v7'), platform('linux/arm/v6'))).toBe(false);
    expect(fits(platform('windows/amd64'), platform('amd64'))).toBe(false);
  });

  it('every cause has both languages and a mend', () => {
    for (const { title, fix } of Object.values(imageCauses)) {
      expect(title.ko).toMatch(/[가-힣]/);
      expect(fix.length).toBeGreaterThan(0);
    }
  });
});
