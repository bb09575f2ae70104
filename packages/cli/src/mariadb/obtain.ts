import type { Tell } from '../terminal/progress.ts';
import { messageOf, UserError } from '../user-error.ts';
import type { Installation } from './installation.ts';

/** The ways to a MariaDB server, in the order they are tried. Handed in, so that the order can be tested. */
export interface Ways {
  readonly onMachine: () => Installation | undefined;
  readonly unpacked: () => Installation | undefined;
  /** Undefined where there is no apt. */
  readonly unpack: ((tell: Tell) => Promise<Installation>) | undefined;
  /** Undefined where there is no apt, or we are not root. */
  readonly install: ((tell: Tell) => Promise<void>) | undefined;
}

/**
 * Finds a MariaDB server, or gets one: the machine's, the one unpacked earlier, the distribution's package unpacked
 * without touching the system, the same installed as root. Throws a `UserError` with the exact instruction when none
 * of these leads there.
 */
export async function obtain(ways: Ways, tell: Tell): Promise<Installation> {
  const there = ways.onMachine() ?? ways.unpacked();
  if (there !== undefined) return there;
  const reasons: string[] = [];
  const attempt = async (way: () => Promise<Installation | undefined>): Promise<Installation | undefined> =>
    way().catch((thrown: unknown) => {
      reasons.push(messageOf(thrown));
      return undefined;
    });
  const { unpack, install } = ways;
  const unpacked = unpack && (await attempt(() => unpack(tell)));
  if (unpacked !== undefined) return unpacked;
  const installed = install && (await attempt(() => install(tell).then(ways.onMachine)));
  if (installed !== undefined) return installed;
  throw new UserError(instruction(reasons));
}

function instruction(reasons: readonly string[]): string {
  const why = reasons.length === 0 ? 'there is no apt here to get it with' : reasons.join('; ');
  return (
    `the Board needs MariaDB's server and it was not found (${why}); install it ` +
    '(Debian, Ubuntu: sudo apt-get install mariadb-server-core; Fedora: sudo dnf install mariadb-server; ' +
    'macOS: brew install mariadb), or set BOARD_DATABASE_URL=mysql://user:password@host:3306/board to a server ' +
    'you have, or start the stack alone with --no-board'
  );
}
