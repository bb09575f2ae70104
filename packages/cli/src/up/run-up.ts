import { ownKey } from '@maru/server/keys';
import { Supervisor } from '@maru/server/supervise';
import { type BoardOptions, boardLoad, localUrl } from '../parts/board.ts';
import type { FileSettings } from '../parts/config-file.ts';
import { checkExposure } from '../parts/exposure.ts';
import { boardClaims, stackClaims } from '../parts/flags.ts';
import type { Places } from '../parts/places.ts';
import { checkPorts } from '../ports/claim.ts';
import { Interrupted, Interruption } from '../process/interruption.ts';
import { maruAt, type Proof, prove } from '../proof/index.ts';
import { prefixed } from '../terminal/prefixed.ts';
import { Progress } from '../terminal/progress.ts';
import { styleFor } from '../terminal/style.ts';
import type { UpOptions } from './options.ts';
import { reportJson, reportLines, urlsOf } from './report.ts';
import { type Starting, startParts } from './start.ts';

/** How long each signal of the proof may take, in milliseconds. */
const proofDeadlineMs = 30_000;

/** Starts everything, proves it, reports, and runs until it is told to end. Resolves with the exit code. */
export async function runUp(options: UpOptions, config: FileSettings, places: Places): Promise<number> {
  const progress = new Progress(process.stderr);
  const { dataDir } = places;
  const warnings = await checkExposure({ dataDir, keys: config.keys, clientCertificates: false, ...options });
  for (const warning of warnings) progress.say(`maru: ${warning}`);
  await checkPorts(claims(options));
  const supervisor = superviseInto(places, progress);
  const interruption = new Interruption(() => supervisor.kill());
  try {
    return await live(
      { options, config, places, supervisor, progress, signal: interruption.signal },
      interruption,
    );
  } catch (thrown) {
    if (thrown instanceof Interrupted) return 130;
    throw thrown;
  } finally {
    if (!options.once) progress.say('Stopping…');
    await supervisor.stop();
    interruption.close();
  }
}

async function live(starting: Starting, interruption: Interruption): Promise<number> {
  const { options, progress } = starting;
  const board = await interruption.orInterrupted(startParts(starting));
  const proof = board && (await interruption.orInterrupted(proveBoard(starting, board)));
  if (board !== undefined && !options.once) await startLoad(starting, board);
  report(options, proof, board);
  if (options.once) return (proof?.ok ?? true) ? 0 : 1;
  progress.say('Running until Ctrl-C.');
  await interruption.heard();
  return 0;
}

function claims(options: UpOptions): Parameters<typeof checkPorts>[0] {
  const board = options.board && boardClaims(options.board, options.host, !process.env.BOARD_DATABASE_URL);
  return [...stackClaims(options.stack, options), ...(board ?? [])];
}

function superviseInto({ logDir }: Places, progress: Progress): Supervisor {
  return new Supervisor({ logDir, say: (child, line) => progress.say(prefixed(child, line)) });
}

/** Before the load begins: so that the metric moves for this request and no other. */
async function proveBoard(
  { options: { host, consoleHost, stack }, places, progress }: Starting,
  { ports }: BoardOptions,
): Promise<Proof> {
  // Where keys are asked for, the stack's own is shown.
  const headers = { authorization: `Bearer ${await ownKey(places.dataDir)}` };
  const target = {
    stack: maruAt(localUrl(consoleHost, stack.console), headers),
    board: localUrl(host, ports.web),
    adminPassword: process.env.BOARD_ADMIN_PASSWORD || 'admin',
    deadlineMs: proofDeadlineMs,
  };
  return progress.run(
    'Looking for one login in all three signals',
    () => prove(target),
    ({ ok }) => (ok ? '' : '- not found in all of them'),
  );
}

async function startLoad({ options, supervisor, progress }: Starting, board: BoardOptions): Promise<void> {
  if (options.loadRate === 0) return;
  await supervisor.start(boardLoad(board, options.loadRate));
  progress.say(`A little load on the Board: ${options.loadRate} actions a second (--no-load, --rate).`);
}

function report(options: UpOptions, proof: Proof | undefined, board: BoardOptions | undefined): void {
  const urls = urlsOf(options, board);
  if (options.json) console.log(reportJson(proof, urls));
  else console.log(reportLines(proof, urls, styleFor(process.stdout)).join('\n'));
}
