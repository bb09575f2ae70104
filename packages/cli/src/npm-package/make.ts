import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { repository } from '../paths.ts';
import { lastLines, run } from '../process/run.ts';
import { UserError } from '../user-error.ts';
import { reachableFrom, readWorkspaces, type Workspace, withRelativeImports } from './modules.ts';

/** What runs: the command, and the two processes that it starts. */
const programs = ['cli/src/main.ts', 'server/src/intake/main.ts', 'server/src/engine/main.ts'].map(
  (path) => `packages/${path}`,
);

/** What modules read from beside themselves. */
const assets = '**/*.{sql,proto,sh,json}';

const launcher = [
  '#!/usr/bin/env node',
  "const major = Number(process.versions.node.split('.')[0]);",
  'if (major < 24) {',
  "  console.error('maru: needs Node 24 or newer, and this is ' + process.version + '; install it (https://nodejs.org)');",
  '  process.exit(1);',
  '}',
  '// All that the package needs is in it: nothing is to be installed or built.',
  "process.env.MARU_NO_INSTALL = '1';",
  "await import('../packages/cli/src/main.js');",
  '',
].join('\n');

/**
 * Makes the npm package: the modules that the programs lead to, as JavaScript in the same folders (Node does not take types away
 * from what is installed), what they read, and the built console. Throws a `UserError` when npm cannot pack it.
 *
 * @param folder where it is put together; emptied first
 * @returns the path of the tarball, in that folder
 */
export async function makeNpmPackage(folder: string): Promise<string> {
  rmSync(folder, { recursive: true, force: true });
  const content = join(folder, 'maru');
  const workspaces = readWorkspaces();
  const files = reachableFrom(workspaces, programs);
  const used = [...workspaces.values()].filter(({ dir }) => files.some((file) => file.startsWith(`${dir}/`)));
  for (const file of files.filter((name) => name.endsWith('.ts'))) writeModule(workspaces, content, file);
  for (const { dir } of used) copyAssets(content, dir);
  copy(content, 'packages/console/dist');
  for (const name of ['README.md', 'README.ko.md', 'CHANGELOG.md', 'LICENSE']) copy(content, name);
  write(content, 'bin/maru.js', launcher);
  write(content, 'package.json', `${JSON.stringify(manifestOf(used), null, 2)}\n`);
  const packed = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: content });
  if (packed.code !== 0) throw new UserError(`npm could not pack ${content}: ${lastLines(packed.output, 3)}`);
  return join(folder, packed.stdout.trim());
}

function writeModule(workspaces: ReadonlyMap<string, Workspace>, content: string, file: string): void {
  const text = stripTypeScriptTypes(readFileSync(join(repository, file), 'utf8'));
  write(content, file.replace(/\.ts$/, '.js'), withRelativeImports(workspaces, file, text));
}

function copyAssets(content: string, dir: string): void {
  const exclude = (name: string): boolean =>
    ['node_modules', 'test', 'testdata', 'dist', 'schemas'].includes(name);
  for (const path of globSync(assets, { cwd: join(repository, dir), exclude }))
    if (path !== 'package.json') copy(content, join(dir, path));
}

function copy(content: string, path: string): void {
  cpSync(join(repository, path), join(content, path), { recursive: true });
}

function write(content: string, path: string, text: string): void {
  mkdirSync(dirname(join(content, path)), { recursive: true });
  writeFileSync(join(content, path), text, { mode: path.startsWith('bin/') ? 0o755 : 0o644 });
}

interface Lock {
  readonly packages: Readonly<Record<string, { readonly version?: string }>>;
}

/** The repository's own manifest, with what the packages depend on in the versions that the lock file has. */
function manifestOf(used: readonly Workspace[]): object {
  const own = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const lock: Lock = JSON.parse(readFileSync(join(repository, 'package-lock.json'), 'utf8'));
  const names = used.flatMap(({ dependencies }) => Object.keys(dependencies));
  const others = [...new Set(names)].filter((name) => !name.startsWith('@maru/')).toSorted();
  const { name, version, description, license, type, engines } = own;
  return {
    name,
    version,
    description,
    license,
    type,
    engines,
    bin: { maru: 'bin/maru.js' },
    files: ['bin', 'packages'],
    dependencies: Object.fromEntries(others.map((one) => [one, versionOf(lock, one)])),
  };
}

function versionOf({ packages }: Lock, name: string): string {
  const version = packages[`node_modules/${name}`]?.version;
  if (version === undefined) throw new Error(`the lock file has no ${name}`);
  return version;
}
