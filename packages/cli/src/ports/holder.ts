import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** The kernel's number for a socket that listens (`TCP_LISTEN`, include/net/tcp_states.h). */
const listening = '0A';

/**
 * Which process listens on a port, as `node (process 4711)`. Undefined where there is no /proc, or the process is
 * another user's and we may not look.
 */
export function holderOf(port: number): string | undefined {
  const inodes = new Set(
    ['/proc/net/tcp', '/proc/net/tcp6'].flatMap((table) => listeningInodes(table, port)),
  );
  if (inodes.size === 0) return undefined;
  const pid = entries('/proc').find((name) => /^\d+$/.test(name) && holdsOneOf(name, inodes));
  return pid === undefined ? undefined : `${read(`/proc/${pid}/comm`).trim()} (process ${pid})`;
}

/** A line is: slot, local address in hex `0100007F:1388`, remote address, state, …, inode as the tenth word. */
function listeningInodes(table: string, port: number): readonly string[] {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = read(table)
    .split('\n')
    .map((line) => line.trim().split(/\s+/));
  return lines.flatMap(([, local, , state, , , , , , inode]) =>
    local?.endsWith(suffix) && state === listening && inode !== undefined ? [inode] : [],
  );
}

function holdsOneOf(pid: string, inodes: ReadonlySet<string>): boolean {
  return entries(`/proc/${pid}/fd`).some((descriptor) => {
    const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${descriptor}`))?.[1];
    return inode !== undefined && inodes.has(inode);
  });
}

// Processes come and go while we look, and some are not ours to look at: what cannot be read is empty.
function orEmpty<Value>(readIt: () => Value, empty: Value): Value {
  try {
    return readIt();
  } catch {
    return empty;
  }
}

const read = (path: string): string => orEmpty(() => readFileSync(path, 'utf8'), '');
const link = (path: string): string => orEmpty(() => readlinkSync(path), '');
const entries = (path: string): readonly string[] => orEmpty(() => readdirSync(path), []);
