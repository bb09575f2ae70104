import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ClusterError, type ClusterReader, NoCluster, openCluster, openDump } from '@maru/cluster';
import { isInTheWay, planDeployment, planLines, type Wanted, wantedIn } from '@maru/deploy';
import type { Arguments, Command } from '../command.ts';
import { isOn, textFlag } from '../flag-values.ts';
import { repository } from '../paths.ts';
import { lastLines, run } from '../process/run.ts';
import { messageOf, UserError } from '../user-error.ts';

export const deploy: Command = {
  name: 'deploy',
  summary: 'what applying the manifests would change on a cluster, and what does the same job there already',
  words: 'plan',
  flags: {
    overlay: {
      type: 'string',
      value: 'NAME|PATH',
      help: 'of deploy/kubernetes (local, aks, stack-aks…), a folder with a kustomization, or a YAML file',
    },
    context: { type: 'string', value: 'NAME', help: 'of the kubeconfig, instead of its current one' },
    kubeconfig: { type: 'string', value: 'FILE', help: 'instead of KUBECONFIG and ~/.kube/config' },
    dump: {
      type: 'string',
      value: 'PATH',
      help: 'a dump of a cluster (kubectl get … -o yaml) in place of a live one',
    },
    json: { type: 'boolean', help: 'print the plan as one JSON document' },
  },
  notes:
    'Changes nothing: it only lists, and never asks for a Secret. Folders are rendered by kubectl; without kubectl the rendered\nfiles under deploy/kubernetes/plain serve.\nExit code 0 when nothing is in the way, 1 when the API server would refuse something or something is there already, 2 when\nit could not look.',
  run: async (args) => {
    if (args.words.length !== 1 || args.words[0] !== 'plan')
      throw new UserError('./maru deploy needs "plan"', 2);
    const wanted = await wantedObjects(textFlag(args, 'overlay'));
    const reader = await openReader(args);
    try {
      const plan = await planDeployment(wanted, reader, textFlag(args, 'dump') !== undefined);
      console.log(isOn(args, 'json') ? JSON.stringify(plan, null, 2) : planLines(plan).join('\n'));
      return isInTheWay(plan) ? 1 : 0;
    } finally {
      reader.close();
    }
  },
};

const kubernetes = join(repository, 'deploy/kubernetes');

async function wantedObjects(overlay: string | undefined): Promise<readonly Wanted[]> {
  if (overlay === undefined) throw new UserError('./maru deploy plan needs --overlay NAME or PATH', 2);
  if (/\.ya?ml$/.test(overlay) && existsSync(overlay)) return parsed(readFileSync(overlay, 'utf8'), overlay);
  if (existsSync(join(overlay, 'kustomization.yaml'))) return parsed(await rendered(overlay), overlay);
  const folders = overlayFolders(overlay);
  if (folders.length === 0)
    throw new UserError(`there is no overlay "${overlay}"; there are ${overlayNames().join(', ')}`, 2);
  const parts: Wanted[] = [];
  for (const folder of folders) parts.push(...(await oneOverlay(folder)));
  return parts;
}

/** `aks` is that of both sides; `stack-aks` of one. */
function overlayFolders(name: string): readonly string[] {
  return allFolders().filter((folder) => basename(folder) === name || overlayName(folder) === name);
}

function allFolders(): readonly string[] {
  return globSync('*/overlays/*', { cwd: kubernetes })
    .toSorted()
    .map((folder) => join(kubernetes, folder));
}

function overlayName(folder: string): string {
  const [side = '', , place = ''] = folder.slice(kubernetes.length + 1).split('/');
  return `${side}-${place}`;
}

function overlayNames(): readonly string[] {
  return allFolders().flatMap((folder) => [basename(folder), overlayName(folder)]);
}

/** The overlay as it stands now, or where kubectl is missing the file that the tests hold equal to it. */
async function oneOverlay(folder: string): Promise<readonly Wanted[]> {
  const hasKubectl = (await run('kubectl', ['version', '--client'])).code === 0;
  if (hasKubectl) return parsed(await rendered(folder), folder);
  const plain = join(kubernetes, 'plain', `${overlayName(folder)}.yaml`);
  console.error(
    `maru: there is no kubectl to render ${folder}; ${plain} is taken, which lacks changes of your own`,
  );
  return parsed(readFileSync(plain, 'utf8'), plain);
}

async function rendered(folder: string): Promise<string> {
  const { code, stdout, output } = await run('kubectl', ['kustomize', folder]);
  if (code === 0) return stdout;
  throw new UserError(
    `kubectl kustomize cannot render ${folder}: ${lastLines(output, 3)}; it takes kubectl 1.27 or newer`,
    2,
  );
}

function parsed(text: string, from: string): readonly Wanted[] {
  try {
    return wantedIn(text, from);
  } catch (thrown) {
    throw new UserError(messageOf(thrown), 2);
  }
}

async function openReader(args: Arguments): Promise<ClusterReader> {
  const [dump, context, kubeconfig] = ['dump', 'context', 'kubeconfig'].map((name) => textFlag(args, name));
  if (dump !== undefined)
    return openDump(dump).catch((thrown: unknown) => {
      throw new UserError(`cannot read ${dump}: ${messageOf(thrown)}; give a path that exists`, 2);
    });
  const choice = {
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  };
  return openCluster(choice).catch((thrown: unknown) => {
    if (thrown instanceof NoCluster || thrown instanceof ClusterError) throw new UserError(thrown.message, 2);
    throw thrown;
  });
}
