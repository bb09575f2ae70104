import {
  type ApiAnswer,
  ApiConnection,
  ApiFailure,
  type ApiLimits,
  defaultLimits,
} from './api/connection.ts';
import { listObjects } from './api/list.ts';
import { readLog } from './api/log.ts';
import { resourceOf } from './api/resources.ts';
import { ClusterError, NoCluster } from './errors.ts';
import { kubeconfigPaths, readKubeconfig } from './kubeconfig/file.ts';
import { inClusterTarget } from './kubeconfig/in-cluster.ts';
import { targetOf } from './kubeconfig/resolve.ts';
import type { ClusterTarget } from './kubeconfig/target.ts';
import type { ClusterReader } from './reader.ts';

/** Which cluster; without anything, the current context of the kubeconfig, or the cluster that this process is a pod of. */
export interface ClusterChoice {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly limits?: Partial<ApiLimits>;
  /** This process's own when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Opens a live cluster and makes sure that its API server answers. Rejects with `NoCluster` when none is named anywhere,
 * and with `ClusterError` when the one that is named cannot be spoken to. To be closed.
 */
export async function openCluster(choice: ClusterChoice = {}): Promise<ClusterReader> {
  return openTarget(await chosenTarget(choice), choice);
}

/** The cluster that this process is a pod of, as its ServiceAccount; undefined when it is none, or has no token mounted. */
export async function openOwnCluster(
  env: ClusterChoice['env'] = process.env,
  accountFolder?: string,
): Promise<ClusterReader | undefined> {
  const target = await inClusterTarget(env, accountFolder);
  return target === undefined ? undefined : openTarget(target, {});
}

async function openTarget(target: ClusterTarget, choice: ClusterChoice): Promise<ClusterReader> {
  const connection = new ApiConnection(target, { ...defaultLimits, ...choice.limits });
  try {
    await greet(connection, target);
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
  return {
    name: `${target.name} (${target.server.origin})`,
    namespace: target.namespace,
    list: (kind, namespace) =>
      listObjects(connection, typeof kind === 'string' ? resourceOf(kind) : kind, namespace),
    log: (request) => readLog(connection, request),
    close: () => connection.close(),
  };
}

async function chosenTarget({
  kubeconfig,
  context,
  env = process.env,
}: ClusterChoice): Promise<ClusterTarget> {
  const paths = kubeconfigPaths(kubeconfig, env);
  const config = await readKubeconfig(paths);
  if (config !== undefined) return targetOf(config, context);
  const own = kubeconfig === undefined && context === undefined ? await inClusterTarget(env) : undefined;
  if (own !== undefined) return own;
  throw new NoCluster(`there is no kubeconfig at ${paths.join(' or ')}; give one with --kubeconfig FILE`);
}

/** `/version` may be read by everybody who is known, in every cluster whose default roles were left alone. */
async function greet(connection: ApiConnection, { server, name }: ClusterTarget): Promise<void> {
  const answer = await connection.get('/version').catch((thrown: unknown) => {
    if (!(thrown instanceof ApiFailure)) throw thrown;
    throw new ClusterError(
      `the API server ${server.origin} of ${name} cannot be reached: ${reachText(thrown)}`,
    );
  });
  const why = refusalText(answer);
  if (why !== undefined) throw new ClusterError(`the API server ${server.origin} of ${name} ${why}`);
}

function refusalText({ status, body }: ApiAnswer): string | undefined {
  if (status === 401)
    return 'does not accept the credential (401): the login has expired or was taken back; log in again';
  if (status >= 500 || status === 429) return `does not work at the moment (HTTP ${status}); try again`;
  if (status === 200 && !/"(?:major|gitVersion)"/.test(body))
    return 'is no Kubernetes API server: its /version is something else; correct the server in the kubeconfig';
  return undefined;
}

const reachTexts: readonly (readonly [RegExp, string])[] = [
  [
    /^ENOTFOUND|^EAI_AGAIN/,
    'its name is not known here (a private cluster is known only inside of its network)',
  ],
  [/^ECONNREFUSED/, 'nothing listens there; is the cluster started?'],
  [
    /^TIMEOUT|^ETIMEDOUT/,
    'it does not answer; a firewall, a VPN or the cluster’s authorized IP ranges may be in the way',
  ],
  [
    /SELF_SIGNED|UNABLE_TO_VERIFY|UNABLE_TO_GET_ISSUER/,
    'its certificate is not of the authority in the kubeconfig; get the credentials anew',
  ],
  [/ALTNAME/, 'its certificate is for another name; set tls-server-name in the kubeconfig'],
  [/CERT_HAS_EXPIRED/, 'its certificate has expired'],
];

function reachText({ code, message }: ApiFailure): string {
  const told = reachTexts.find(([pattern]) => pattern.test(code))?.[1];
  return told === undefined ? message : `${told} (${code})`;
}
