import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { dropReasons } from './state.ts';

test('every reason for which a destination does not get something is in the reference, and no other', () => {
  const page = readFileSync(new URL('../../../docs/reference/rejections.md', import.meta.url), 'utf8');
  const documented = [...page.matchAll(/^\| `dropped` +\| `(\w+)`/gm)].map(([, reason]) => reason);
  expect(documented.toSorted()).toEqual(dropReasons.toSorted());
});
