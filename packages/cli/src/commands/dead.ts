import {
  type DeadLetterInfo,
  type LetterId,
  listDeadLetters,
  parseLetterId,
  printedLetterId,
  readDeadLetter,
  retryDeadLetter,
} from '@maru/server/dead';
import type { Command } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { openPlaces } from '../parts/places.ts';
import { messageOf, UserError } from '../user-error.ts';

export const dead: Command = {
  name: 'dead',
  summary: 'lists, shows and retries the requests that the engine or a destination refused',
  words: 'list | show ID | retry ID…|all',
  flags: {
    data: { type: 'string', value: 'DIR', help: 'the data directory', default: '.maru/data' },
  },
  notes:
    "A dead letter is one acknowledged request that the engine could not load, or that a destination of forwarding refused\n(then its name begins with the destination's); it is kept until it is retried or deleted. retry puts it back into the\njournal of the running stack, or sends it to the destination again, once: it counts anew, and again when it is refused again.",
  run: async (args) => {
    const { dataDir } = openPlaces(textFlag(args, 'data'));
    const [action, ...ids] = args.words;
    if (action === 'list' && ids.length === 0) return list(dataDir);
    if (action === 'show' && ids[0] !== undefined && ids.length === 1) return show(dataDir, letterId(ids[0]));
    if (action === 'retry' && ids.length > 0) return retry(dataDir, await chosen(dataDir, ids));
    throw new UserError('./maru dead needs "list", "show ID" or "retry ID…|all"', 2);
  },
};

function letterId(text: string): LetterId {
  const id = parseLetterId(text);
  if (id !== undefined) return id;
  throw new UserError(
    `a dead letter is named as in traces/000000000012-345, but "${text}" is not; see ./maru dead list`,
    2,
  );
}

async function list(dataDir: string): Promise<number> {
  const ids = await listDeadLetters(dataDir);
  if (ids.length === 0) console.log('there are no dead letters');
  for (const id of ids) {
    const letter = await readDeadLetter(dataDir, id);
    if (letter !== undefined) console.log(lineOf(letter));
  }
  return 0;
}

function lineOf(letter: DeadLetterInfo): string {
  const items = `${letter.items} items`;
  return `${printedLetterId(letter).padEnd(28)}  ${timeOf(letter)}  ${items.padEnd(12)}  ${letter.reason}`;
}

async function show(dataDir: string, id: LetterId): Promise<number> {
  const letter = await readDeadLetter(dataDir, id);
  if (letter === undefined)
    throw new UserError(`there is no dead letter ${printedLetterId(id)}; see ./maru dead list`);
  const services = [...letter.services].map(([service, items]) => `${service} (${items})`).join(', ');
  console.log(
    [
      `id        ${printedLetterId(letter)}`,
      `received  ${timeOf(letter)}`,
      `items     ${letter.items}`,
      `services  ${services === '' ? 'not known' : services}`,
      `reason    ${letter.reason}`,
      `file      ${letter.path} (${letter.bytes} bytes)`,
    ].join('\n'),
  );
  return 0;
}

async function chosen(dataDir: string, words: readonly string[]): Promise<readonly LetterId[]> {
  return words.length === 1 && words[0] === 'all' ? listDeadLetters(dataDir) : words.map(letterId);
}

/** Each for itself: one that cannot be put back holds no other up. */
async function retry(dataDir: string, ids: readonly LetterId[]): Promise<number> {
  let failures = 0;
  for (const id of ids) {
    const retried = await retryDeadLetter(dataDir, id).catch((error: unknown) => notRunning(dataDir, error));
    if ('items' in retried) console.log(`${printedLetterId(id)}: ${retried.items} items ${whereTo(id)}`);
    else {
      failures += 1;
      console.error(`maru: ${retried.refused}`);
    }
  }
  if (ids.length === 0) console.log('there are no dead letters');
  return failures === 0 ? 0 : 1;
}

function whereTo({ destination }: LetterId): string {
  return destination === undefined ? 'are in the journal again' : `were sent to ${destination}`;
}

function notRunning(dataDir: string, error: unknown): never {
  throw new UserError(
    `no stack runs on ${dataDir} (${messageOf(error)}): start it with ./maru serve --data ${dataDir}, then retry`,
  );
}

function timeOf({ receivedUnixMs }: DeadLetterInfo): string {
  return receivedUnixMs === undefined
    ? 'time not known     '
    : `${new Date(receivedUnixMs).toISOString().slice(0, 19)}Z`;
}
