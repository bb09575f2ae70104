import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
}

/** Writes an image without layers for each platform as an OCI layout: an index of them, or one manifest for one platform. */
export function writeImageLayout(dir: string, platforms: readonly string[]): void {
  mkdirSync(join(dir, 'blobs/sha256'), { recursive: true });
  const blob = (mediaType: string, value: object): Descriptor => {
    const bytes = Buffer.from(JSON.stringify(value));
    const hash = createHash('sha256').update(bytes).digest('hex');
    writeFileSync(join(dir, 'blobs/sha256', hash), bytes);
    return { mediaType, digest: `sha256:${hash}`, size: bytes.length };
  };
  const image = (os: string, architecture: string): Descriptor => {
    const rootfs = { type: 'layers', diff_ids: [] };
    const config = blob(`${oci}.config.v1+json`, { os, architecture, rootfs });
    const mediaType = `${oci}.manifest.v1+json`;
    return blob(mediaType, { schemaVersion: 2, mediaType, config, layers: [] });
  };
  const images = platforms.map((platform) => {
    const [os = '', architecture = ''] = platform.split('/');
    return { ...image(os, architecture), platform: { os, architecture } };
  });
  const mediaType = `${oci}.index.v1+json`;
  const attestation = {
    ...image('unknown', 'unknown'),
    platform: { os: 'unknown', architecture: 'unknown' },
    annotations: { 'vnd.docker.reference.type': 'attestation-manifest' },
  };
  const whole = { schemaVersion: 2, mediaType, manifests: [...images, attestation] };
  const top = images.length === 1 ? images : [blob(mediaType, whole)];
  writeFileSync(join(dir, 'index.json'), JSON.stringify({ schemaVersion: 2, mediaType, manifests: top }));
  writeFileSync(join(dir, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

const oci = 'application/vnd.oci.image';
