import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { openTestStore } from '../test-store.ts';
import { startHttpTarget } from './http-target.ts';
import { runScriptOn, type ScriptOutcome } from './run.ts';
import { storeTarget } from './store-target.ts';
import { allQueries, suiteQueries } from './suite.ts';
import type { ScriptTarget } from './target.ts';

/**
 * Runs acceptance scripts twice, on the engine in this process with a real store underneath, and over HTTP against a whole
 * stack. Prints passed and failed for each file, and ends with 1 when any query failed.
 *
 * Arguments: the directory of the scripts, then names of files in it, or paths; none for all of them. `--in-process` and
 * `--http` choose one of the two ways.
 */
async function main([directory = '', ...rest]: readonly string[]): Promise<number> {
  if (!existsSync(directory)) return skipped(directory);
  const names = rest.filter((word) => !word.startsWith('--'));
  const files = names.length === 0 ? scriptsOf(directory) : names.map((name) => find(directory, name));
  let failed = 0;
  if (!rest.includes('--http')) failed += await inProcess(files);
  if (!rest.includes('--in-process')) failed += await overHttp(files);
  return failed === 0 ? 0 : 1;
}

function skipped(directory: string): number {
  console.log(
    `skipped: the ${allQueries} queries of ${Object.keys(suiteQueries).length} scripts, which are not part of this repository ` +
      `and not at ${directory}; put Prometheus's promqltest files there`,
  );
  return 0;
}

/** What the scripts of Prometheus assume. */
const everythingOn = { experimental: true, delayedNameRemoval: true } as const;

async function inProcess(files: readonly string[]): Promise<number> {
  const test = openTestStore();
  try {
    return await runAll('in the process', files, [storeTarget(test.store, everythingOn)]);
  } finally {
    await test.close();
  }
}

/**
 * A stack spends most of a script waiting: for what was written to be loaded, and for what is deleted to be gone from the
 * disk. Three side by side take a third of the time.
 */
const stacksAtOnce = 3;

async function overHttp(files: readonly string[]): Promise<number> {
  const count = Math.min(stacksAtOnce, files.length);
  const started = await Promise.allSettled(Array.from({ length: count }, startHttpTarget));
  const targets = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  try {
    const failed = started.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return await runAll('over HTTP', longestFirst(files), targets);
  } finally {
    await Promise.all(targets.map((target) => target.close()));
  }
}

/** So that none is left for the end that takes as long as all others. */
function longestFirst(files: readonly string[]): readonly string[] {
  const queries = (path: string): number => suiteQueries[basename(path, '.test')] ?? 0;
  return files.toSorted((left, right) => queries(right) - queries(left));
}

/**
 * Runs the files, each on one of the targets, and tells of each as it ends.
 *
 * @returns how many queries failed
 */
async function runAll<H>(
  way: string,
  files: readonly string[],
  targets: readonly ScriptTarget<H>[],
): Promise<number> {
  console.log(`${way}:`);
  const all: ScriptOutcome[] = [];
  const unseen: string[] = [];
  const waiting = [...files];
  const work = async (target: ScriptTarget<H>): Promise<void> => {
    for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
      const outcomes = await runScriptOn(readFileSync(file, 'utf8'), target);
      report(basename(file), outcomes);
      all.push(...outcomes);
      unseen.push(...unseenOf(basename(file), outcomes));
    }
  };
  await Promise.all(targets.map(work));
  console.log(line('total', all));
  if (unseen.length > 0) console.log(`${unseen.length} of them pass but for what HTTP cannot show:`);
  for (const one of unseen) console.log(one);
  return all.filter(isFailed).length;
}

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

function unseenOf(name: string, outcomes: readonly ScriptOutcome[]): readonly string[] {
  return outcomes.flatMap(({ line, unseen, problem }) =>
    unseen === undefined || problem !== undefined
      ? []
      : [`  ${name}:${line}  the result names ${unseen}; all else was compared`],
  );
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
