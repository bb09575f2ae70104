import { type ClusterReader, type Gap, type Listing, type Resource, textAt } from '@maru/cluster';
import type { Wanted } from './wanted.ts';

/** What the cluster has of every kind that was asked for. */
export interface Live {
  /** By kind. */
  readonly listings: ReadonlyMap<string, Listing>;
  readonly gaps: readonly Gap[];
}

/** Kinds that are looked through for what does the same job already. */
const lookedThrough = [
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'Service',
  'ConfigMap',
  'Ingress',
  'HTTPRoute',
  'OpenTelemetryCollector',
] as const;

/** Reads every kind that is wanted, and those that may do the same job. Secrets are never asked for. */
export async function readLive(reader: ClusterReader, wanted: readonly Wanted[]): Promise<Live> {
  const wantedKinds = wanted
    .filter(({ kind }) => kind !== 'Secret')
    .map((one) => [one.kind, resourceOf(one)] as const);
  const kinds = new Map<string, string | Resource>([
    ...wantedKinds,
    ...lookedThrough.map((kind) => [kind, kind] as const),
  ]);
  const listings = new Map<string, Listing>();
  for (const [kind, resource] of kinds) listings.set(kind, await reader.list(resource));
  const gaps = new Map(
    [...listings.values()].flatMap((listing) => listing.gaps.map((one) => [one.text.en, one])),
  );
  return { listings, gaps: [...gaps.values()] };
}

/** Where a kind is served, by the rules that Kubernetes' own names follow. */
function resourceOf({ apiVersion, kind, namespace }: Wanted): Resource {
  const [first = '', second] = apiVersion.split('/');
  const [group, version] = second === undefined ? ['', first] : [first, second];
  return { kind, group, version, plural: pluralOf(kind.toLowerCase()), isNamespaced: namespace !== '' };
}

function pluralOf(name: string): string {
  if (name === 'endpoints') return name;
  if (/[^aeiou]y$/.test(name)) return name.replace(/y$/, 'ies');
  return name.endsWith('s') ? `${name}es` : `${name}s`;
}

/** The objects of one kind; none when they could not be read. */
export function valuesOf({ listings }: Live, kind: string): readonly unknown[] {
  return (listings.get(kind)?.objects ?? []).map(({ value }) => value);
}

/** The live object of this name; undefined when there is none. */
export function findLive(live: Live, { kind, namespace, name }: Wanted): unknown {
  return valuesOf(live, kind).find(
    (value) =>
      textAt(value, 'metadata', 'name') === name && textAt(value, 'metadata', 'namespace') === namespace,
  );
}
