import { constants } from 'node:fs';
import { access, link, mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * One data directory has one intake. `<dataDir>/run/intake.lock` holds the process's number and when it started: numbers
 * are used again (in a container the first process is always 1), the two together are not.
 */
export class DirectoryLock {
  private readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Throws one sentence when a living process holds the directory; a lock left by a crash is taken over. */
  static async take(dataDir: string): Promise<DirectoryLock> {
    const directory = join(dataDir, 'run');
    await mkdir(directory, { recursive: true, mode: 0o700 }).catch(async (error: unknown) => {
      throw await cannotWrite(dataDir, error);
    });
    const path = join(directory, 'intake.lock');
    const owner = await takeOver(path);
    if (owner === undefined) return new DirectoryLock(path);
    throw new Error(
      `the data directory ${dataDir} is in use by process ${owner}: stop that Maru first, or choose another directory with --data`,
    );
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

/** Node says ENOENT when it cannot make a directory on a read-only disk; asking for access tells why. */
async function cannotWrite(dataDir: string, error: unknown): Promise<Error> {
  const asked: unknown = await access(dataDir, constants.W_OK).then(
    () => error,
    (reason: unknown) => reason,
  );
  const code = asked instanceof Error && 'code' in asked ? asked.code : undefined;
  const why =
    code === 'EROFS' ? 'its disk is read-only' : asked instanceof Error ? asked.message : String(asked);
  return new Error(
    `cannot write to the data directory ${dataDir}: ${why}; make it writable, or choose another directory with --data`,
    { cause: error },
  );
}

/** Makes the lock ours, or gives the number of the process that has it. */
async function takeOver(path: string): Promise<number | undefined> {
  if (await tryLock(path)) return undefined;
  const [pid = '', started] = (await readFile(path, 'utf8').catch(() => '')).split(' ');
  if (await isRunning(Number(pid), started)) return Number(pid);
  await rm(path, { force: true });
  return (await tryLock(path)) ? undefined : Number.parseInt(await readFile(path, 'utf8'), 10);
}

/** The lock appears with its content in one step, so that no reader sees it half written. */
async function tryLock(path: string): Promise<boolean> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, `${process.pid} ${(await statOf(process.pid))?.[startField] ?? ''}`);
  try {
    await link(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await unlink(own);
  }
}

async function isRunning(pid: number, started: string | undefined): Promise<boolean> {
  if (!(pid > 0) || !isAlive(pid)) return false;
  const fields = await statOf(pid);
  if (fields === undefined) return true;
  return !ended.has(fields[stateField] ?? '') && (!started || fields[startField] === started);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

const stateField = 0;
const startField = 19;
/** A zombie has ended but can be signalled until its parent takes note, which in a container may be never. */
const ended: ReadonlySet<string> = new Set(['Z', 'X']);

/**
 * A process's `/proc/PID/stat` (proc(5)) after the name, which is in parentheses and may hold spaces: the state first,
 * and as the 20th when it started, in ticks since the system did. Undefined on systems without /proc.
 */
async function statOf(pid: number): Promise<readonly string[] | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return text?.slice(text.lastIndexOf(')') + 2).split(' ');
}
