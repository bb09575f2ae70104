import { join } from 'node:path';
import { repository } from '../paths.ts';
import { lastLines, type RunResult, run } from '../process/run.ts';
import { UserError } from '../user-error.ts';

/** What is to be built, as the flags say it. */
export interface BakeRequest {
  readonly registry: string;
  readonly tag: string;
  /** Of all images when empty. */
  readonly images: readonly string[];
  /** What the file says when undefined: every platform. */
  readonly platforms: readonly string[] | undefined;
  /** The commit that the images are labelled with; empty when it is not known. */
  readonly revision: string;
}

/** One image as `docker buildx bake` is going to build it. */
export interface Target {
  readonly name: string;
  readonly tag: string;
  readonly platforms: readonly string[];
}

/** What a plan of bake prints, as far as we read it. */
interface Printed {
  readonly target?: Readonly<
    Record<string, { readonly tags?: readonly string[]; readonly platforms?: readonly string[] }>
  >;
}

const bakeFile = 'deploy/images/docker-bake.hcl';

/** Throws a `UserError` that says what to install when there is no `docker buildx` here. */
export async function needBuildx(): Promise<void> {
  const { code } = await run('docker', ['buildx', 'version']);
  if (code === 0) return;
  throw new UserError(
    'images are built by docker buildx, which does not run here: install Docker with its buildx plugin (Debian and Ubuntu: docker-ce docker-buildx-plugin from download.docker.com; macOS and Windows: Docker Desktop), or build for amd64 alone in Azure with `az acr build`',
  );
}

/** What would be built. Throws a `UserError` with bake's own words when it does not like the file or the variables. */
export async function plannedTargets(request: BakeRequest): Promise<readonly Target[]> {
  const { code, stdout, output } = await bake(request, ['--print']);
  if (code !== 0) throw new UserError(`docker buildx bake cannot plan the images: ${lastLines(output, 4)}`);
  return targetsIn(stdout);
}

/** Reads what `docker buildx bake --print` prints. */
function targetsIn(printed: string): readonly Target[] {
  const { target = {} }: Printed = JSON.parse(printed);
  return Object.entries(target).map(([name, { tags = [], platforms = [] }]) => ({
    name,
    tag: tags[0] ?? '',
    platforms,
  }));
}

/** Builds, and with `pushes` pushes. Throws a `UserError` with the last of what bake said. */
export async function buildTargets(request: BakeRequest, pushes: boolean): Promise<void> {
  const { code, output } = await bake(request, pushes ? ['--push'] : []);
  if (code !== 0)
    throw new UserError(`docker buildx bake failed (exit code ${code}): ${lastLines(output, 20)}`);
}

function bake(request: BakeRequest, more: readonly string[]): Promise<RunResult> {
  const { registry, tag, revision, images, platforms } = request;
  const only = platforms === undefined ? [] : ['--set', `*.platform=${platforms.join(',')}`];
  const args = ['buildx', 'bake', '--file', join(repository, bakeFile), ...only, ...more, ...images];
  const env = { REGISTRY: registry, TAG: tag, ...(revision === '' ? {} : { REVISION: revision }) };
  return run('docker', args, { cwd: repository, env });
}
