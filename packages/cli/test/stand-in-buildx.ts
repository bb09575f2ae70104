/**
 * Takes the command lines that `./maru images` gives to docker buildx, without a builder behind: it plans the targets that it is
 * named, and pushes tiny images with skopeo, for the platforms that it is told, beside an attestation as buildx adds it.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeImageLayout } from './image-layout.ts';

const [buildx, action, ...rest] = process.argv.slice(2);
const { planned, pushed }: { planned: readonly string[]; pushed: readonly string[] } = JSON.parse(
  process.env.STANDING ?? '{}',
);
const { REGISTRY, TAG } = process.env;

const only = rest[rest.indexOf('--set') + 1]?.split('=');
const platforms = only?.[0] === '*.platform' ? (only[1] ?? '').split(',') : planned;
const known = ['maru', 'board-api', 'board-web'];
const named = rest.filter((word) => known.includes(word));
const targets = named.length === 0 ? known : named;

function push(target: string): void {
  const dir = mkdtempSync(join(tmpdir(), 'maru-layout-'));
  try {
    writeImageLayout(
      dir,
      pushed.filter((platform) => platforms.includes(platform)),
    );
    const to = `docker://${REGISTRY}/${target}:${TAG}`;
    execFileSync('skopeo', [
      '--insecure-policy',
      'copy',
      '--all',
      '--dest-tls-verify=false',
      `oci:${dir}`,
      to,
    ]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

if (buildx !== 'buildx') process.exit(1);
if (action === 'bake' && rest.includes('--print')) {
  const entries = targets.map((name) => [name, { tags: [`${REGISTRY}/${name}:${TAG}`], platforms }]);
  console.log(JSON.stringify({ target: Object.fromEntries(entries) }));
} else if (action === 'bake' && rest.includes('--push')) targets.forEach(push);
