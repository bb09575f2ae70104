import { type Answer, answerText } from '../probe/exchange.ts';
import { fieldsOf } from './credentials.ts';
import { normal, type Platform } from './platform.ts';
import type { ImageReference } from './reference.ts';
import { getBlob, getManifest, parsed, type Registry } from './registry.ts';

/** An image as far as it is needed to say what it runs on. */
export interface ImageRead {
  /** `index` lists an image for each platform; `manifest` is one image. */
  readonly kind: 'index' | 'manifest';
  readonly images: readonly PlatformImage[];
}

/** One image: what it says it is for, and where its parts are. */
export interface PlatformImage {
  readonly platform: Platform;
  /** Undefined: the manifest that was asked for, no child of an index. */
  readonly digest?: string;
}

/** The registry answered, but not with what was asked for. */
export class RegistryRefusal extends Error {
  override readonly name = 'RegistryRefusal';
  readonly answer: Answer;

  constructor(answer: Answer) {
    super(answerText(answer));
    this.answer = answer;
  }
}

/** What came is no image that has a platform. */
export class NoImage extends Error {
  override readonly name = 'NoImage';
}

/** More children than any index has; each without a platform costs two requests. */
const mostChildren = 64;

/** Reads which platforms an image has. Throws `RegistryRefusal`, `NoImage`, or the system's error. */
export async function readImage(registry: Registry, image: ImageReference): Promise<ImageRead> {
  const manifest = await fetchManifest(registry, image, image.reference);
  const children = manifest.get('manifests');
  if (!Array.isArray(children)) {
    return { kind: 'manifest', images: [{ platform: await platformByConfig(registry, image, manifest) }] };
  }
  const images: PlatformImage[] = [];
  for (const child of children.slice(0, mostChildren)) {
    const read = await readChild(registry, image, fieldsOf(child));
    if (read !== undefined) images.push(read);
  }
  return { kind: 'index', images };
}

export async function fetchManifest(
  registry: Registry,
  image: ImageReference,
  reference: string,
): Promise<ReadonlyMap<string, unknown>> {
  const answer = await getManifest(registry, image, reference);
  if (answer.status !== 200) throw new RegistryRefusal(answer);
  const manifest = fieldsOf(parsed(answer.body));
  if (manifest.size === 0) throw new NoImage(`what came as the manifest is no JSON: ${answerText(answer)}`);
  return manifest;
}

/** An attestation (provenance, SBOM) is a child of the index too, and nothing that runs. */
async function readChild(
  registry: Registry,
  image: ImageReference,
  child: ReadonlyMap<string, unknown>,
): Promise<PlatformImage | undefined> {
  const digest = child.get('digest');
  const annotations = fieldsOf(child.get('annotations'));
  if (typeof digest !== 'string' || annotations.has('vnd.docker.reference.type')) return undefined;
  const told = platformIn(fieldsOf(child.get('platform')));
  if (told?.os === 'unknown' || told?.architecture === 'unknown') return undefined;
  if (told !== undefined) return { platform: told, digest };
  const manifest = await fetchManifest(registry, image, digest);
  return { platform: await platformByConfig(registry, image, manifest), digest };
}

/** Where a manifest names no platform its configuration does, as containerd has it. */
async function platformByConfig(
  registry: Registry,
  image: ImageReference,
  manifest: ReadonlyMap<string, unknown>,
): Promise<Platform> {
  const platform = platformIn(await fetchConfig(registry, image, manifest));
  if (platform === undefined) throw new NoImage('its configuration names no os and architecture');
  return platform;
}

/** The configuration blob of a manifest. */
export async function fetchConfig(
  registry: Registry,
  image: ImageReference,
  manifest: ReadonlyMap<string, unknown>,
): Promise<ReadonlyMap<string, unknown>> {
  const digest = fieldsOf(manifest.get('config')).get('digest');
  if (typeof digest !== 'string') throw new NoImage('its manifest has no configuration');
  const answer = await getBlob(registry, image, digest);
  if (answer.status !== 200) throw new RegistryRefusal(answer);
  return fieldsOf(parsed(answer.body));
}

function platformIn(fields: ReadonlyMap<string, unknown>): Platform | undefined {
  const [os, architecture, variant] = [fields.get('os'), fields.get('architecture'), fields.get('variant')];
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return normal({ os, architecture, ...(typeof variant === 'string' ? { variant } : {}) });
}
