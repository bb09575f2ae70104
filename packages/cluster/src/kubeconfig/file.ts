import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { ClusterError } from '../errors.ts';
import { at, listAt, textAt } from '../json.ts';

/** A named entry of a kubeconfig; paths in it are relative to the folder of the file it came from. */
export interface Entry {
  readonly value: unknown;
  readonly folder: string;
}

/** One kubeconfig, or several merged into one. */
export interface Kubeconfig {
  readonly currentContext: string;
  readonly contexts: ReadonlyMap<string, Entry>;
  readonly clusters: ReadonlyMap<string, Entry>;
  readonly users: ReadonlyMap<string, Entry>;
}

type Variables = Readonly<Record<string, string | undefined>>;

/** Where kubectl looks: `--kubeconfig`, else every file of KUBECONFIG, else `~/.kube/config`. */
export function kubeconfigPaths(given: string | undefined, env: Variables): readonly string[] {
  if (given !== undefined) return [given];
  const named = (env.KUBECONFIG ?? '').split(delimiter).filter((path) => path !== '');
  return named.length > 0 ? named : [join(env.HOME || homedir(), '.kube', 'config')];
}

/**
 * Reads and merges them as kubectl does: the first file to name an entry wins, and files that are not there are left out.
 * Undefined when none is there. Throws `ClusterError` for one that cannot be read.
 */
export async function readKubeconfig(paths: readonly string[]): Promise<Kubeconfig | undefined> {
  const files = (await Promise.all(paths.map(readOne))).filter((one) => one !== undefined);
  if (files.length === 0) return undefined;
  return {
    currentContext: files.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
    contexts: merged(files.map(({ contexts }) => contexts)),
    clusters: merged(files.map(({ clusters }) => clusters)),
    users: merged(files.map(({ users }) => users)),
  };
}

function merged(maps: readonly ReadonlyMap<string, Entry>[]): ReadonlyMap<string, Entry> {
  return new Map(maps.toReversed().flatMap((map) => [...map]));
}

async function readOne(path: string): Promise<Kubeconfig | undefined> {
  const text = await textOf(path);
  if (text === undefined) return undefined;
  const value = parsed(text, path);
  const entries = (list: string, field: string): ReadonlyMap<string, Entry> =>
    new Map(
      listAt(value, list).map((one) => [
        textAt(one, 'name'),
        { value: at(one, field), folder: dirname(path) },
      ]),
    );
  return {
    currentContext: textAt(value, 'current-context'),
    contexts: entries('contexts', 'context'),
    clusters: entries('clusters', 'cluster'),
    users: entries('users', 'user'),
  };
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (thrown) {
    const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : String(thrown);
    if (code === 'ENOENT') return undefined;
    throw new ClusterError(`cannot read the kubeconfig ${path} (${code}); give another with --kubeconfig`);
  }
}

/** The parser's own message quotes the line, and the line may be a key: it is left out. */
function parsed(text: string, path: string): unknown {
  const document = parseDocument(text);
  if (document.errors.length > 0)
    throw new ClusterError(`the kubeconfig ${path} is no valid YAML; \`kubectl config view\` tells the line`);
  return document.toJS({ maxAliasCount: 50 });
}
