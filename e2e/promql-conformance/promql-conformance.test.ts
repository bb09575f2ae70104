import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type HttpTarget, runScriptOn, startHttpTarget, suiteQueries } from '@maru/testkit/queries';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// Prometheus's own acceptance scripts through the doors: remote write in, its API out. These are the ones that hold each kind of
// sample and are short; `./maru conformance promql` runs all of them this way.
const names = ['range_queries', 'staleness', 'start_timestamps', 'literals', 'collision', 'limit'];
const scripts = new URL('../../../shared/conformance/promqltest/', import.meta.url);
const areThere = existsSync(scripts);
const title = areThere ? 'at hand' : `not at ${fileURLToPath(scripts)}: skipped`;

describe.skipIf(!areThere)(`the acceptance scripts of Prometheus over HTTP (${title})`, () => {
  let target: HttpTarget;
  beforeAll(async () => {
    target = await startHttpTarget();
  });
  afterAll(() => target?.close());

  test.each(names)('%s', { timeout: 600_000 }, async (name) => {
    const outcomes = await runScriptOn(readFileSync(new URL(`${name}.test`, scripts), 'utf8'), target);
    expect(outcomes.filter(({ problem }) => problem !== undefined)).toEqual([]);
    expect(outcomes).toHaveLength(suiteQueries[name] ?? 0);
  });
});
