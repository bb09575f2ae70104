import { glob, readFile, stat } from 'node:fs/promises';
import { list, Problems, readYaml } from '@maru/config';
import { targetGroup } from '../config/discoveries.ts';
import type { FileDiscovery } from '../config/job.ts';
import type { LabelMap } from '../scrape/target.ts';
import { addressesOf, lookEvery, type WatchOptions } from './watching.ts';

/** Prometheus is told of changes by the system; a look at some dates every few seconds is the same on every file system. */
const lookIntervalMs = 2_000;
const largestFile = 16 * 1024 * 1024;

/** Targets in files. A file that cannot be read keeps the targets that it had. */
export async function watchFiles(discovery: FileDiscovery, options: WatchOptions): Promise<void> {
  const files = new TargetFiles();
  await lookEvery(
    Math.min(lookIntervalMs, discovery.refreshMs),
    async () => {
      const { changed, problem } = await files.look(discovery.patterns);
      if (changed) options.found(files.targets());
      if (problem !== undefined) throw problem;
    },
    options,
  );
}

interface KnownFile {
  readonly mark: string;
  readonly targets: readonly LabelMap[];
}

/** The files as they were when they were last looked at. */
class TargetFiles {
  #known: ReadonlyMap<string, KnownFile> | undefined;

  targets(): readonly LabelMap[] {
    return [...(this.#known?.values() ?? [])].flatMap(({ targets }) => targets);
  }

  async look(patterns: readonly string[]): Promise<{ readonly changed: boolean; readonly problem: unknown }> {
    const before = this.#known;
    const now = new Map<string, KnownFile>();
    let problem: unknown;
    for (const path of await pathsOf(patterns)) {
      try {
        now.set(path, await read(path, before?.get(path)));
      } catch (error) {
        problem = new Error(
          `cannot read targets from ${path}: ${error instanceof Error ? error.message : String(error)}`,
        );
        const kept = before?.get(path);
        if (kept !== undefined) now.set(path, kept);
      }
    }
    this.#known = now;
    const same =
      before !== undefined &&
      before.size === now.size &&
      [...now].every(([path, file]) => before.get(path) === file);
    return { changed: !same, problem };
  }
}

async function pathsOf(patterns: readonly string[]): Promise<readonly string[]> {
  const paths = new Set<string>();
  for (const pattern of patterns) for await (const path of glob(pattern)) paths.add(path);
  return [...paths].toSorted();
}

async function read(path: string, before: KnownFile | undefined): Promise<KnownFile> {
  const { mtimeMs, size } = await stat(path);
  const mark = `${mtimeMs} ${size}`;
  if (before?.mark === mark) return before;
  if (size > largestFile) throw new Error(`it has ${size} bytes where ${largestFile} are allowed`);
  const problems = new Problems();
  const groups = list(targetGroup).read(readYaml(await readFile(path, 'utf8'), path), 'targets', problems);
  problems.throwIfAny();
  const targets = (groups ?? [])
    .flatMap(addressesOf)
    .map((labels) => new Map([...labels, ['__meta_filepath', path]]));
  return { mark, targets };
}
