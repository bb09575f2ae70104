import { findingOf, type ProbeReport } from '../probe/finding.ts';
import { redactor } from '../report/redact.ts';
import type { Values } from '../rules/text.ts';
import { imageCauses } from './causes.ts';
import type { Credentials } from './credentials.ts';
import { canRun } from './elf.ts';
import { explainImageFailure, type ImageFailure } from './explain.ts';
import { fits, type Platform, platformText } from './platform.ts';
import { readProgram } from './program.ts';
import { type ImageRead, readImage } from './read-image.ts';
import type { ImageReference } from './reference.ts';
import { openRegistry, type Registry } from './registry.ts';

export interface ImageQuestion {
  readonly image: ImageReference;
  /** The platform of the nodes; undefined: only what the image has is told. */
  readonly wanted?: Platform;
  readonly credentials?: Credentials;
  /** For each request, in milliseconds. */
  readonly timeoutMs: number;
  /** PEM of the authorities to trust instead of the system's. */
  readonly ca?: string;
  /** Variables that name a proxy; this process's own when left out. */
  readonly proxyEnv?: NodeJS.ProcessEnv;
}

/** What a probe answers, and the platforms that the image has. */
export interface ImageReport extends ProbeReport {
  readonly platforms: readonly string[];
}

type Step = ProbeReport['steps'][number];

/**
 * Asks an image's registry whether the image is there, whether it may be pulled, and for which platforms it is. Fetches
 * layers only to look at the program of an image that seems right. Never rejects for what the network does; what it answers has no secrets in it.
 */
export async function examineImage(question: ImageQuestion): Promise<ImageReport> {
  const { image, credentials, timeoutMs, ca, proxyEnv = process.env } = question;
  const steps: Step[] = [];
  try {
    const registry = await openRegistry(image, {
      timeoutMs,
      proxyEnv,
      ...(credentials === undefined ? {} : { credentials }),
      ...(ca === undefined ? {} : { ca }),
    });
    steps.push({ step: 'registry', ok: true, seen: `${registry.origin.origin} answers` });
    const read = await readImage(registry, image);
    steps.push({ step: 'image', ok: true, seen: foundText(read) });
    const report = judge(question, read, steps);
    return report.status === 'healthy' ? await judgeProgram(question, registry, read, report) : report;
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

/** An image can say what it is not: its program's own header decides. Looked at only for a platform that was asked for. */
async function judgeProgram(
  question: ImageQuestion,
  registry: Registry,
  { images }: ImageRead,
  report: ImageReport,
): Promise<ImageReport> {
  const { wanted, image } = question;
  const chosen = images.find(({ platform }) => wanted !== undefined && fits(platform, wanted));
  const program = chosen === undefined ? undefined : await readProgram(registry, image, chosen);
  if (chosen === undefined || program === undefined) return report;
  const seen = `${program.path} is built for ${program.architecture}`;
  const isRight = canRun(chosen.platform.architecture, program.architecture);
  const failure: ImageFailure = { id: 'image-binary-platform', seen };
  const steps = [...report.steps, { step: 'program', ok: isRight, seen }];
  return reportOf(question, steps, isRight ? undefined : failure, report.platforms, {
    program: program.path,
    machine: program.architecture,
  });
}

function reportOf(
  question: ImageQuestion,
  steps: readonly Step[],
  failure: ImageFailure | undefined,
  platforms: readonly string[],
  more: Values = {},
): ImageReport {
  const clean = redactor(secretsOf(question.credentials));
  const values = { ...valuesOf(question, platforms), ...more };
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
