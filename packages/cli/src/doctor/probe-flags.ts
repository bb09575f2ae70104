import { readFile } from 'node:fs/promises';
import type { Arguments, Flags } from '../command.ts';
import { numberFlag, textFlag } from '../flag-values.ts';
import { messageOf, UserError } from '../user-error.ts';

/** What every probe of the doctor takes. */
export const probeFlags: Flags = {
  ca: { type: 'string', value: 'FILE', help: 'with otlp and image: PEM of the authority of the certificate' },
  within: {
    type: 'string',
    value: 'SECONDS',
    help: 'with otlp and image: how long each step may take',
    default: '5',
  },
};

/** Nobody waits longer for a step. */
const longestStepSeconds = 600;

/** How long each step may take, in milliseconds. */
export function stepTimeoutMs(args: Arguments): number {
  const seconds = numberFlag(args, 'within', 5);
  if (seconds > 0 && seconds <= longestStepSeconds) return seconds * 1_000;
  throw new UserError(`--within must be above 0 and at most ${longestStepSeconds} seconds`, 2);
}

/** The PEM text of `--ca`. */
export async function authorityFlag(args: Arguments): Promise<string | undefined> {
  const path = textFlag(args, 'ca');
  if (path === undefined) return undefined;
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    throw new UserError(`cannot read ${path}: ${messageOf(thrown)}; give a PEM file`, 2);
  }
}
