import { credentialsFor, examineImage, type Language, platformOf, referenceOf } from '@maru/doctor';
import type { Arguments, Flags } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { UserError } from '../user-error.ts';
import { authorityFlag, stepTimeoutMs } from './probe-flags.ts';
import { tellProbe } from './probe-report.ts';

export const imageFlags: Flags = {
  for: {
    type: 'string',
    value: 'PLATFORM',
    help: 'with image: what the nodes are, such as linux/amd64 or arm64',
  },
};

/** `maru doctor image IMAGE`. */
export async function examineImageNamed(
  args: Arguments,
  name: string | undefined,
  language: Language,
): Promise<number> {
  const image = referenceOf(name ?? '');
  if (image === undefined) {
    throw new UserError(
      'maru doctor image needs the name of an image, such as registry.example.com/board-api:1.2.0',
      2,
    );
  }
  const [ca, credentials] = await Promise.all([authorityFlag(args), credentialsFor(image.registry)]);
  const wanted = platformFlag(args);
  const report = await examineImage({
    image,
    timeoutMs: stepTimeoutMs(args),
    ...(wanted === undefined ? {} : { wanted }),
    ...(ca === undefined ? {} : { ca }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return tellProbe(args, report, language);
}

function platformFlag(args: Arguments): ReturnType<typeof platformOf> {
  const text = textFlag(args, 'for');
  if (text === undefined) return undefined;
  const platform = platformOf(text);
  if (platform !== undefined) return platform;
  throw new UserError(`--for must be a platform such as linux/amd64, but is "${text}"`, 2);
}
