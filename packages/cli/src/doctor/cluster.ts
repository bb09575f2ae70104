import { ClusterError, type ClusterReader, NoCluster, openCluster } from '@maru/cluster';
import { examineCluster, type Language } from '@maru/doctor';
import type { Arguments, Flags } from '../command.ts';
import { textFlag } from '../flag-values.ts';
import { UserError } from '../user-error.ts';
import { tellDiagnosis } from './report.ts';

export const clusterFlags: Flags = {
  context: { type: 'string', value: 'NAME', help: 'of the kubeconfig, instead of its current one' },
  kubeconfig: { type: 'string', value: 'FILE', help: 'instead of KUBECONFIG and ~/.kube/config' },
  namespace: { type: 'string', value: 'NS', help: 'look at this namespace only; without it, at all of them' },
  service: { type: 'string', value: 'NAME', help: 'tell only the causes that touch this service' },
};

/** `maru doctor`: a live cluster. */
export async function examineLiveCluster(args: Arguments, language: Language): Promise<number> {
  const reader = await openedCluster(args);
  try {
    return tellDiagnosis(args, await examineCluster(reader, questionOf(args)), language);
  } finally {
    reader.close();
  }
}

/** `--namespace` and `--service`. */
export function questionOf(args: Arguments): { readonly namespace?: string; readonly service?: string } {
  const [namespace, service] = [textFlag(args, 'namespace'), textFlag(args, 'service')];
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(service === undefined ? {} : { service }),
  };
}

/** The cluster that the flags name. A `UserError` with exit code 2 says why there is none. */
export async function openedCluster(args: Arguments): Promise<ClusterReader> {
  const [context, kubeconfig] = [textFlag(args, 'context'), textFlag(args, 'kubeconfig')];
  try {
    return await openCluster({
      ...(context === undefined ? {} : { context }),
      ...(kubeconfig === undefined ? {} : { kubeconfig }),
    });
  } catch (thrown) {
    if (thrown instanceof ClusterError || thrown instanceof NoCluster) throw new UserError(thrown.message, 2);
    throw thrown;
  }
}
