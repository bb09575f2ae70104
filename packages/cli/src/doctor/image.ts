import { at, textAt } from '@maru/cluster';
import {
  credentialsFor,
  examineImage,
  isArchitecture,
  type Language,
  platformOf,
  referenceOf,
} from '@maru/doctor';
import type { Arguments, Flags } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { authorityFlag } from '../parts/authority.ts';
import { UserError } from '../user-error.ts';
import { openedReader } from './live.ts';
import { stepTimeoutMs } from './probe-flags.ts';
import { tellProbe } from './probe-report.ts';

export const imageFlags: Flags = {
  for: {
    type: 'string',
    value: 'PLATFORM|NODE',
    help: 'with image: what the nodes are, such as linux/amd64 or arm64, or a node of the cluster',
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
  const wanted = await platformFlag(args);
  const report = await examineImage({
    image,
    timeoutMs: stepTimeoutMs(args),
    ...(wanted === undefined ? {} : { wanted }),
    ...(ca === undefined ? {} : { ca }),
    ...(credentials === undefined ? {} : { credentials }),
  });
  return tellProbe(args, report, language);
}

/** A platform, or a node of the cluster, whose platform is asked for. */
async function platformFlag(args: Arguments): Promise<ReturnType<typeof platformOf>> {
  const text = textFlag(args, 'for');
  if (text === undefined) return undefined;
  if (!text.includes('/') && !isArchitecture(text)) return platformOfNode(args, text);
  const platform = platformOf(text);
  if (platform !== undefined) return platform;
  throw new UserError(`--for must be a platform such as linux/amd64, or a node, but is "${text}"`, 2);
}

async function platformOfNode(args: Arguments, name: string): Promise<ReturnType<typeof platformOf>> {
  const reader = await openedReader(args);
  try {
    const { objects, gaps } = await reader.list('Node');
    const node = objects.find((one) => one.name === name);
    const info = at(node?.value, 'status', 'nodeInfo');
    const platform = platformOf(`${textAt(info, 'operatingSystem')}/${textAt(info, 'architecture')}`);
    if (node !== undefined && platform !== undefined) return platform;
    const why = gaps[0]?.text.en ?? `it has ${objects.map((one) => one.name).join(', ') || 'none'}`;
    throw new UserError(
      `--for is neither a platform such as linux/amd64 nor a node that the cluster shows: "${name}" (${why})`,
      2,
    );
  } finally {
    reader.close();
  }
}
