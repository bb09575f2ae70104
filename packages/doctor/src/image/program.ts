import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { filesInTar } from '@maru/cluster';
import { fieldsOf } from './credentials.ts';
import { elfArchitecture } from './elf.ts';
import { fetchConfig, fetchManifest, type PlatformImage } from './read-image.ts';
import type { ImageReference } from './reference.ts';
import { getBlob, type Registry } from './registry.ts';

/** The program that an image starts, and the architecture in its own header. */
export interface Program {
  readonly path: string;
  readonly architecture: string;
}

/** Layers above these are not fetched: a doctor must not take minutes. In bytes, packed and unpacked. */
const largestLayer = 32 * 1024 * 1024;
const largestUnpacked = 256 * 1024 * 1024;
/** From the top: what was built lies above the base image. */
const mostLayers = 4;
const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const unpack = promisify(gunzip);

/**
 * Reads the header of the program that an image starts, out of the uppermost layer that has it. Undefined when it is a
 * script or a link, lies deeper, or cannot be fetched: then nothing is said of it.
 */
export async function readProgram(
  registry: Registry,
  image: ImageReference,
  { digest }: PlatformImage,
): Promise<Program | undefined> {
  try {
    const manifest = await fetchManifest(registry, image, digest ?? image.reference);
    const paths = programPaths(fieldsOf((await fetchConfig(registry, image, manifest)).get('config')));
    for (const layer of layersOf(manifest)) {
      const found = filesInTar(await fetchLayer(registry, image, layer)).find(({ path }) => paths.has(path));
      if (found === undefined) continue;
      const architecture = elfArchitecture(found.bytes);
      return architecture === undefined ? undefined : { path: `/${found.path}`, architecture };
    }
  } catch {
    // What cannot be fetched or unpacked proves nothing about the program.
  }
  return undefined;
}

/** Where the command may lie, without the slash at the start; a bare name is looked for along PATH. */
function programPaths(config: ReadonlyMap<string, unknown>): ReadonlySet<string> {
  const [command] = [config.get('Entrypoint'), config.get('Cmd')].flatMap((list) =>
    Array.isArray(list) ? list : [],
  );
  if (typeof command !== 'string' || command === '') return new Set();
  if (command.startsWith('/')) return new Set([command.slice(1)]);
  const folder = typeof config.get('WorkingDir') === 'string' ? String(config.get('WorkingDir')) : '/';
  const folders = command.includes('/') ? [folder] : usualPath.split(':');
  return new Set(folders.map((one) => `${one}/${command.replace(/^\.\//, '')}`.replace(/^\/+/, '')));
}

/** From the top down to the first that is too large: what lies below it may have been replaced in it. */
function layersOf(manifest: ReadonlyMap<string, unknown>): readonly string[] {
  const layers = manifest.get('layers');
  const fields = (Array.isArray(layers) ? layers : []).slice(-mostLayers).toReversed().map(fieldsOf);
  const tooLarge = fields.findIndex((layer) => !(Number(layer.get('size')) <= largestLayer));
  return (tooLarge < 0 ? fields : fields.slice(0, tooLarge)).map((layer) => String(layer.get('digest')));
}

async function fetchLayer(registry: Registry, image: ImageReference, digest: string): Promise<Buffer> {
  const { body } = await getBlob(registry, image, digest, largestLayer);
  const isGzip = body[0] === 0x1f && body[1] === 0x8b;
  return isGzip ? unpack(body, { maxOutputLength: largestUnpacked }) : body;
}
