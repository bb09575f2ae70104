import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { causes } from '../causes/table.ts';
import { indexPageOf, pageOf } from './page.ts';

const folder = join(import.meta.dirname, '../../../../docs/reference/doctor');

/** `vitest run -u` writes the pages anew. */
it.each(causes.map((cause) => [cause.id, cause] as const))('%s has its page', async (id, cause) => {
  await expect(pageOf(cause)).toMatchFileSnapshot(join(folder, `${id}.md`));
});

it('lists every page', async () => {
  await expect(indexPageOf(causes)).toMatchFileSnapshot(join(folder, 'README.md'));
});

it('has no page without a cause', () => {
  const known = new Set([...causes.map(({ id }) => id), 'README']);
  const pages = globSync('*.md', { cwd: folder }).map((file) => basename(file, '.md'));
  expect(pages.filter((page) => !known.has(page))).toEqual([]);
});
