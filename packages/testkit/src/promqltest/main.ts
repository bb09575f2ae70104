import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openTestStore } from '../test-store.ts';
import { runPromqlScript, type ScriptOutcome } from './run.ts';

/**
 * Runs acceptance scripts on the engine with a real store underneath, prints passed and failed for each file, and ends
 * with 1 when any query failed.
 *
 * Arguments: the directory of the scripts, then names of files in it, or paths; none for all of them.
 */
async function main([directory = '', ...names]: readonly string[]): Promise<number> {
  const files = names.length === 0 ? scriptsOf(directory) : names.map((name) => find(directory, name));
  const test = openTestStore();
  const all: ScriptOutcome[] = [];
  for (const file of files) {
    const outcomes = await runPromqlScript(readFileSync(file, 'utf8'), test.store, everythingOn);
    report(basename(file), outcomes);
    all.push(...outcomes);
  }
  await test.close();
  console.log(line('total', all));
  return all.some(isFailed) ? 1 : 0;
}

/** What the scripts of Prometheus assume. */
const everythingOn = { experimental: true, delayedNameRemoval: true } as const;

function scriptsOf(directory: string): readonly string[] {
  const names = readdirSync(directory).filter((name) => name.endsWith('.test'));
  return names.toSorted().map((name) => join(directory, name));
}

function find(directory: string, name: string): string {
  const candidates = [name, join(directory, name), join(directory, `${name}.test`)];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no script ${name}, here or in ${directory}`);
  return found;
}

function isFailed({ problem }: ScriptOutcome): boolean {
  return problem !== undefined;
}

function line(name: string, outcomes: readonly ScriptOutcome[]): string {
  const failed = outcomes.filter(isFailed).length;
  const passed = String(outcomes.length - failed).padStart(5);
  return `${name.padEnd(28)}${passed} passed${String(failed).padStart(5)} failed`;
}

/** Enough failures of one file to see what they have in common. */
const shownFailures = 20;

function report(name: string, outcomes: readonly ScriptOutcome[]): void {
  console.log(line(name, outcomes));
  const failed = outcomes.filter(isFailed);
  for (const outcome of failed.slice(0, shownFailures)) {
    console.log(`  ${name}:${outcome.line}  ${outcome.expression}\n      ${outcome.problem}`);
  }
  if (failed.length > shownFailures) console.log(`  … and ${failed.length - shownFailures} more`);
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 2;
  },
);
