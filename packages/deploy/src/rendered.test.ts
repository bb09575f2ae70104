import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { collector, everything, lgtm, objectsOf } from './objects.ts';

/**
 * The renderer inside kubectl, when it is of the same major version as the one that made the plain files: Debian 12's
 * kubectl 1.20 holds a Kustomize of 2019 that cannot read today's files.
 */
const canRender = kustomizeMajor() === 5;

function kustomizeMajor(): number | undefined {
  try {
    const text = execFileSync('kubectl', ['version', '--client', '--output=json'], { stdio: 'pipe' });
    const { kustomizeVersion }: { kustomizeVersion?: string } = JSON.parse(text.toString());
    return Number(/^v(\d+)\./.exec(kustomizeVersion ?? '')?.[1]);
  } catch {
    return undefined;
  }
}

describe.each(everything)('$name', (overlay) => {
  // When a manifest was changed on purpose: ./maru test packages/deploy -u
  it.skipIf(!canRender)('renders to the plain file (needs kubectl with Kustomize 5)', async () => {
    const rendered = execFileSync('kubectl', ['kustomize', overlay.source], { stdio: 'pipe' }).toString();
    await expect(rendered).toMatchFileSnapshot(overlay.plain);
  });

  it('has each object once', () => {
    const names = objectsOf(overlay).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.length).toBeGreaterThan(5);
    expect(new Set(names).size).toBe(names.length);
  });

  it('holds no Secret', () => {
    expect(objectsOf(overlay).filter(({ kind }) => kind === 'Secret')).toEqual([]);
  });

  it.skipIf(overlay === lgtm || overlay === collector)('holds no Collector', () => {
    expect(readFileSync(overlay.plain, 'utf8')).not.toMatch(/image: .*collector|kind: DaemonSet/i);
  });
});
