import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, type RunResult, run } from '../process/run.ts';
import type { Tell } from '../terminal/progress.ts';

/** Debian's name since 12 and Ubuntu's since 24.04, then Ubuntu 22.04's. */
const serverPackages = ['mariadb-server-core', 'mariadb-server-core-10.6'];

/** Dependencies of a package, of those too, and nothing that is merely recommended. */
const onlyDepends = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map(
  (kind) => `--no-${kind}`,
);

/** Root's apt would hand downloads to the user `_apt`, who may not write to our directories. */
const asOurselves = 'APT::Sandbox::User=root';

/** Whether this machine takes packages by apt. */
export function hasApt(): boolean {
  return existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg-deb');
}

/**
 * apt with lists and caches of our own, so that it works without being root, without the system's locks, and where
 * the image was shipped without package lists.
 */
export interface AptPlace {
  /** Holds the lists and what apt caches. */
  readonly stateDir: string;
  /** Whether a package is installed on the system. */
  readonly isInstalled: (name: string) => boolean;
}

/**
 * Downloads MariaDB's server and those of its dependencies that the system lacks, as `.deb` files, into a directory.
 * Throws one sentence when that cannot be done.
 */
export async function downloadServer(place: AptPlace, dir: string, tell: Tell): Promise<void> {
  mkdirSync(dir, { recursive: true });
  tell('downloading its package');
  // The system's lists first: fetching our own takes 10 s and 80 MB on Debian 12. They may be missing, or so old
  // that the package has left the mirror; then our own.
  if (await downloadWith([], place, dir)) return;
  tell('fetching package lists');
  const own = ownLists(place.stateDir);
  const update = await run('apt-get', [...own, 'update'], { cwd: dir });
  tell('downloading its package');
  if (update.code === 0 && (await downloadWith(own, place, dir))) return;
  throw new Error(`apt could not download ${serverPackages[0]}: ${lastLines(update.output, 3)}`);
}

async function downloadWith(options: readonly string[], place: AptPlace, dir: string): Promise<boolean> {
  for (const name of serverPackages) {
    if ((await download(options, [name], dir)).code !== 0) continue;
    const missing = (await dependencies(options, name)).filter(
      (dependency) => !place.isInstalled(dependency),
    );
    // One that is but an alternative of an installed one may not be there: what is really missing shows when the
    // server is run.
    for (const dependency of missing) await download(options, [dependency], dir);
    return true;
  }
  return false;
}

function download(options: readonly string[], names: readonly string[], dir: string): Promise<RunResult> {
  return run('apt-get', [...options, '-o', asOurselves, 'download', ...names], { cwd: dir });
}

async function dependencies(options: readonly string[], name: string): Promise<readonly string[]> {
  const { stdout } = await run('apt-cache', [...options, 'depends', '--recurse', ...onlyDepends, name]);
  const names = stdout.split('\n').filter((line) => /^[a-z0-9]/.test(line) && line !== name);
  return [...new Set(names.map((line) => line.replace(/:.*$/, '')))];
}

function ownLists(stateDir: string): readonly string[] {
  for (const dir of ['lists/partial', 'cache/archives/partial'])
    mkdirSync(join(stateDir, dir), { recursive: true });
  return [
    `Dir::State::lists=${stateDir}/lists`,
    `Dir::Cache=${stateDir}/cache`,
    asOurselves,
    'Debug::NoLocking=true',
  ].flatMap((option) => ['-o', option]);
}

/** The names of all installed packages, asked once. */
export async function installedPackages(): Promise<ReadonlySet<string>> {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg-query's own placeholders
  const { stdout } = await run('dpkg-query', ['-W', '-f', '${db:Status-Abbrev} ${Package}\n']);
  return new Set(stdout.split('\n').flatMap((line) => (line.startsWith('ii') ? [line.slice(2).trim()] : [])));
}

/** Unpacks every `.deb` of a directory under `root`, without touching the system. */
export async function unpackAll(dir: string, root: string): Promise<void> {
  for (const file of readdirSync(dir).filter((name) => name.endsWith('.deb'))) {
    const result = await run('dpkg-deb', ['-x', join(dir, file), root]);
    if (result.code !== 0)
      throw new Error(`dpkg-deb could not unpack ${file}: ${lastLines(result.output, 1)}`);
  }
}

/** Installs packages on the system. Only root can. Throws one sentence when apt fails. */
export async function installWithApt(names: readonly string[]): Promise<void> {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = (): Promise<RunResult> =>
    run('apt-get', ['install', '-y', '--no-install-recommends', ...names], { env });
  if ((await install()).code === 0) return;
  await run('apt-get', ['update'], { env });
  const result = await install();
  if (result.code !== 0)
    throw new Error(`apt-get install ${names.join(' ')} failed: ${lastLines(result.output, 3)}`);
}
