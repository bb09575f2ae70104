import type { Command } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { configFile } from '../parts/config-file.ts';
import { boardFlags, stackFlags } from '../parts/flags.ts';
import { openPlaces } from '../parts/places.ts';
import { upOptions } from '../up/options.ts';
import { runUp } from '../up/run-up.ts';
import { UserError } from '../user-error.ts';

export const up: Command = {
  name: 'up',
  summary: 'starts stack, Board and MariaDB, proves that telemetry arrives, runs until Ctrl-C',
  flags: {
    once: {
      type: 'boolean',
      help: 'end after the proof: exit code 0 when it holds, 1 with the reason when not',
    },
    json: {
      type: 'boolean',
      help: 'print the proof and the addresses as one JSON document; progress on standard error',
    },
    'no-board': { type: 'boolean', help: 'start the stack alone; then there is nothing to prove' },
    'no-load': { type: 'boolean', help: 'send no load to the Board' },
    rate: { type: 'string', value: 'N', help: 'actions a second of the load', default: '1' },
    ...stackFlags,
    ...boardFlags,
  },
  notes:
    'BOARD_DATABASE_URL=mysql://… uses a server of yours instead of a private MariaDB; BOARD_ADMIN_PASSWORD is the\npassword of the account admin. Logs of every part are in DIR/logs.',
  run: async (args) => {
    const places = openPlaces(textFlag(args, 'data'));
    const config = await configFile(textFlag(args, 'config'), places.dataDir);
    if (config.tls !== undefined)
      throw new UserError(
        './maru up speaks plain HTTP, but the configuration file has tls: use ./maru serve',
      );
    return runUp(upOptions(args, config), config, places);
  },
};
