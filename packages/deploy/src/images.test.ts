import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderedContainer } from './container.ts';
import { type Image, images, stagesOf, textsOf } from './dockerfile.ts';
import { objectsOf, overlays, workloadsOf } from './objects.ts';
import { repository } from './repository.ts';

/** What each image is as a container of the manifests. */
const containerOf: Readonly<Record<Image, string>> = { maru: 'maru', 'board-api': 'api', 'board-web': 'web' };

const bake = readFileSync(`${repository}/deploy/images/docker-bake.hcl`, 'utf8');

describe.each(images)('%s', (image) => {
  const [arguments_, ...stages] = stagesOf(image);
  const last = stages.at(-1);
  const { container } = renderedContainer(containerOf[image]);

  it('has bases that must be given, for there is no default that could grow old', () => {
    expect(textsOf(arguments_, 'ARG')).toEqual(['NODE_BUILD', 'NODE_RUNTIME']);
    const bases = stages.flatMap((stage) => textsOf(stage, 'FROM'));
    expect(bases.length).toBeGreaterThan(1);
    for (const base of bases)
      expect(base).toMatch(/^(?:--platform=\$BUILDPLATFORM )?\$\{NODE_(?:BUILD|RUNTIME)\}/);
    expect(textsOf(last, 'FROM').join()).toMatch(/^\$\{NODE_RUNTIME\}$/);
  });

  it('runs nothing in its last stage, which may have no shell', () => {
    expect(textsOf(last, 'RUN')).toEqual([]);
    for (const name of ['ENTRYPOINT', 'CMD']) for (const text of textsOf(last, name)) JSON.parse(text);
    expect(textsOf(last, 'HEALTHCHECK')[0]).toMatch(/ CMD \[/);
  });

  it('runs as the user that the manifest names', () => {
    const user = overlays
      .flatMap((overlay) => workloadsOf(objectsOf(overlay)))
      .find(({ spec }) => spec.template.spec.containers.some(({ name }) => name === container.name));
    const { runAsUser, runAsGroup } = user?.spec.template.spec.securityContext ?? {};
    expect(textsOf(last, 'USER')).toEqual([`${runAsUser}:${runAsGroup}`]);
  });

  it('listens where the manifest says, and its own check asks what the liveness probe asks', () => {
    const ports = container.ports.map(({ containerPort }) => containerPort);
    expect(textsOf(last, 'EXPOSE')).toEqual([ports.join(' ')]);
    const probe = container.livenessProbe?.httpGet;
    expect(textsOf(last, 'HEALTHCHECK')[0]).toContain(`http://127.0.0.1:${ports[0]}${probe?.path}'`);
  });

  it('starts a program that exists', () => {
    const entrypoint: readonly string[] = JSON.parse(textsOf(last, 'ENTRYPOINT')[0] ?? '[]');
    expect(entrypoint[0]).toBe('node');
    expect(existsSync(`${repository}/${entrypoint.at(-1)}`)).toBe(true);
  });

  it('is started by the manifest as by itself', () => {
    const command: readonly string[] = JSON.parse(textsOf(last, 'CMD')[0] ?? '[]');
    // By itself Maru is open to whom the container's ports are given; the manifest's configuration has keys.
    const byFlags = ['--host', '0.0.0.0', '--host-console', '0.0.0.0', '--insecure'].join(' ');
    const asInManifest = command.join(' ').replace(byFlags, '--config /config/maru.yaml');
    expect((container.args ?? []).join(' ')).toEqual(asInManifest);
  });

  it('says what it is', () => {
    const labels = textsOf(last, 'LABEL').join(' ');
    for (const name of ['title', 'description', 'licenses', 'version', 'revision'])
      expect(labels).toContain(`org.opencontainers.image.${name}=`);
    expect(labels).toContain(`title="${image}"`);
  });

  it('takes no secrets, and only what the build reads', () => {
    const names = stages.flatMap((stage) => [...textsOf(stage, 'ARG'), ...textsOf(stage, 'ENV')]).join(' ');
    expect(names).not.toMatch(/PASSWORD|SECRET|TOKEN|KEY|HEADERS|DATABASE_URL/);
    const ignored = readFileSync(
      `${repository}/deploy/images/${image}.Dockerfile.dockerignore`,
      'utf8',
    ).split('\n');
    expect(ignored).toContain('*');
    for (const pattern of ['**/node_modules', '**/dist', '**/.env*']) expect(ignored).toContain(pattern);
  });

  it('is baked for both platforms, with provenance and a list of its parts', () => {
    expect(bake).toMatch(/platforms = \["linux\/amd64", "linux\/arm64"\]/);
    expect(bake).toMatch(/attest = \["type=provenance,mode=max", "type=sbom"\]/);
    expect(bake).toContain(`target "${image}" {\n  inherits   = ["every"]`);
    expect(
      existsSync(
        `${repository}/${/dockerfile = "([^"]+)"/.exec(bake.split(`target "${image}"`)[1] ?? '')?.[1]}`,
      ),
    ).toBe(true);
  });

  it('has the name that the overlays give it', () => {
    const names = overlays.flatMap((overlay) =>
      workloadsOf(objectsOf(overlay)).flatMap(({ spec }) =>
        spec.template.spec.containers.map((one) => one.image),
      ),
    );
    expect(names).toContain(`${image}:dev`);
    expect(new Set(names.filter((name) => name.includes(`/${image}:`))).size).toBe(1);
  });
});

// Goes red on the day the lock file has the engine for arm64: then the selector and the lines about it are to be deleted.
it('Maru is kept on the nodes that its image can be built for', () => {
  const { packages }: { packages: Readonly<Record<string, unknown>> } = JSON.parse(
    readFileSync(`${repository}/package-lock.json`, 'utf8'),
  );
  const isForArm = 'node_modules/@chdb/lib-linux-arm64-gnu' in packages;
  const selectors = overlays
    .filter(({ name }) => name.startsWith('stack-'))
    .flatMap((overlay) => workloadsOf(objectsOf(overlay)))
    .map(({ spec }) => spec.template.spec.nodeSelector);
  expect(selectors).toHaveLength(5);
  for (const selector of selectors)
    expect(selector).toEqual(isForArm ? undefined : { 'kubernetes.io/arch': 'amd64' });
});
