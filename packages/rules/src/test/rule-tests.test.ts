import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defaultPromqlSettings } from '@maru/promql';
import { describe, expect, test } from 'vitest';
import { loadRules } from '../file/rule-files.ts';
import { readTests } from './format.ts';
import { runRuleTests } from './run.ts';

// Unit tests of rules in Prometheus's format; `promtool` runs the same files where it is on the PATH.
const testdata = new URL('../../testdata/', import.meta.url);
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

async function failuresOf(name: string): Promise<readonly string[]> {
  const promql = defaultPromqlSettings;
  const rules = await loadRules([fileURLToPath(new URL('rules.yml', testdata))], {
    intervalMs: 60_000,
    promql,
  });
  const tests = readTests(readFileSync(new URL(`${name}.yml`, testdata), 'utf8'), `${name}.yml`);
  return runRuleTests(tests, rules, promql);
}

test('tests that are right pass', async () => {
  expect(await failuresOf('passing')).toEqual([]);
});

test('each value that is wrong is named with what was expected and what there was', async () => {
  const failures = (await failuresOf('failing')).join('\n');
  expect(failures.match(/exp: .*/g)).toEqual([
    expect.stringContaining('summary="Instance c down"'),
    'exp: {__name__="job:requests:rate5m_doubled", job="api", source="rules"} 5',
    'exp: {} 5',
  ]);
  expect(failures.match(/got: .*/g)).toEqual([
    expect.stringContaining('summary="Instance a:9090 down"'),
    'got: {__name__="job:requests:rate5m_doubled", job="api", source="rules"} 4',
    'got: {} 4',
  ]);
});

describe.skipIf(!hasPromtool)(
  `beside promtool (${hasPromtool ? 'at hand' : 'not on the PATH: skipped'})`,
  () => {
    test.each(['passing', 'failing'])('%s has the same outcome', async (name) => {
      const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', `${name}.yml`], {
        cwd: fileURLToPath(testdata),
        encoding: 'utf8',
      });
      const failures = await failuresOf(name);
      expect(status === 0).toBe(failures.length === 0);
      // What it complains of stands at the end, one `got` each.
      expect(`${stdout}${stderr}`.match(/got: ?[{[]/g)?.length ?? 0).toBe(failures.length);
    });

    test('the rules themselves are sound to it', () => {
      const { status } = spawnSync('promtool', [
        'check',
        'rules',
        fileURLToPath(new URL('rules.yml', testdata)),
      ]);
      expect(status).toBe(0);
    });
  },
);
