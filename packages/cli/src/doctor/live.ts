import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ClusterError, type ClusterReader, gap, NoCluster, openCluster } from '@maru/cluster';
import { examineLive, type Language, type LivePlaces, lookAtStack, type Question } from '@maru/doctor';
import type { Arguments, Flags } from '../command.ts';
import { headersFlag, textFlag, urlFlag } from '../flag-values.ts';
import { authorityFlag } from '../parts/authority.ts';
import { maruDir } from '../paths.ts';
import { UserError } from '../user-error.ts';
import { stepTimeoutMs } from './probe-flags.ts';
import { tellDiagnosis } from './report.ts';

export const liveFlags: Flags = {
  context: { type: 'string', value: 'NAME', help: 'of the kubeconfig, instead of its current one' },
  kubeconfig: { type: 'string', value: 'FILE', help: 'instead of KUBECONFIG and ~/.kube/config' },
  namespace: { type: 'string', value: 'NS', help: 'look at this namespace only; without it, at all of them' },
  service: { type: 'string', value: 'NAME', help: 'tell only the causes that touch this service' },
  stack: {
    type: 'string',
    value: 'URL',
    help: 'the stack whose ledger is asked what arrives',
    default: 'http://127.0.0.1:3000',
  },
  data: { type: 'string', value: 'DIR', help: 'its data directory, for the logs of this machine’s services' },
};

/** `maru doctor`: a live cluster, the stack, and what runs on this machine. */
export async function examineWhatRuns(args: Arguments, language: Language): Promise<number> {
  const places = await livePlaces(args);
  try {
    const diagnosis = await examineLive(places, questionOf(args));
    if (diagnosis.status === 'could-not-look' && diagnosis.gaps.length === 0)
      throw new UserError(
        `there is nothing to look at: no kubeconfig, and no stack at ${stackUrl(args).origin}; give --context, --stack or --bundle`,
        2,
      );
    return tellDiagnosis(args, diagnosis, language);
  } finally {
    places.reader?.close();
  }
}

/** `--namespace` and `--service`. */
export function questionOf(args: Arguments): Question {
  const [namespace, service] = [textFlag(args, 'namespace'), textFlag(args, 'service')];
  return {
    ...(namespace === undefined ? {} : { namespace }),
    ...(service === undefined ? {} : { service }),
  };
}

/** What the flags name, or what is usual. Its reader is to be closed. */
export async function livePlaces(args: Arguments): Promise<LivePlaces & Required<Pick<LivePlaces, 'stack'>>> {
  const ca = await authorityFlag(args);
  const url = stackUrl(args);
  const timeoutMs = stepTimeoutMs(args);
  const dataDir = textFlag(args, 'data') ?? join(maruDir, 'data');
  const headers = await stackHeaders(args, dataDir);
  return {
    ...(await clusterPlace(args)),
    stack: () => lookAtStack({ url, timeoutMs, headers, ...(ca === undefined ? {} : { ca }) }),
    logDir: join(dataDir, 'logs'),
  };
}

/** Those of `--header`; of this machine's own stack, where none are given, the secret that it has for itself. */
async function stackHeaders(args: Arguments, dataDir: string): Promise<Readonly<Record<string, string>>> {
  const given = headersFlag(args);
  if (Object.keys(given).length > 0 || textFlag(args, 'stack') !== undefined) return given;
  const secret = await readFile(join(dataDir, 'run', 'own.key'), 'utf8').catch(() => undefined);
  return secret === undefined ? {} : { authorization: `Bearer ${secret}` };
}

function stackUrl(args: Arguments): URL {
  return new URL(urlFlag(args, 'stack', 'http://127.0.0.1:3000'));
}

/**
 * The cluster that the flags or the kubeconfig name. None at all is nothing wrong: a stack may run on a laptop. One that is
 * named and cannot be reached is told, and what else there is is looked at all the same.
 */
async function clusterPlace(args: Arguments): Promise<Pick<LivePlaces, 'reader' | 'gaps'>> {
  const isAsked = ['context', 'kubeconfig', 'namespace'].some((flag) => textFlag(args, flag) !== undefined);
  try {
    return { reader: await openedCluster(args) };
  } catch (thrown) {
    if (thrown instanceof NoCluster && !isAsked) return {};
    if (thrown instanceof NoCluster) throw new UserError(thrown.message, 2);
    if (!(thrown instanceof ClusterError)) throw thrown;
    return { gaps: [{ ...gap(thrown.message, thrown.message), isBlinding: true }] };
  }
}

/** A cluster without which a command is nothing; a `UserError` with exit code 2 says why there is none. */
export async function openedReader(args: Arguments): Promise<ClusterReader> {
  try {
    return await openedCluster(args);
  } catch (thrown) {
    if (thrown instanceof ClusterError || thrown instanceof NoCluster) throw new UserError(thrown.message, 2);
    throw thrown;
  }
}

function openedCluster(args: Arguments): Promise<ClusterReader> {
  const [context, kubeconfig] = [textFlag(args, 'context'), textFlag(args, 'kubeconfig')];
  return openCluster({
    ...(context === undefined ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { kubeconfig }),
  });
}
