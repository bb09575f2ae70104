import { openCluster } from '@maru/cluster';
import { FakeApiServer, hasDockerRegistry, startDockerRegistry } from '@maru/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import { examineCluster } from '../examine.ts';
import { examineImage } from '../image/examine-image.ts';
import { platformOf } from '../image/platform.ts';
import { referenceOf } from '../image/reference.ts';
import type { Diagnosis } from '../report/report.ts';
import { eventObject, nodeObject, podObject } from '../testing/cluster.ts';
import { registries } from '../testing/docker-registry.ts';
import { elf, layer } from '../testing/layer.ts';
import { Pusher } from '../testing/push.ts';

const opened: { close: () => unknown }[] = [];
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
});

const pod = 'board-api-7c9d8f6b5-x2x4z';
const arm64 = 183;

/** The decoys of that day: a node whose CPU is all but given away, and a pod that waits for CPU elsewhere. */
const decoys = [
  nodeObject('aks-pool-0', 'amd64', '1900m'),
  podObject({ name: 'busy-7c9d8f6b5-aaaaa', cpu: '1750m' }),
  podObject({ name: 'board-web-6f5d4c3b2-k8s9q', cpu: '90m' }),
];

async function diagnose(
  objects: readonly object[],
  logs: Readonly<Record<string, string>> = {},
): Promise<Diagnosis> {
  const server = await FakeApiServer.start({ objects: [...decoys, ...objects], logs });
  const reader = await openCluster({ kubeconfig: server.kubeconfig });
  opened.unshift(reader);
  opened.push(server);
  return examineCluster(reader, { namespace: 'board' });
}

/** A pod that could not pull its image, long enough ago that its events are gone. */
function waitingPod(image: string): object {
  const message = `Back-off pulling image "${image}"`;
  return podObject({ name: pod, image, waiting: { reason: 'ImagePullBackOff', message } });
}

function crashingPod(image: string): object {
  const waiting = {
    reason: 'CrashLoopBackOff',
    message: `back-off 5m0s restarting failed container=api pod=${pod}_board`,
  };
  return podObject({ name: pod, image, waiting, lastExitCode: 255 });
}

const crashed = {
  [`board/${pod}/api`]: 'exec /app: exec format error\n',
  [`board/${pod}/api/previous`]: 'exec /app: exec format error\n',
};

/** Platform, certain, the CPU ruled out with its figures, and the build command for both platforms. */
function expectThePlatform({ findings }: Diagnosis, image: string): void {
  expect(findings.map(({ id, certainty }) => [id, certainty])).toEqual([['image-platform', 'certain']]);
  const [finding] = findings;
  expect(finding?.title.en).toBe(
    `The image ${image} is not built for the platform of the node (linux/amd64)`,
  );
  const cpu = finding?.ruledOut.find(({ name }) => name.en === 'CPU or memory of the nodes');
  expect(cpu?.why.en).toMatch(
    /was given a node \(aks-pool-0\).*0\.0 of its 1\.9 cores are not requested; no FailedScheduling/,
  );
  expect(finding?.fix.map(({ run }) => run)).toContain(
    `docker buildx build --platform linux/amd64,linux/arm64 -t ${image.replace(':1.2.0', ':NEW-TAG')} --push .`,
  );
}

/** What would have been said before anything was deployed. */
async function beforehand(image: string): Promise<readonly string[]> {
  const reference = referenceOf(image);
  const wanted = platformOf('linux/amd64');
  if (reference === undefined || wanted === undefined) throw new Error(`${image} is no image's name`);
  const { findings } = await examineImage({ image: reference, wanted, timeoutMs: 5_000 });
  return findings.map(({ id }) => id);
}

for (const { name, start, here } of registries(startDockerRegistry, hasDockerRegistry)) {
  describe.skipIf(!here)(`the day that was lost, with ${name}`, () => {
    async function pusher(): Promise<readonly [Pusher, string]> {
      const registry = await start();
      opened.push(registry);
      return [new Pusher(registry.port, 'board-api'), `127.0.0.1:${registry.port}/board-api:1.2.0`];
    }

    it('an index without the node’s platform, as the events tell it', async () => {
      const [push, image] = await pusher();
      await push.index('1.2.0', ['arm64']);
      const failed = `Failed to pull image "${image}": rpc error: code = NotFound desc = failed to pull and unpack image "${image}": no match for platform in manifest: not found`;
      const diagnosis = await diagnose([
        waitingPod(image),
        eventObject(pod, 'Failed', failed),
        eventObject(pod, 'BackOff', `Back-off pulling image "${image}"`),
      ]);
      expectThePlatform(diagnosis, image);
      expect(diagnosis.findings[0]?.follows.map(({ id }) => id)).toEqual(['image-pull-failed']);
      expect(await beforehand(image)).toEqual(['image-platform']);
    });

    it('the same when the events are gone: the registry tells it', async () => {
      const [push, image] = await pusher();
      await push.index('1.2.0', ['arm64']);
      const diagnosis = await diagnose([waitingPod(image)]);
      expectThePlatform(diagnosis, image);
      expect(diagnosis.findings[0]?.evidence.map(({ text }) => text)).toContain(
        `${image} is built for linux/arm64; the node is linux/amd64`,
      );
    });

    it('a plain manifest, which is pulled and cannot be executed', async () => {
      const [push, image] = await pusher();
      await push.image('1.2.0', { architecture: 'arm64' });
      const diagnosis = await diagnose([crashingPod(image)], crashed);
      expectThePlatform(diagnosis, image);
      expect(diagnosis.findings[0]?.evidence.map(({ text }) => text)).toEqual(
        expect.arrayContaining([
          `${image} is built for linux/arm64; the node is linux/amd64`,
          'exec /app: exec format error',
        ]),
      );
      expect(await beforehand(image)).toEqual(['image-platform']);
    });

    it('a binary for arm64 in an image that says amd64', async () => {
      const [push, image] = await pusher();
      await push.image('1.2.0', { architecture: 'amd64', layers: [layer('app', elf(arm64))] });
      const diagnosis = await diagnose([crashingPod(image)], crashed);
      expectThePlatform(diagnosis, image);
      expect(diagnosis.findings[0]?.evidence.map(({ text }) => text)).toContain(
        `${image} says linux/amd64, but its program /app is built for arm64; the node is linux/amd64`,
      );
      expect(await beforehand(image)).toEqual(['image-binary-platform']);
    });

    it('a tag that does not exist is another cause', async () => {
      const [push, image] = await pusher();
      await push.index('1.1.0', ['amd64']);
      expect((await diagnose([waitingPod(image)])).findings.map(({ id }) => id)).toEqual([
        'image-manifest-unknown',
      ]);
    });
  });
}
