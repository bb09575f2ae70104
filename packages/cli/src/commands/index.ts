import type { Command } from '../command.ts';
import { helpFor } from './help.ts';
import { version } from './version.ts';

const work: readonly Command[] = [version];

/** Every command, in the order of the help. */
export const commands: readonly Command[] = [...work, helpFor(work)];
