import { credentialsFor, examineImage, referenceOf } from '@maru/doctor';
import { messageOf, UserError } from '../user-error.ts';
import type { Target } from './bake.ts';

const requestTimeoutMs = 30_000;

/** What the registry has under a tag after a push, beside what was to be there. */
export interface ReadBack {
  readonly tag: string;
  readonly platforms: readonly string[];
  readonly missing: readonly string[];
}

/**
 * A tag for one platform is what nodes of another one answer with `no match for platform in manifest`. Throws a `UserError`
 * for such targets, unless one platform is what was asked for.
 */
export function refuseSinglePlatform(targets: readonly Target[], isAskedFor: boolean): void {
  const single = targets.filter(({ platforms }) => platforms.length < 2);
  if (isAskedFor || single.length === 0) return;
  const named = single.map(({ tag, platforms }) => `${tag} (${platforms[0] ?? "the builder's own"})`);
  throw new UserError(
    `not pushed: ${named.join(', ')} would be for one platform only, and nodes of another could not run it; give the target all platforms in deploy/images/docker-bake.hcl, or say that it is meant with --platform`,
  );
}

/** Asks the registry which platforms a tag has. Throws a `UserError` when it cannot be asked. */
export async function readBack({ tag, platforms }: Target): Promise<ReadBack> {
  const image = referenceOf(tag);
  if (image === undefined)
    throw new UserError(`"${tag}" is no name of an image; check --registry and --tag`, 2);
  const credentials = await credentialsFor(image.registry);
  const report = await examineImage({
    image,
    timeoutMs: requestTimeoutMs,
    ...(credentials === undefined ? {} : { credentials }),
  }).catch((thrown: unknown) => {
    throw new UserError(`the registry cannot be asked for ${tag}: ${messageOf(thrown)}`);
  });
  if (report.status !== 'healthy')
    throw new UserError(`${tag} was pushed, but is not found: ${report.steps.at(-1)?.seen ?? ''}`);
  const found = report.platforms;
  return { tag, platforms: found, missing: platforms.filter((platform) => !found.includes(platform)) };
}
