import { type ClusterReader, textAt } from '@maru/cluster';
import { type Difference, differences } from './compare.ts';
import { refused, remedyFor } from './immutable.ts';
import { findLive, type Live, readLive } from './live.ts';
import { type SameJob, sameJobs } from './same-job.ts';
import { nameOf, type Wanted } from './wanted.ts';

/** What applying would do to one object. */
export interface Step {
  readonly object: string;
  /** `unknown`: the cluster's objects of this kind could not be read. `no-kind`: it has no such kind. */
  readonly action: 'create' | 'change' | 'unchanged' | 'unknown' | 'no-kind';
  readonly differences: readonly Difference[];
  /** Why the API server would refuse it, and what to do. */
  readonly refusal?: string;
}

export interface Plan {
  /** The cluster that was looked at, or the dump. */
  readonly cluster: string;
  readonly steps: readonly Step[];
  readonly sameJobs: readonly SameJob[];
  /** What could not be read, each one sentence. */
  readonly gaps: readonly string[];
}

/** Compares what is wanted with what is there. Reads only, and never a Secret. Never rejects for what could not be read. */
export async function planDeployment(
  wanted: readonly Wanted[],
  reader: ClusterReader,
  isDump: boolean,
): Promise<Plan> {
  const live = await readLive(reader, wanted);
  return {
    cluster: reader.name,
    steps: wanted.map((object) => stepFor(object, live, isDump)),
    sameJobs: sameJobs(wanted, live),
    gaps: live.gaps.map(({ text }) => text.en),
  };
}

function stepFor(wanted: Wanted, live: Live, isDump: boolean): Step {
  const object = nameOf(wanted);
  const found = findLive(live, wanted);
  if (found === undefined) return { object, action: absence(wanted, live, isDump), differences: [] };
  const changed = differences(wanted.value, found, lastApplied(found));
  if (changed.length === 0) return { object, action: 'unchanged', differences: [] };
  const fixed = refused(wanted.kind, changed, found);
  const remedy = remedyFor(wanted.kind, wanted.namespace, wanted.name);
  const paths = fixed.map(({ path }) => path).join(', ');
  return {
    object,
    action: 'change',
    differences: changed,
    ...(fixed.length === 0 ? {} : { refusal: `${paths} cannot be changed; ${remedy}` }),
  };
}

/** Not there is not always to be created: the list may have been refused, or the kind be missing. */
function absence({ kind }: Wanted, live: Live, isDump: boolean): Step['action'] {
  const listing = live.listings.get(kind);
  if (listing === undefined || listing.gaps.length > 0) return 'unknown';
  if (listing.isServed) return 'create';
  return isDump ? 'unknown' : 'no-kind';
}

/** What `kubectl apply` noted of the last file, so that fields which left it can be told. */
function lastApplied(live: unknown): unknown {
  const text = textAt(live, 'metadata', 'annotations', 'kubectl.kubernetes.io/last-applied-configuration');
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether something would fail or be there twice. */
export function isInTheWay({ steps, sameJobs: found }: Plan): boolean {
  return (
    found.length > 0 || steps.some(({ refusal, action }) => refusal !== undefined || action === 'no-kind')
  );
}
