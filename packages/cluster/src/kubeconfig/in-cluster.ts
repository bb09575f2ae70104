import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClusterTarget } from './target.ts';

const accountFolder = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * The cluster that this process is a pod of, as its ServiceAccount; undefined when it is none. The token is read anew at
 * each call: the kubelet replaces it every hour.
 */
export async function inClusterTarget(
  env: Readonly<Record<string, string | undefined>>,
  folder: string = accountFolder,
): Promise<ClusterTarget | undefined> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = env;
  if (!host || !port) return undefined;
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  try {
    const [token, ca, namespace] = await Promise.all(['token', 'ca.crt', 'namespace'].map(read));
    return {
      name: "this pod's ServiceAccount",
      server: new URL(`https://${host.includes(':') ? `[${host}]` : host}:${port}`),
      namespace: namespace?.trim() || 'default',
      tls: { ...(ca === undefined ? {} : { ca }), isUnverified: false },
      authorization: `Bearer ${token?.trim() ?? ''}`,
    };
  } catch {
    // A pod without the token mounted: it is in a cluster and may not look at it.
    return undefined;
  }
}
