import { globSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, problemLine } from '@maru/config';
import { defaultPromqlSettings } from '@maru/promql';
import { loadRules, readRules, readTests, runRuleTests } from '@maru/rules';
import type { Arguments, Command } from '../command.ts';
import { isOn } from '../flag-values.ts';
import { messageOf, UserError } from '../user-error.ts';

export const rules: Command = {
  name: 'rules',
  summary: "checks files of rules, and runs unit tests of rules in Prometheus's format",
  words: 'check|test FILE…',
  flags: {
    'promql-experimental': { type: 'boolean', help: 'allow what a default Prometheus 3 has switched off' },
  },
  notes:
    'check names every problem as FILE:LINE:COLUMN. test runs what `promtool test rules` runs.\nExit code 0: all is well. 1: something is wrong. 2: a file cannot be read.',
  run: async (args) => {
    const [action, ...patterns] = args.words;
    const act = action === 'check' ? checkFile : action === 'test' ? testFile : undefined;
    if (act === undefined || patterns.length === 0)
      throw new UserError('./maru rules needs "check FILE" or "test FILE"', 2);
    let isSound = true;
    for (const file of patterns.flatMap(filesOf))
      isSound = (await reported(file, () => act(file, args))) && isSound;
    return isSound ? 0 : 1;
  },
};

function filesOf(pattern: string): readonly string[] {
  const found = globSync(pattern).toSorted();
  return found.length === 0 ? [pattern] : found;
}

async function reported(file: string, act: () => Promise<boolean>): Promise<boolean> {
  try {
    return await act();
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw new UserError(`${file}: ${messageOf(thrown)}`, 2);
    for (const problem of thrown.problems) console.error(problemLine(problem));
    return false;
  }
}

function defaultsOf(args: Arguments): Parameters<typeof readRules>[2] {
  const promql = { ...defaultPromqlSettings, experimental: isOn(args, 'promql-experimental') };
  return { intervalMs: 60_000, promql };
}

async function checkFile(file: string, args: Arguments): Promise<boolean> {
  const groups = readRules(readFileSync(file, 'utf8'), file, defaultsOf(args));
  console.log(`${file}: ${groups.flatMap((group) => group.rules).length} rules found`);
  return true;
}

async function testFile(file: string, args: Arguments): Promise<boolean> {
  const tests = readTests(readFileSync(file, 'utf8'), file);
  const defaults = defaultsOf(args);
  const patterns = tests.rule_files.map((pattern) => resolve(dirname(file), pattern));
  const failures = await runRuleTests(tests, await loadRules(patterns, defaults), defaults.promql);
  console.log(`${file}: ${failures.length === 0 ? 'SUCCESS' : 'FAILED'}`);
  for (const failure of failures) console.log(failure);
  return failures.length === 0;
}
