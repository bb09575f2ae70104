import type { Arguments } from '../command.ts';
import { isOn } from '../flag-values.ts';
import type { FileSettings } from '../parts/config-file.ts';
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
  readonly once: boolean;
  readonly json: boolean;
}

/** @param config what the configuration file says, which flags override */
export function upOptions(args: Arguments, config: FileSettings): UpOptions {
  return {
    ...stackHosts(args, config),
    stack: stackPorts(args, config),
    board: isOn(args, 'no-board') ? undefined : boardPorts(args),
    loadRate: isOn(args, 'no-load') ? 0 : rateFlag(args),
    once: isOn(args, 'once'),
    json: isOn(args, 'json'),
  };
}
