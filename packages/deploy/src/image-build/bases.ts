import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, realpathSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repository } from '../repository.ts';
import type { Buildah } from './buildah.ts';

/** Kept between runs: making it takes minutes, and nothing in it is ours. */
const kept = `${repository}/.maru/image-base`;

/**
 * Stands in for the two bases that the Dockerfiles are given: a clean Debian 12 with this machine's Node, and with its npm
 * too for the base that builds. Neither holds anything else of this machine.
 */
export async function importBases(
  buildah: Buildah,
  directory: string,
): Promise<Readonly<Record<'NODE_BUILD' | 'NODE_RUNTIME', string>>> {
  if (!existsSync(kept)) makeDebian();
  const folder = join(directory, 'base');
  cpSync(kept, folder, { recursive: true, verbatimSymlinks: true });
  cpSync(process.execPath, join(folder, 'usr/local/bin/node'));
  await buildah.import(folder, 'localhost/node-runtime', {});
  addNpm(folder);
  await buildah.import(folder, 'localhost/node-build', builderEnvironment(folder));
  rmSync(folder, { recursive: true, force: true });
  return { NODE_BUILD: 'localhost/node-build', NODE_RUNTIME: 'localhost/node-runtime' };
}

/** Moved into its place when it is whole: an interrupted making is done again. */
function makeDebian(): void {
  const partial = `${kept}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(partial), { recursive: true });
  const wanted = ['--variant=minbase', '--include=ca-certificates,libstdc++6'];
  execFileSync('debootstrap', [...wanted, 'bookworm', partial], { stdio: 'pipe' });
  rmSync(join(partial, 'var/cache/apt/archives'), { recursive: true, force: true });
  renameSync(partial, kept);
}

function addNpm(folder: string): void {
  const program = execFileSync('sh', ['-c', 'command -v npm'], { encoding: 'utf8' }).trim();
  // Either the program itself, `npm/bin/npm-cli.js`, or a link to it.
  const npm = dirname(dirname(realpathSync(program)));
  const target = join(folder, 'usr/local/lib/node_modules/npm');
  mkdirSync(dirname(target), { recursive: true });
  cpSync(npm, target, { recursive: true, verbatimSymlinks: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'usr/local/bin/npm'));
}

/** The registry and the authority that this machine reaches it with; nothing that could be a secret. */
function builderEnvironment(folder: string): Readonly<Record<string, string>> {
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const authority = process.env.NODE_EXTRA_CA_CERTS;
  if (authority === undefined || !existsSync(authority)) return { npm_config_registry: registry };
  const inside = '/usr/local/share/ca-certificates/builder.pem';
  cpSync(authority, join(folder, inside));
  return { npm_config_registry: registry, NODE_EXTRA_CA_CERTS: inside };
}
