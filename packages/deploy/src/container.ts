import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import {
  type Container,
  type KubernetesObject,
  type Labels,
  objectsOf,
  overlays,
  workloadsOf,
} from './objects.ts';
import { repository } from './repository.ts';

/**
 * The kernel's part of a restricted container, without an engine: a root file system that cannot be written to, new
 * `/tmp` and `/mnt`, a user without capabilities who cannot get any.
 */
const enter = `
  mount --make-rprivate / && mount -t tmpfs -o mode=1777 tmpfs /tmp &&
  mount -t tmpfs -o mode=2770,uid=0,gid=10001 tmpfs /mnt && mount -o remount,ro,bind / &&
  exec setpriv --reuid 10001 --regid 10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all "$@"`;

function boxed(command: readonly string[]): readonly string[] {
  return ['unshare', '--mount', 'sh', '-c', enter, 'sh', ...command];
}

/** Whether this machine lets us make such a box: Linux, root, and a repository that others can read. */
export const canBox: boolean = tryBox();

function tryBox(): boolean {
  const [program = '', ...args] = boxed([
    process.execPath,
    `${repository}/packages/deploy/src/repository.ts`,
  ]);
  try {
    execFileSync(program, args, { stdio: 'pipe' });
    return process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/** A container of the rendered `local` overlays, with the labels of its pod and the objects beside it. */
export interface Rendered {
  readonly container: Container;
  readonly labels: Labels;
  readonly objects: readonly KubernetesObject[];
}

/** @param name of the container: `api`, `web`, `maru` */
export function renderedContainer(name: string): Rendered {
  const objects = overlays.filter((overlay) => overlay.name.endsWith('-local')).flatMap(objectsOf);
  for (const { spec } of workloadsOf(objects)) {
    const container = spec.template.spec.containers.find((one) => one.name === name);
    if (container !== undefined) return { container, labels: spec.template.metadata.labels, objects };
  }
  throw new Error(`no workload has a container ${name}`);
}

/**
 * The environment that the kubelet would make: ConfigMaps first, then the container's own, `$(NAME)` resolved. Secrets
 * and what only a node knows get a stand-in; an optional Secret is absent.
 */
export function environmentOf({ container, labels, objects }: Rendered): Readonly<Record<string, string>> {
  const configMap = (name: string | undefined): Readonly<Record<string, string>> =>
    objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.data ?? {};
  const made: Record<string, string> = {};
  for (const { configMapRef } of container.envFrom ?? []) Object.assign(made, configMap(configMapRef?.name));
  for (const { name, value, valueFrom } of container.env) {
    const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom ?? {};
    if (secretKeyRef?.optional) continue;
    if (value !== undefined)
      made[name] = value.replace(/\$\((\w+)\)/g, (_, other: string) => made[other] ?? '');
    else if (configMapKeyRef) made[name] = configMap(configMapKeyRef.name)[configMapKeyRef.key] ?? '';
    else if (fieldRef?.fieldPath.startsWith('metadata.labels'))
      made[name] = labels[fieldRef.fieldPath.split("'")[1] ?? ''] ?? '';
    else made[name] = 'stand-in';
  }
  return made;
}

/** A started program; `output` grows. */
export interface Running {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** Starts one of the repository's programs as a restricted container would. */
export function start(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Running {
  const [command = '', ...rest] = boxed([process.execPath, `${repository}/${program}`, ...args]);
  const child = spawn(command, rest, {
    cwd: repository,
    env: { PATH: process.env.PATH ?? '', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  return { child, output: () => output };
}

/** A port of loopback that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('the system gave no port');
  return address.port;
}
