import type { Seen } from '@maru/cluster';
import { silentServices } from '../facts/silence.ts';
import { stackFrom } from '../facts/stack.ts';
import { lastLinesOf } from './logs-of-machine.ts';
import { lookAtProcesses } from './processes.ts';

/**
 * What this machine tells: a stack's ledger, the processes that were told where to send, and the logs of services that have
 * fallen silent. Only of those: lines of a log bear no time, and the complaints of one that sends again are of the past.
 */
export async function lookAtMachine(
  readStack: () => Promise<Seen | undefined>,
  logDir: string | undefined,
): Promise<Seen> {
  const ofStack = await readStack();
  if (ofStack === undefined) return { objects: [], lines: [], gaps: [] };
  const stack = stackFrom(ofStack.objects);
  const silent = new Set((stack === undefined ? [] : silentServices(stack)).map(({ service }) => service));
  const [processes, lines] = await Promise.all([
    lookAtProcesses(),
    logDir === undefined ? [] : lastLinesOf(logDir, silent),
  ]);
  return { objects: [...ofStack.objects, ...processes], lines, gaps: ofStack.gaps };
}
