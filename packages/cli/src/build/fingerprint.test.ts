import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'maru-fingerprint-'));
  mkdirSync(join(dir, 'src'));
  writeFileSync(join(dir, 'src/a.ts'), 'a');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** Whether the fingerprint changes by what is done. */
function changesBy(act: () => void): boolean {
  const before = fingerprint([dir]);
  act();
  return fingerprint([dir]) !== before;
}

it('stays when nothing is done', () => {
  expect(changesBy(() => {})).toBe(false);
});

it('changes when a file is written, added, touched or taken away', () => {
  expect(changesBy(() => writeFileSync(join(dir, 'src/a.ts'), 'longer'))).toBe(true);
  expect(changesBy(() => writeFileSync(join(dir, 'src/b.ts'), ''))).toBe(true);
  expect(changesBy(() => utimesSync(join(dir, 'src/a.ts'), 1, 1))).toBe(true);
  expect(changesBy(() => rmSync(join(dir, 'src/b.ts')))).toBe(true);
});

it('does not see what the build itself writes', () => {
  expect(changesBy(() => mkdirSync(join(dir, 'dist')))).toBe(false);
  expect(changesBy(() => writeFileSync(join(dir, 'dist/index.html'), 'x'))).toBe(false);
});
