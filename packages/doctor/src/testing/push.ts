import { gunzipSync } from 'node:zlib';
import { digestOf } from './registry.ts';

/** What stands in a manifest for a part of the image. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

const configType = 'application/vnd.oci.image.config.v1+json';
const manifestType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';
const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** What an image is to hold. */
export interface ImageParts {
  readonly architecture: string;
  readonly entrypoint?: readonly string[];
  /** More of the image's configuration: `User`, `Env`. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Gzipped tar archives. */
  readonly layers?: readonly Uint8Array[];
}

/** Pushes images to one repository of a registry without a login, over plain HTTP. */
export class Pusher {
  readonly #base: string;

  constructor(port: number, repository: string) {
    this.#base = `http://127.0.0.1:${port}/v2/${repository}`;
  }

  /** One image under a tag: the plain manifest that `docker build` without BuildKit makes. */
  async image(tag: string, parts: ImageParts): Promise<Descriptor> {
    const { architecture, entrypoint = ['/app'], layers = [] } = parts;
    const config = {
      architecture,
      os: 'linux',
      config: { Entrypoint: entrypoint, ...parts.config },
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => digestOf(unpacked(layer))) },
    };
    return this.#manifest(tag, manifestType, {
      schemaVersion: 2,
      mediaType: manifestType,
      config: await this.#blob(configType, Buffer.from(JSON.stringify(config))),
      layers: await Promise.all(layers.map((layer) => this.#blob(layerType, layer))),
    });
  }

  /** An index; each child under the tag of its architecture, and an attestation as buildx adds it. */
  async index(tag: string, architectures: readonly string[], namesPlatforms = true): Promise<void> {
    const children = await Promise.all(
      architectures.map(async (architecture) => ({
        ...(await this.image(`${tag}-${architecture}`, { architecture })),
        ...(namesPlatforms ? { platform: { os: 'linux', architecture } } : {}),
      })),
    );
    const attestation = {
      ...(await this.image(`${tag}-attestation`, { architecture: 'unknown' })),
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
    };
    const manifests = [...children, attestation];
    await this.#manifest(tag, indexType, { schemaVersion: 2, mediaType: indexType, manifests });
  }

  async #blob(mediaType: string, bytes: Uint8Array): Promise<Descriptor> {
    const digest = digestOf(bytes);
    const started = await sent('POST', `${this.#base}/blobs/uploads/`);
    const url = new URL(started.headers.get('location') ?? '', this.#base);
    url.searchParams.set('digest', digest);
    await sent('PUT', url.href, bytes, 'application/octet-stream');
    return { mediaType, digest, size: bytes.length };
  }

  async #manifest(tag: string, mediaType: string, manifest: object): Promise<Descriptor> {
    const bytes = Buffer.from(JSON.stringify(manifest));
    await sent('PUT', `${this.#base}/manifests/${tag}`, bytes, mediaType);
    return { mediaType, digest: digestOf(bytes), size: bytes.length };
  }
}

async function sent(method: string, url: string, body?: Uint8Array, type?: string): Promise<Response> {
  const response = await fetch(url, {
    method,
    ...(body === undefined ? {} : { body: Buffer.from(body) }),
    ...(type === undefined ? {} : { headers: { 'content-type': type } }),
  });
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  return response;
}

/** A layer as its archive; what is not packed, or cut off, as it is. */
function unpacked(layer: Uint8Array): Uint8Array {
  try {
    return gunzipSync(layer);
  } catch {
    return layer;
  }
}
