import { join } from 'node:path';
import type { Command } from '../command.ts';
import { repository } from '../paths.ts';
import { runNode } from '../process/run-node.ts';
import { UserError } from '../user-error.ts';

/** What there is to conform to: the program that runs it, and where its scripts lie when they are at hand. */
const suites: Readonly<Record<string, { readonly program: string; readonly scripts: string }>> = {
  promql: { program: 'packages/testkit/src/promqltest/main.ts', scripts: '../shared/conformance/promqltest' },
};

export const conformance: Command = {
  name: 'conformance',
  summary: "runs others' acceptance scripts and prints passed and failed for each file",
  words: 'promql [FILE…]',
  flags: {},
  notes:
    'Twice: on the engine in the process with a store of its own, and over HTTP against a whole stack. The scripts are\nnot part of this repository; they are looked for in ../shared/conformance beside it, and skipped when not there.',
  run: ({ words: [name = 'promql', ...files] }) => {
    const suite = suites[name];
    if (suite === undefined) {
      throw new UserError(`there is no suite "${name}"; there is ${Object.keys(suites).join(', ')}`, 2);
    }
    const scripts = join(repository, suite.scripts);
    return runNode(join(repository, suite.program), [scripts, ...files]);
  },
};
