import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rendered } from './container.ts';

/**
 * What the kubelet puts into a container from ConfigMaps and Secrets: files that the pod's group may read and, of Secrets, nobody
 * else. Made under `directory`; the folders by the path inside that they appear at.
 *
 * @param secrets values by `secret/key`; a Secret of which none is given is left out
 */
export function mountedFiles(
  { container, volumes, objects, user }: Rendered,
  secrets: Readonly<Record<string, string>>,
  directory: string,
): Readonly<Record<string, string>> {
  const filesOf = (name: string): Readonly<Record<string, string>> | undefined => {
    const { configMap, secret } = volumes.find((volume) => volume.name === name) ?? {};
    if (secret !== undefined) return valuesOf(secret.secretName, secrets);
    return objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === configMap?.name)
      ?.data;
  };
  const binds = container.volumeMounts.flatMap(({ name, mountPath }) => {
    const files = filesOf(name);
    if (files === undefined) return [];
    const folder = join(directory, name);
    writeFiles(folder, files, user);
    return [[mountPath, folder] as const];
  });
  return Object.fromEntries(binds);
}

function valuesOf(
  secretName: string,
  secrets: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> | undefined {
  const own = Object.entries(secrets).filter(([path]) => path.startsWith(`${secretName}/`));
  if (own.length === 0) return undefined;
  return Object.fromEntries(own.map(([path, value]) => [path.slice(secretName.length + 1), value]));
}

function writeFiles(folder: string, files: Readonly<Record<string, string>>, group: number): void {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(path, text);
    chownSync(path, 0, group);
    chmodSync(path, 0o440);
  }
}
