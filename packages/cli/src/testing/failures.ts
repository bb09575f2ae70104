import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

/** The environment variable that names the file to write the failures to. */
export const failuresFile = 'MARU_TEST_FAILURES';

/**
 * A reporter of Vitest's (it is given by this file's path) that writes every failure, in short, to a file: a test that
 * failed, a file that could not be loaded, an error outside of tests. `./maru test` prints them at its very end, since
 * of a long run often no more than the end is kept or looked at.
 */
export default class FailuresReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const file = process.env[failuresFile];
    if (file !== undefined) writeFileSync(file, failuresOf(modules, unhandledErrors).join(''));
  }
}

function failuresOf(
  modules: readonly TestModule[],
  unhandledErrors: readonly SerializedError[],
): readonly string[] {
  return [
    ...modules.flatMap(failuresOfModule),
    ...unhandledErrors.map((error) => failureText('an error outside of tests', [error])),
  ];
}

function failuresOfModule(module: TestModule): readonly string[] {
  const own = module.errors();
  const tests = [...module.children.allTests('failed')].map((test) =>
    failureText(`${module.relativeModuleId} › ${test.fullName}`, test.result().errors ?? []),
  );
  return own.length === 0 ? tests : [failureText(module.relativeModuleId, own), ...tests];
}

/** Where it happened, then each error's message and the way there through our own code. */
function failureText(place: string, errors: readonly Pick<SerializedError, 'message' | 'stack'>[]): string {
  return `✗ ${place}\n${errors.map((error) => indented(error.stack ?? error.message)).join('')}`;
}

function indented(text: string): string {
  const lines = text.split('\n').filter((line) => !isForeignFrame(line));
  return lines
    .slice(0, 20)
    .map((line) => `    ${line}\n`)
    .join('');
}

/** A line of a stack that lies in Node or in a package, or nowhere. */
function isForeignFrame(line: string): boolean {
  return line.startsWith('    at ') && (/node_modules|node:/.test(line) || line.includes('<anonymous>'));
}
