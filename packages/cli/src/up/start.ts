import { ownKey } from '@maru/server/keys';
import type { ChildSpec, Supervisor } from '@maru/server/supervise';
import { boardFrontEnd, consoleFrontEnd } from '../build/front-end.ts';
import { type BoardOptions, boardApi, boardWeb, localUrl } from '../parts/board.ts';
import type { FileSettings } from '../parts/config-file.ts';
import { type PreparedDatabase, prepareDatabase } from '../parts/database.ts';
import type { BoardPorts } from '../parts/flags.ts';
import type { Places } from '../parts/places.ts';
import { stackSettings, startStackChildren } from '../parts/stack.ts';
import type { Progress } from '../terminal/progress.ts';
import { buildMissing } from './build-missing.ts';
import type { UpOptions } from './options.ts';

/** What starting needs. */
export interface Starting {
  readonly options: UpOptions;
  readonly config: FileSettings;
  readonly places: Places;
  readonly supervisor: Supervisor;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Gets what is missing, then starts everything but the load: database, stack and front end side by side, the API when
 * its database is there. Resolves with the Board's options, or undefined without a Board, when all is ready.
 */
export async function startParts(starting: Starting): Promise<BoardOptions | undefined> {
  const { options, progress, signal } = starting;
  if (options.board === undefined) {
    await buildMissing([consoleFrontEnd], progress, signal);
    await startStack(starting);
    return undefined;
  }
  const { board } = options;
  const [database] = await Promise.all([
    getDatabase(starting, board),
    buildMissing([consoleFrontEnd, boardFrontEnd], progress, signal),
  ]);
  return startWithBoard(starting, board, database);
}

function getDatabase({ places, progress }: Starting, ports: BoardPorts): Promise<PreparedDatabase> {
  return progress.run('Getting MariaDB ready', (tell) =>
    prepareDatabase(places.databaseDir, ports.mariadb, tell),
  );
}

/**
 * Children are stopped in the reverse order of these calls: the API's last telemetry still finds intake there, and
 * its last queries the database.
 */
async function startWithBoard(
  starting: Starting,
  ports: BoardPorts,
  database: PreparedDatabase,
): Promise<BoardOptions> {
  const { options, places, supervisor, progress } = starting;
  const otlpEndpoint = localUrl(options.host, options.stack.otlpHttp);
  const ingestKey = await ownKey(places.dataDir);
  const board = { host: options.host, ports, databaseUrl: database.url, otlpEndpoint, ingestKey };
  const start = (title: string, spec: ChildSpec, port: number): Promise<void> =>
    progress.run(
      title,
      () => supervisor.start(spec),
      () => on(port),
    );
  const databaseThenApi = async (): Promise<void> => {
    if (database.server !== undefined) await start('MariaDB', database.server, ports.mariadb);
    await start("The Board's API", boardApi(board), ports.api);
  };
  await Promise.all([
    databaseThenApi(),
    startStack(starting),
    start("The Board's front end", boardWeb(board), ports.web),
  ]);
  return board;
}

async function startStack({ options, config, places, supervisor, progress }: Starting): Promise<void> {
  const settings = stackSettings(config, places.dataDir, options, options.stack);
  const ports = [options.stack.console, options.stack.otlpHttp, options.stack.otlpGrpc];
  await progress.run(
    'The stack',
    () => startStackChildren(supervisor, settings, 'warnings'),
    () => on(...ports),
  );
}

function on(...ports: readonly number[]): string {
  return `on ${ports.join(', ')}`;
}
