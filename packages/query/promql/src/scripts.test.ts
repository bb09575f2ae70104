import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openTestStore, runPromqlScript, type TestStore } from '@maru/testkit/queries';
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

/**
 * How many queries of each of Prometheus's own acceptance scripts pass: all of them. The numbers may not fall.
 */
const floors: Readonly<Record<string, readonly [passing: number, all: number]>> = {
  aggregators: [160, 160],
  at_modifier: [78, 78],
  collision: [2, 2],
  duration_expression: [59, 59],
  extended_vectors: [169, 169],
  'fill-modifier': [46, 46],
  functions: [431, 431],
  histograms: [185, 185],
  info: [53, 53],
  limit: [37, 37],
  literals: [25, 25],
  name_label_dropping: [30, 30],
  native_histograms: [522, 522],
  operators: [214, 214],
  range_queries: [18, 18],
  selectors: [31, 31],
  staleness: [17, 17],
  start_timestamps: [26, 26],
  subquery: [34, 34],
  trig_functions: [19, 19],
  type_and_unit: [58, 58],
};

/** Prometheus's scripts lie beside the repository where they are at hand; they are not part of it. */
const scripts = new URL('../../../../../shared/conformance/promqltest/', import.meta.url);
const haveScripts = existsSync(scripts);
const all = Object.values(floors).reduce((sum, [, count]) => sum + count, 0);

describe(`the acceptance scripts of Prometheus (${all} queries, ${haveScripts ? 'at hand' : `not at ${fileURLToPath(scripts)}: skipped`})`, () => {
  it.skipIf(!haveScripts).each(Object.keys(floors))('%s', { timeout: 120_000 }, async (name) => {
    const settings = { experimental: true, delayedNameRemoval: true };
    const text = readFileSync(new URL(`${name}.test`, scripts), 'utf8');
    const outcomes = await runPromqlScript(text, test.store, settings);
    const passing = outcomes.filter(({ problem }) => problem === undefined).length;
    const [floor, count] = floors[name] ?? [0, 0];
    expect(outcomes).toHaveLength(count);
    expect(passing).toBeGreaterThanOrEqual(floor);
  });
});
