import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ClusterError } from '../errors.ts';
import { at, textAt } from '../json.ts';
import { execCredential } from './exec.ts';
import type { Entry, Kubeconfig } from './file.ts';

import type { ClusterTarget, Credential } from './target.ts';

const nobody: Credential = {};

/** The target of a context; throws `ClusterError` saying which part of the kubeconfig is not usable. */
export async function targetOf(config: Kubeconfig, wanted: string | undefined): Promise<ClusterTarget> {
  const name = wanted ?? config.currentContext;
  const context = contextNamed(config, name);
  const cluster = named(config.clusters, 'cluster', textAt(context.value, 'cluster'), name);
  const user = config.users.get(textAt(context.value, 'user'));
  const server = serverOf(cluster, name);
  const [ca, credential] = await Promise.all([
    materialOf(cluster, 'certificate-authority'),
    user === undefined ? nobody : credentialOf(user, cluster, name),
  ]);
  const servername = textAt(cluster.value, 'tls-server-name');
  const proxy = proxyOf(cluster, name);
  const { authorization, ...pair } = credential;
  return {
    name: `context ${name}`,
    server,
    namespace: textAt(context.value, 'namespace') || 'default',
    tls: {
      ...pair,
      ...(ca === undefined ? {} : { ca }),
      ...(servername === '' ? {} : { servername }),
      isUnverified: at(cluster.value, 'insecure-skip-tls-verify') === true,
    },
    ...(proxy === undefined ? {} : { proxy }),
    ...(authorization === undefined ? {} : { authorization }),
  };
}

function contextNamed(config: Kubeconfig, name: string): Entry {
  const known = [...config.contexts.keys()];
  const choice = known.length === 0 ? 'it has no contexts' : `choose one of ${known.join(', ')}`;
  if (name === '')
    throw new ClusterError(`the kubeconfig names no current context; ${choice} with --context`);
  const context = config.contexts.get(name);
  if (context === undefined) throw new ClusterError(`the kubeconfig has no context "${name}"; ${choice}`);
  return context;
}

function named(entries: ReadonlyMap<string, Entry>, what: string, name: string, context: string): Entry {
  const entry = entries.get(name);
  if (entry !== undefined) return entry;
  throw new ClusterError(
    `the kubeconfig's context "${context}" names the ${what} "${name}", which it does not have`,
  );
}

function serverOf({ value }: Entry, context: string): URL {
  const server = URL.parse(textAt(value, 'server'));
  if (server?.protocol === 'https:' || server?.protocol === 'http:') return server;
  throw new ClusterError(`the kubeconfig's context "${context}" has no server with an http or https address`);
}

function proxyOf({ value }: Entry, context: string): URL | undefined {
  const text = textAt(value, 'proxy-url');
  if (text === '') return undefined;
  const proxy = URL.parse(text);
  if (proxy?.protocol === 'http:' || proxy?.protocol === 'https:') return proxy;
  throw new ClusterError(
    `the proxy-url of the kubeconfig's context "${context}" is no http or https address; SOCKS is not spoken here`,
  );
}

/** PEM out of `NAME-data` (base64) or of the file that `NAME` names. */
async function materialOf({ value, folder }: Entry, name: string): Promise<string | undefined> {
  const data = textAt(value, `${name}-data`);
  if (data !== '') return Buffer.from(data, 'base64').toString('utf8');
  const path = textAt(value, name);
  return path === '' ? undefined : fileOf(resolve(folder, path), name);
}

async function fileOf(path: string, name: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch {
    throw new ClusterError(`the kubeconfig's ${name} is the file ${path}, which cannot be read`);
  }
}

async function credentialOf(user: Entry, cluster: Entry, context: string): Promise<Credential> {
  const { value, folder } = user;
  const [cert, key] = await Promise.all([
    materialOf(user, 'client-certificate'),
    materialOf(user, 'client-key'),
  ]);
  const pair = cert === undefined || key === undefined ? {} : { cert, key };
  const token = textAt(value, 'token');
  if (token !== '') return { ...pair, authorization: `Bearer ${token}` };
  const tokenFile = textAt(value, 'tokenFile');
  if (tokenFile !== '')
    return { ...pair, authorization: `Bearer ${await fileOf(resolve(folder, tokenFile), 'tokenFile')}` };
  const login = textAt(value, 'username');
  if (login !== '') {
    const basic = Buffer.from(`${login}:${textAt(value, 'password')}`).toString('base64');
    return { ...pair, authorization: `Basic ${basic}` };
  }
  if (at(value, 'exec') !== undefined) return execCredential(at(value, 'exec'), cluster.value, folder);
  const provider = textAt(value, 'auth-provider', 'name');
  if (provider !== '')
    throw new ClusterError(
      `the user of context "${context}" logs in by the auth-provider "${provider}", which kubectl gave up in 1.26; ${provider === 'azure' ? '`kubelogin convert-kubeconfig` rewrites it' : 'write it anew with your cloud’s command line'}`,
    );
  return pair;
}
