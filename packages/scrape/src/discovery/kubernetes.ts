import { readFile } from 'node:fs/promises';
import type { HttpAccess } from '../config/http-access.ts';
import type { KubernetesDiscovery } from '../config/job.ts';
import { HttpClient } from '../scrape/http-get.ts';
import type { LabelMap } from '../scrape/target.ts';
import { type KubernetesObject, nodeTargets, podTargets } from './kubernetes-targets.ts';
import { lookEvery, type WatchOptions } from './watching.ts';

const serviceAccount = '/var/run/secrets/kubernetes.io/serviceaccount';
const pageSize = 500;
const largestPage = 64 * 1024 * 1024;
const requestTimeoutMs = 30_000;

/**
 * Pods or nodes of a cluster, listed in an interval: a role that may only `list` them is enough. The permission to `watch`
 * is not needed, and half a minute is soon enough for something that is scraped every half minute.
 */
export async function watchKubernetes(discovery: KubernetesDiscovery, options: WatchOptions): Promise<void> {
  const cluster = clusterOf(discovery);
  const client = new HttpClient(cluster.access);
  try {
    await lookEvery(
      discovery.refreshMs,
      async () => options.found(await findTargets(discovery, cluster.url, client, options.signal)),
      options,
    );
  } finally {
    client.close();
  }
}

/** Where the API is and how it is reached: as configured, or as a pod of the cluster reaches it. */
function clusterOf({ apiServer, access }: KubernetesDiscovery): {
  readonly url: string;
  readonly access: HttpAccess;
} {
  if (apiServer !== undefined) return { url: apiServer.replace(/\/+$/, ''), access };
  const { KUBERNETES_SERVICE_HOST: host = 'kubernetes.default.svc', KUBERNETES_SERVICE_PORT: port = '443' } =
    process.env;
  const credentials = { path: `${serviceAccount}/token` };
  return {
    url: `https://${host.includes(':') ? `[${host}]` : host}:${port}`,
    access: {
      ...access,
      authorization: { kind: 'header', type: 'Bearer', credentials },
      tls: { ...access.tls, ca: { path: `${serviceAccount}/ca.crt` } },
    },
  };
}

async function findTargets(
  discovery: KubernetesDiscovery,
  url: string,
  client: HttpClient,
  signal: AbortSignal,
): Promise<readonly LabelMap[]> {
  const targets: LabelMap[] = [];
  for (const path of await pathsOf(discovery))
    for await (const object of list(`${url}${path}`, discovery, client, signal))
      targets.push(...(discovery.role === 'node' ? nodeTargets(object) : podTargets(object)));
  return targets;
}

async function pathsOf({ role, namespaces, ownNamespace }: KubernetesDiscovery): Promise<readonly string[]> {
  if (role === 'node') return ['/api/v1/nodes'];
  const own = ownNamespace ? [(await readFile(`${serviceAccount}/namespace`, 'utf8')).trim()] : [];
  const names = [...own, ...namespaces];
  if (names.length === 0) return ['/api/v1/pods'];
  return names.map((name) => `/api/v1/namespaces/${encodeURIComponent(name)}/pods`);
}

/** All objects of a list, page by page. */
async function* list(
  url: string,
  { labelSelector, fieldSelector }: KubernetesDiscovery,
  client: HttpClient,
  signal: AbortSignal,
): AsyncGenerator<KubernetesObject, void, undefined> {
  let next: string | undefined = '';
  while (next !== undefined) {
    const parameters = new URLSearchParams({
      limit: String(pageSize),
      ...(next === '' ? {} : { continue: next }),
      ...(labelSelector === '' ? {} : { labelSelector }),
      ...(fieldSelector === '' ? {} : { fieldSelector }),
    });
    const page: ListPage = await getJson(`${url}?${parameters}`, client, signal);
    yield* page.items ?? [];
    next = page.metadata?.continue || undefined;
  }
}

interface ListPage {
  readonly items?: readonly KubernetesObject[];
  readonly metadata?: { readonly continue?: string };
}

async function getJson(url: string, client: HttpClient, stop: AbortSignal): Promise<ListPage> {
  const signal = AbortSignal.any([stop, AbortSignal.timeout(requestTimeoutMs)]);
  const response = await client.get({ url, headers: { accept: 'application/json' }, signal });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > largestPage) throw new Error(`${url} answered with more than ${largestPage} bytes`);
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  if (response.statusCode !== 200)
    throw new Error(`Kubernetes answered ${url} with status ${response.statusCode}: ${text.slice(0, 200)}`);
  return JSON.parse(text) as ListPage;
}
