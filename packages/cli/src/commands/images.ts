import { platformOf } from '@maru/doctor';
import type { Arguments, Command } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { type BakeRequest, buildTargets, needBuildx, plannedTargets, type Target } from '../images/bake.ts';
import { readBack, refuseSinglePlatform } from '../images/platforms.ts';
import { repository } from '../paths.ts';
import { run } from '../process/run.ts';
import { Progress } from '../terminal/progress.ts';
import { UserError } from '../user-error.ts';

export const images: Command = {
  name: 'images',
  summary: 'builds the container images for every platform, pushes them, and reads the registry back',
  words: 'build|push [IMAGE…]',
  flags: {
    registry: { type: 'string', value: 'HOST', help: 'where the images go, such as ktech4.azurecr.io' },
    tag: { type: 'string', value: 'TAG', help: 'the version or the commit; not "latest"' },
    platform: {
      type: 'string',
      value: 'LIST',
      help: 'only these, such as linux/amd64; without it every platform of deploy/images/docker-bake.hcl',
    },
  },
  notes:
    'Uses docker buildx. NODE_BUILD and NODE_RUNTIME name the bases, by digest (see deploy/README.md). IMAGE is maru, board-api\nor board-web; without one, all of them.\nA tag for one platform is not pushed unless --platform asks for it. After a push the registry is asked which platforms it\nhas: exit code 1 when one is missing.',
  run: async (args) => {
    const [action, ...names] = args.words;
    if (action !== 'build' && action !== 'push')
      throw new UserError('./maru images needs "build" or "push"', 2);
    const request = await requestOf(args, names);
    await needBuildx();
    const targets = await plannedTargets(request);
    if (action === 'push') refuseSinglePlatform(targets, request.platforms !== undefined);
    await new Progress(process.stderr).run(titleOf(action, targets), () =>
      buildTargets(request, action === 'push'),
    );
    return action === 'push' ? tellPlatforms(targets) : 0;
  },
};

async function requestOf(args: Arguments, names: readonly string[]): Promise<BakeRequest> {
  const [registry, tag] = [textFlag(args, 'registry'), textFlag(args, 'tag')];
  if (registry === undefined || tag === undefined)
    throw new UserError('./maru images needs --registry HOST and --tag TAG', 2);
  return { registry, tag, images: names, platforms: platformsFlag(args), revision: await commit() };
}

function platformsFlag(args: Arguments): readonly string[] | undefined {
  const platforms = textFlag(args, 'platform')?.split(',');
  const wrong = platforms?.find((text) => !text.includes('/') || platformOf(text) === undefined);
  if (wrong === undefined) return platforms;
  throw new UserError(`--platform must be a list such as linux/amd64,linux/arm64, but holds "${wrong}"`, 2);
}

/** Empty outside of a checkout: the label is then left empty too. */
async function commit(): Promise<string> {
  const { code, stdout } = await run('git', ['rev-parse', 'HEAD'], { cwd: repository });
  return code === 0 ? stdout.trim() : '';
}

function titleOf(action: 'build' | 'push', targets: readonly Target[]): string {
  const what = targets.map(({ name, platforms }) => `${name} (${platforms.join(', ')})`).join(', ');
  return `${action === 'build' ? 'Building' : 'Building and pushing'} ${what}`;
}

async function tellPlatforms(targets: readonly Target[]): Promise<number> {
  let isComplete = true;
  for (const target of targets) {
    const { tag, platforms, missing } = await readBack(target);
    const lack = missing.length === 0 ? '' : `; missing: ${missing.join(', ')}`;
    console.log(`${tag}: ${platforms.join(', ')}${lack}`);
    if (missing.length > 0) isComplete = false;
  }
  return isComplete ? 0 : 1;
}
