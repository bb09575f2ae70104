import type { SeenObject } from '@maru/cluster';
import type { Container, Node, Pod, Statement } from '../evidence/model.ts';
import { credentialsFor } from '../image/credentials.ts';
import { examineImage } from '../image/examine-image.ts';
import { platformOf } from '../image/platform.ts';
import { referenceOf } from '../image/reference.ts';

/** Images of a run; registries count what is asked of them. */
const mostImages = 10;
const timeoutMs = 5_000;

/** An image that a pod in trouble wants, and the platform of the node that it is to run on. */
interface WantedImage {
  readonly image: string;
  readonly platform: string;
}

/**
 * Asks the registries about the images of pods that cannot pull theirs, or that cannot execute what they pulled; of no
 * others. What they tell becomes objects of the kind ImageReport. Never rejects.
 */
export async function lookAtImages(
  pods: readonly Pod[],
  nodes: readonly Node[],
  statements: readonly Statement[],
): Promise<readonly SeenObject[]> {
  const wanted = imagesInQuestion(pods, nodes, statements);
  return Promise.all(wanted.map(reportOn));
}

function imagesInQuestion(
  pods: readonly Pod[],
  nodes: readonly Node[],
  statements: readonly Statement[],
): readonly WantedImage[] {
  const cannotRun = new Set(
    statements.filter(({ text }) => /exec format error/i.test(text)).map(({ subject }) => subject.name),
  );
  const found = pods.flatMap((pod) =>
    pod.containers
      .filter(
        (container) => cannotPull(container) || (cannotRun.has(pod.name) && container.isReady === false),
      )
      .map(({ image }) => ({ image, platform: platformFor(pod, nodes) })),
  );
  const distinct = new Map(found.map((one) => [`${one.image} ${one.platform}`, one]));
  return [...distinct.values()].slice(0, mostImages);
}

function cannotPull({ state }: Container): boolean {
  return state.kind === 'waiting' && /^(?:ErrImagePull|ImagePullBackOff)$/.test(state.reason);
}

/** The node's; where the pod's node was not seen and all nodes are alike, theirs. Empty when it is not known. */
function platformFor({ node }: Pod, nodes: readonly Node[]): string {
  const own = nodes.filter(({ name }) => name === node);
  const platforms = new Set(
    (own.length > 0 ? own : nodes)
      .filter(({ architecture }) => architecture !== '')
      .map(({ operatingSystem, architecture }) => `${operatingSystem || 'linux'}/${architecture}`),
  );
  return platforms.size === 1 ? ([...platforms][0] ?? '') : '';
}

async function reportOn({ image, platform }: WantedImage): Promise<SeenObject> {
  const reference = referenceOf(image);
  const wanted = platformOf(platform);
  const where = `registry ${reference?.registry ?? ''}`;
  if (reference === undefined) return reportObject(image, where, { image, platform });
  const credentials = await credentialsFor(reference.registry);
  const report = await examineImage({
    image: reference,
    timeoutMs,
    ...(wanted === undefined ? {} : { wanted }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  const [finding] = report.findings;
  const step = report.steps.find(({ ok }) => !ok);
  return reportObject(image, where, {
    image,
    platform,
    platforms: report.platforms,
    finding: finding?.id ?? '',
    seen: step?.seen ?? finding?.seen ?? '',
  });
}

function reportObject(image: string, where: string, value: object): SeenObject {
  const whole = { kind: 'ImageReport', metadata: { name: image }, ...value };
  return { kind: 'ImageReport', namespace: '', name: image, value: whole, where, richness: 'whole' };
}
