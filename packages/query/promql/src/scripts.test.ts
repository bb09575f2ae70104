import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  allQueries,
  openTestStore,
  runPromqlScript,
  suiteQueries,
  type TestStore,
} from '@maru/testkit/queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let test: TestStore;

beforeAll(() => {
  test = openTestStore();
});

afterAll(() => test.close());

describe('our own scripts, as a default Prometheus 3 answers', () => {
  const directory = new URL('../testdata/', import.meta.url);

  it.each(readdirSync(directory))('%s', async (name) => {
    const text = readFileSync(new URL(name, directory), 'utf8');
    const outcomes = await runPromqlScript(text, test.store);
    expect(outcomes.length).toBeGreaterThan(3);
    expect(outcomes.filter(({ problem }) => problem !== undefined)).toEqual([]);
  });
});

/** Prometheus's scripts lie beside the repository where they are at hand; they are not part of it. */
const scripts = new URL('../../../../../shared/conformance/promqltest/', import.meta.url);
const haveScripts = existsSync(scripts);

describe(`the acceptance scripts of Prometheus (${allQueries} queries, ${haveScripts ? 'at hand' : `not at ${fileURLToPath(scripts)}: skipped`})`, () => {
  it.skipIf(!haveScripts).each(Object.entries(suiteQueries))(
    '%s',
    { timeout: 900_000 },
    async (name, count) => {
      const settings = { experimental: true, delayedNameRemoval: true };
      const text = readFileSync(new URL(`${name}.test`, scripts), 'utf8');
      const outcomes = await runPromqlScript(text, test.store, settings);
      expect(outcomes.filter(({ problem }) => problem !== undefined)).toEqual([]);
      expect(outcomes).toHaveLength(count);
    },
  );
});
