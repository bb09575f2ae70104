import { type ClusterReader, gap, joinSeen, type Listing, numberAt, type Seen } from '@maru/cluster';
import { gatherEvidence } from '../facts/gather.ts';
import { podFrom } from '../facts/pods.ts';
import { lookAtImages } from './images.ts';
import { readLogs } from './logs.ts';

/** Where to look; without a namespace, in all of them. */
export interface ClusterScope {
  readonly namespace?: string;
  /** False: the registries of images that cannot be pulled or executed are not asked. */
  readonly asksRegistries?: boolean;
}

/** Kinds beside pods that stand in a namespace. ConfigMaps are read for the settings that containers take from them. */
const namespacedKinds = [
  'Event',
  'Service',
  'EndpointSlice',
  'Deployment',
  'ReplicaSet',
  'StatefulSet',
  'DaemonSet',
  'Job',
  'Ingress',
  'NetworkPolicy',
  'PersistentVolumeClaim',
  'HorizontalPodAutoscaler',
  'ResourceQuota',
  'LimitRange',
  'ConfigMap',
  'Gateway',
  'HTTPRoute',
] as const;

const clusterKinds = ['Node', 'Namespace', 'IngressClass', 'StorageClass'] as const;

/** Reads all that the rules can use of a cluster: its objects, and the logs of what is in trouble. Never rejects. */
export async function lookAtCluster(reader: ClusterReader, scope: ClusterScope): Promise<Seen> {
  const [pods, ...others] = await Promise.all([
    listWhereAllowed(reader, 'Pod', scope).then((listing) => blindWithoutPods(listing, scope)),
    ...namespacedKinds.map((kind) => listWhereAllowed(reader, kind, scope)),
    ...clusterKinds.map((kind) => reader.list(kind)),
  ]);
  const listings = [pods, ...others];
  const objects: Seen = {
    objects: listings.flatMap((listing) => listing.objects.filter(isCurrent)),
    lines: [],
    gaps: listings.flatMap(({ gaps }) => gaps),
  };
  const seen = joinSeen([
    objects,
    await readLogs(
      reader,
      pods.objects.map((pod) => podFrom(pod)),
    ),
  ]);
  const evidence = gatherEvidence(seen);
  const images =
    scope.asksRegistries === false
      ? []
      : await lookAtImages(evidence.pods, evidence.nodes, evidence.statements);
  return joinSeen([seen, { objects: images, lines: [], gaps: [] }]);
}

/**
 * Who may not list a kind in the whole cluster may often do so in the context's namespace: that is looked at then, and the
 * refusal stays a gap.
 */
async function listWhereAllowed(
  reader: ClusterReader,
  kind: string,
  { namespace }: ClusterScope,
): Promise<Listing> {
  const listing = await reader.list(kind, namespace);
  const isRefused = listing.gaps.some(({ permission }) => permission !== undefined);
  if (namespace !== undefined || !isRefused || reader.namespace === '') return listing;
  const own = await reader.list(kind, reader.namespace);
  return { ...own, gaps: own.gaps.length > 0 ? own.gaps : listing.gaps };
}

/** Deployments keep ten old ReplicaSets without pods; their messages are of the past. */
function isCurrent({ kind, value }: Seen['objects'][number]): boolean {
  return kind !== 'ReplicaSet' || wantedReplicas(value) > 0;
}

function wantedReplicas(value: unknown): number {
  return numberAt(value, 'spec', 'replicas') ?? 1;
}

/** Where no pod was seen nothing may be called healthy: none could be listed, or the namespace is not the one meant. */
function blindWithoutPods({ objects, gaps, isServed }: Listing, { namespace }: ClusterScope): Listing {
  if (objects.length > 0) return { objects, gaps, isServed };
  const place = namespace === undefined ? 'the cluster' : `the namespace ${namespace}`;
  const none = gap(`there are no pods in ${place}`, `${namespace ?? '클러스터'}에 파드가 없습니다`);
  const all = gaps.length === 0 ? [none] : gaps;
  return { objects, gaps: all.map((one) => ({ ...one, isBlinding: true })), isServed };
}
