import { findingOf, type ProbeReport } from '../probe/finding.ts';
import { redactor } from '../report/redact.ts';
import type { Values } from '../rules/text.ts';
import { imageCauses } from './causes.ts';
import type { Credentials } from './credentials.ts';
import { explainImageFailure, type ImageFailure } from './explain.ts';
import { fits, type Platform, platformText } from './platform.ts';
import { type ImageRead, readImage } from './read-image.ts';
import type { ImageReference } from './reference.ts';
import { openRegistry } from './registry.ts';

export interface ImageQuestion {
  readonly image: ImageReference;
  /** The platform of the nodes; undefined: only what the image has is told. */
  readonly wanted?: Platform;
  readonly credentials?: Credentials;
  /** For each request, in milliseconds. */
  readonly timeoutMs: number;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
}

/** What a probe answers, and the platforms that the image has. */
export interface ImageReport extends ProbeReport {
  readonly platforms: readonly string[];
}

type Step = ProbeReport['steps'][number];

/**
 * Asks an image's registry whether the image is there, whether it may be pulled, and for which platforms it is. Pulls no
 * layers. Never rejects for what the network does; what it answers has no secrets in it.
 */
export async function examineImage(question: ImageQuestion): Promise<ImageReport> {
  const { image, credentials, timeoutMs, ca } = question;
  const steps: Step[] = [];
  try {
    const registry = await openRegistry(image, {
      timeoutMs,
      ...(credentials === undefined ? {} : { credentials }),
      ...(ca === undefined ? {} : { ca }),
    });
    steps.push({ step: 'registry', ok: true, seen: `${registry.origin.origin} answers` });
    const read = await readImage(registry, image);
    steps.push({ step: 'image', ok: true, seen: foundText(read) });
    return judge(question, read, steps);
  } catch (thrown) {
    const failure = explainImageFailure(thrown);
    const step = failure.id.startsWith('image-registry') && steps.length === 0 ? 'registry' : 'image';
    return reportOf(question, [...steps, { step, ok: false, seen: failure.seen }], failure, []);
  }
}

function foundText({ kind, images }: ImageRead): string {
  return kind === 'index' ? `an index of ${images.length}` : 'one image (a plain manifest)';
}

function judge(question: ImageQuestion, { images }: ImageRead, steps: readonly Step[]): ImageReport {
  const platforms = images.map(({ platform }) => platformText(platform));
  const { wanted } = question;
  const seen = platforms.length === 0 ? 'no platforms' : platforms.join(', ');
  const isRight = wanted === undefined || images.some(({ platform }) => fits(platform, wanted));
  const step = { step: 'platform', ok: isRight, seen };
  const failure: ImageFailure | undefined = isRight ? undefined : { id: 'image-platform', seen };
  return reportOf(question, [...steps, step], failure, platforms);
}

function reportOf(
  question: ImageQuestion,
  steps: readonly Step[],
  failure: ImageFailure | undefined,
  platforms: readonly string[],
): ImageReport {
  const clean = redactor(secretsOf(question.credentials));
  const values = valuesOf(question, platforms);
  const found = failure === undefined ? [] : [failure];
  return {
    status: failure === undefined ? 'healthy' : statusOf(failure),
    platforms,
    steps: steps.map((step) => ({ ...step, seen: clean(step.seen) })),
    findings: found.map(({ id, seen }) => findingOf(id, imageCauses[id], clean(seen), values)),
  };
}

/** A registry that does not answer tells nothing of the image; what it says of the image is a finding. */
function statusOf({ id }: ImageFailure): ProbeReport['status'] {
  const isOut =
    id === 'image-registry-no-answer' || id === 'image-registry-error' || id === 'image-rate-limit';
  return isOut ? 'could-not-look' : 'findings';
}

function valuesOf({ image, wanted, credentials }: ImageQuestion, platforms: readonly string[]): Values {
  const { registry, repository, reference, given } = image;
  return {
    image: given,
    registry,
    repository: registry === 'docker.io' ? repository.replace(/^library\//, '') : `${registry}/${repository}`,
    reference,
    wanted: wanted === undefined ? '' : platformText(wanted),
    platforms: platforms.length === 0 ? 'none' : platforms.join(', '),
    login: credentials === undefined ? 'an anonymous pull' : "docker's login",
  };
}

function secretsOf(credentials: Credentials | undefined): readonly string[] {
  if (credentials === undefined) return [];
  const pair = Buffer.from(credentials.basic, 'base64').toString('utf8');
  const { identityToken } = credentials;
  const password = pair.slice(pair.indexOf(':') + 1);
  return [credentials.basic, pair, password, ...(identityToken === undefined ? [] : [identityToken])];
}
