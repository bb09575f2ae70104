import type { Arguments, Flags } from '../command.ts';
import { numberFlag } from '../flag-values.ts';
import { UserError } from '../user-error.ts';

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
