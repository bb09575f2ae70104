import { boardFrontEnd, consoleFrontEnd } from '../build/front-end.ts';
import type { Command } from '../command.ts';
import { Interruption } from '../process/interruption.ts';
import { Progress } from '../terminal/progress.ts';
import { meetNeeds } from '../testing/needs.ts';
import { type ProjectRun, runProject } from '../testing/run-project.ts';
import { isGreen, sumOf, tallyLine } from '../testing/tally.ts';
import { buildMissing } from '../up/build-missing.ts';

/** The tests beside the code, then those of the whole system. */
const projects = ['unit', 'e2e'];

export const test: Command = {
  name: 'test',
  summary: 'runs every test, or those whose path contains FILTER',
  words: '[FILTER…]',
  flags: {},
  notes:
    'Examples: ./maru test, ./maru test packages/otlp, ./maru test e2e/up. Ends with what failed, in short, and one line: N passed, N failed.',
  run: async ({ words: filters }) => {
    const progress = new Progress(process.stderr);
    const interruption = new Interruption(() => {});
    const environment = await meetNeeds(progress, needsBrowser(filters));
    if (needsBrowser(filters))
      await buildMissing([consoleFrontEnd, boardFrontEnd], progress, interruption.signal);
    const runs: ProjectRun[] = [];
    for (const project of projects) {
      if (interruption.signal.aborted) return 130;
      runs.push(await runProject(project, filters, environment));
    }
    interruption.close();
    process.stderr.write(runs.map(({ failures }) => failures).join(''));
    const whole = sumOf(runs.map(({ tally }) => tally));
    console.log(tallyLine(whole));
    return isGreen(whole) ? 0 : 1;
  },
};

/** Only tests of the whole system open a browser. */
function needsBrowser(filters: readonly string[]): boolean {
  return filters.length === 0 || filters.some((filter) => filter.includes('e2e'));
}
