import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { imageCauses } from '../image/causes.ts';
import { otlpCauses } from '../otlp/causes.ts';
import { probePage } from '../probe/finding.ts';
import { type ProbeTable, probeIndexOf, probePageOf } from './probe-page.ts';

const root = join(import.meta.dirname, '../../../..');
const folder = join(root, 'docs/reference/doctor/probes');
const tables: readonly ProbeTable[] = [
  { command: './maru doctor otlp URL', causes: otlpCauses },
  { command: './maru doctor image IMAGE', causes: imageCauses },
];
const all = tables.flatMap((table) => Object.keys(table.causes).map((id) => [id, table] as const));

/** `vitest run -u` writes the pages anew. */
it.each(all)('%s has its page, where its report says', async (id, table) => {
  await expect(probePageOf(id, table)).toMatchFileSnapshot(join(root, probePage(id)));
});

it('lists every page, and has none without a cause', async () => {
  await expect(probeIndexOf(tables)).toMatchFileSnapshot(join(folder, 'README.md'));
  const known = new Set([...all.map(([id]) => id), 'README']);
  const pages = globSync('*.md', { cwd: folder }).map((file) => basename(file, '.md'));
  expect(pages.filter((page) => !known.has(page))).toEqual([]);
});
