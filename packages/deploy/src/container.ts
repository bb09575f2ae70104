import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { type Box, boxed } from './box.ts';
import { type Image, stagesOf, textsOf } from './dockerfile.ts';
import {
  type Container,
  type KubernetesObject,
  type Labels,
  objectsOf,
  overlays,
  type Volume,
  workloadsOf,
} from './objects.ts';

/** A container of the rendered `local` overlays, with the labels of its pod and the objects beside it. */
export interface Rendered {
  readonly container: Container;
  readonly labels: Labels;
  /** `runAsUser` of the pod. */
  readonly user: number;
  readonly volumes: readonly Volume[];
  readonly objects: readonly KubernetesObject[];
}

/**
 * @param name of the container: `api`, `web`, `maru`
 * @param place the overlays that it is looked for in, by the end of their names
 */
export function renderedContainer(name: string, place = '-local'): Rendered {
  const objects = overlays.filter((overlay) => overlay.name.endsWith(place)).flatMap(objectsOf);
  for (const { spec } of workloadsOf(objects)) {
    const container = spec.template.spec.containers.find((one) => one.name === name);
    const { securityContext, volumes = [] } = spec.template.spec;
    const user = Number(securityContext?.runAsUser);
    if (container !== undefined)
      return { container, labels: spec.template.metadata.labels, user, volumes, objects };
  }
  throw new Error(`no workload has a container ${name}`);
}

/**
 * The environment that the kubelet would make: ConfigMaps first, then the container's own, `$(NAME)` resolved. Secrets
 * that are not given, and what only a node knows, get a stand-in; an optional Secret is absent then.
 *
 * @param secrets values by `secret/key`
 */
export function environmentOf(
  { container, labels, objects }: Rendered,
  secrets: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const configMap = (name: string | undefined): Readonly<Record<string, string>> =>
    objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.data ?? {};
  const made: Record<string, string> = {};
  for (const { configMapRef } of container.envFrom ?? []) Object.assign(made, configMap(configMapRef?.name));
  for (const { name, value, valueFrom } of container.env) {
    const { secretKeyRef, configMapKeyRef, fieldRef } = valueFrom ?? {};
    const secret = secrets[`${secretKeyRef?.name}/${secretKeyRef?.key}`];
    if (secretKeyRef?.optional && secret === undefined) continue;
    if (secret !== undefined) made[name] = secret;
    else if (value !== undefined)
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

/** What an image says of its program: the entry point, the working directory and the variables of its last stage. */
export interface ImageProgram {
  readonly entrypoint: readonly string[];
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

export function programOf(image: Image): ImageProgram {
  const last = stagesOf(image).at(-1);
  const pairs = textsOf(last, 'ENV').flatMap((text) => [...text.matchAll(/(\w+)=("[^"]*"|\S+)/g)]);
  return {
    entrypoint: JSON.parse(textsOf(last, 'ENTRYPOINT')[0] ?? '[]'),
    directory: textsOf(last, 'WORKDIR')[0] ?? '/',
    environment: Object.fromEntries(pairs.map(([, name, value]) => [name, value])),
  };
}

/** Starts an image's entry point as a restricted container would, with these arguments. */
export function start(
  image: Image,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  box: Partial<Omit<Box, 'directory'>> = {},
): Running {
  const { entrypoint, directory, environment: own } = programOf(image);
  return startCommand(
    [...entrypoint, ...args],
    { ...own, ...environment },
    { user: 10001, ...box, directory },
  );
}

/** Starts a command in a box. */
export function startCommand(
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
  box: Box,
): Running {
  const [program = '', ...rest] = boxed(box, command);
  const child = spawn(program, rest, {
    cwd: '/',
    env: { ...environment, ...searchPath(environment) },
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

/** The image's places first; `unshare` and `setpriv`, which make the box, are in those of every machine. */
function searchPath({ PATH = '' }: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { PATH: [PATH, '/usr/sbin:/usr/bin:/sbin:/bin'].filter(Boolean).join(':') };
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
