import { link, mkdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One data directory has one intake. Holds `<dataDir>/run/intake.lock` with the process's number in it. */
export class DirectoryLock {
  private readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** Throws one sentence when a living process holds the directory; a lock left by a crash is taken over. */
  static async take(dataDir: string): Promise<DirectoryLock> {
    const directory = join(dataDir, 'run');
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const path = join(directory, 'intake.lock');
    const owner = (await tryLock(path)) ? undefined : await livingOwner(path);
    if (owner !== undefined) {
      throw new Error(
        `the data directory ${dataDir} is in use by process ${owner}: stop that Maru first, or choose another directory with --data`,
      );
    }
    return new DirectoryLock(path);
  }

  async release(): Promise<void> {
    await rm(this.path, { force: true });
  }
}

/** The lock appears with its content in one step, so that no reader sees it half written. */
async function tryLock(path: string): Promise<boolean> {
  const own = `${path}.${process.pid}`;
  await writeFile(own, String(process.pid));
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

/** The process that holds the lock; when it is dead its lock is replaced by ours. */
async function livingOwner(path: string): Promise<number | undefined> {
  const owner = Number(await readFile(path, 'utf8').catch(() => '0'));
  if (owner > 0 && owner !== process.pid && isAlive(owner) && (await isNode(owner))) return owner;
  await rm(path, { force: true });
  return (await tryLock(path)) ? undefined : Number(await readFile(path, 'utf8'));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Numbers are used again, after a restart of a container at the latest: another program's does not hold the lock. */
async function isNode(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => undefined);
  return command === undefined || command.includes('intake');
}
