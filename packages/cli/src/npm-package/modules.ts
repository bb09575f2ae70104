import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { repository } from '../paths.ts';

/** One of our packages, as its manifest has it. */
export interface Workspace {
  /** Relative to the repository. */
  readonly dir: string;
  readonly exports: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** What stands for a file in an import, with what is around it: `from '…'`, `import '…'`, `import('…')`, `import.meta.resolve('…')`. */
const specifiers = /(\bfrom\s+|\bimport\s+|\bimport\(\s*|\bimport\.meta\.resolve\(\s*)(['"])([^'"\n]+)\2/g;

/** Our packages by name. */
export function readWorkspaces(): ReadonlyMap<string, Workspace> {
  const manifests = globSync('packages/{*,query/*}/package.json', { cwd: repository });
  return new Map(manifests.map(readWorkspace));
}

function readWorkspace(manifest: string): [string, Workspace] {
  const {
    name,
    exports = {},
    dependencies = {},
  } = JSON.parse(readFileSync(join(repository, manifest), 'utf8'));
  const table = typeof exports === 'string' ? { '.': exports } : exports;
  return [name, { dir: dirname(manifest), exports: table, dependencies }];
}

/**
 * The file that an import names, relative to the repository; undefined for packages of others and of Node. Throws one sentence
 * when one of ours does not export it.
 *
 * @param from the file with the import, relative to the repository
 */
function fileOf(
  workspaces: ReadonlyMap<string, Workspace>,
  from: string,
  specifier: string,
): string | undefined {
  if (specifier.startsWith('.')) return join(dirname(from), specifier);
  const [, name = '', rest = ''] = /^(@maru\/[^/]+)(?:\/(.+))?$/.exec(specifier) ?? [];
  const workspace = workspaces.get(name);
  if (workspace === undefined) return undefined;
  const target = workspace.exports[rest === '' ? '.' : `./${rest}`];
  if (target === undefined) throw new Error(`${from} imports ${specifier}, which is not exported`);
  return join(workspace.dir, target);
}

/** Every file that one of some programs leads to by its imports, in the order in which they are found. */
export function reachableFrom(
  workspaces: ReadonlyMap<string, Workspace>,
  programs: readonly string[],
): readonly string[] {
  const found = new Set(programs);
  for (const file of found) {
    if (!file.endsWith('.ts')) continue;
    const text = readFileSync(join(repository, file), 'utf8');
    for (const [, , , specifier = ''] of text.matchAll(specifiers)) {
      const next = fileOf(workspaces, file, specifier);
      // A word in a comment may look like an import.
      if (next !== undefined && existsSync(join(repository, next))) found.add(next);
    }
  }
  return [...found];
}

/**
 * A module's text with imports of ours by relative paths, `.js` for `.ts`, and likewise the programs that it names
 * (`'packages/server/src/engine/main.ts'`).
 */
export function withRelativeImports(
  workspaces: ReadonlyMap<string, Workspace>,
  file: string,
  text: string,
): string {
  const rewritten = text.replaceAll(specifiers, (whole, before: string, quote: string, specifier: string) => {
    const target = fileOf(workspaces, file, specifier);
    if (target === undefined || !existsSync(join(repository, target))) return whole;
    return `${before}${quote}${relativeTo(file, target).replace(/\.ts$/, '.js')}${quote}`;
  });
  return rewritten.replaceAll(/'(packages\/[\w/-]+)\.ts'/g, "'$1.js'");
}

function relativeTo(file: string, target: string): string {
  const path = relative(dirname(file), target);
  return path.startsWith('.') ? path : `./${path}`;
}
