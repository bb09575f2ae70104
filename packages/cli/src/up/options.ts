import type { Arguments } from '../command.ts';
import { isOn, textFlag } from '../flag-values.ts';
import {
  type BoardPorts,
  boardPorts,
  rateFlag,
  type StackHosts,
  type StackPorts,
  stackHosts,
  stackPorts,
} from '../parts/flags.ts';

/** What `./maru up` was asked for. */
export interface UpOptions extends StackHosts {
  readonly stack: StackPorts;
  /** Undefined with `--no-board`. */
  readonly board: BoardPorts | undefined;
  /** Actions a second; 0 with `--no-load`. */
  readonly loadRate: number;
  readonly data: string | undefined;
  readonly once: boolean;
  readonly json: boolean;
}

export function upOptions(args: Arguments): UpOptions {
  return {
    ...stackHosts(args),
    stack: stackPorts(args),
    board: isOn(args, 'no-board') ? undefined : boardPorts(args),
    loadRate: isOn(args, 'no-load') ? 0 : rateFlag(args),
    data: textFlag(args, 'data'),
    once: isOn(args, 'once'),
    json: isOn(args, 'json'),
  };
}
