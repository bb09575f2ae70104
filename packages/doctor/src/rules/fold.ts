import type { Evidence } from '../evidence/model.ts';
import { heightOf } from '../evidence/step.ts';
import type { Found } from './finding.ts';
import { overlap, type Places, placesOf, suspectsOf } from './places.ts';

/** A finding with the others that it brings about. */
export interface Folded {
  readonly found: Found;
  readonly follows: readonly Found[];
}

interface Placed {
  readonly found: Found;
  readonly places: Places;
  readonly suspects: Places;
}

/** Puts each finding that follows from another under it. `all` is in the order of the report; the first that explains wins. */
export function fold(all: readonly Found[], evidence: Evidence): readonly Folded[] {
  const placed = all.map((found) => ({
    found,
    places: placesOf(found, evidence),
    suspects: suspectsOf(found, evidence),
  }));
  const parents = new Map(placed.map((one) => [one.found, parentOf(one, placed)?.found]));
  const roots = all.filter((found) => parents.get(found) === undefined);
  return roots.map((found) => ({
    found,
    follows: all.filter((other) => rootOf(other, parents) === found && other !== found),
  }));
}

/** Explanations never go in a circle: `explains` holds only towards a later step or from a deeper rank. */
function rootOf(found: Found, parents: ReadonlyMap<Found, Found | undefined>): Found {
  const seen = new Set<Found>();
  let current = found;
  for (let next = parents.get(current); next !== undefined && !seen.has(next); next = parents.get(current)) {
    seen.add(current);
    current = next;
  }
  return current;
}

function parentOf(one: Placed, all: readonly Placed[]): Placed | undefined {
  const candidates = all.filter((other) => other !== one && explains(other, one));
  return candidates.find(({ found }) => found.cause.rank === 'cause') ?? candidates[0];
}

const rankOrder = { cause: 0, fallback: 1, symptom: 2 } as const;

function explains(a: Placed, b: Placed): boolean {
  if (!overlap(a.places, b.suspects)) return false;
  if (a.found.cause.explains.includes(b.found.cause.id)) return true;
  if (isAboutNode(a) && !isAboutNode(b)) return isBelowNode(a, b);
  const [ranksA, ranksB] = [rankOrder[a.found.cause.rank], rankOrder[b.found.cause.rank]];
  if (ranksA !== ranksB) return ranksA < ranksB;
  if (ranksB === rankOrder.symptom) return heightOf(a.found.step) < heightOf(b.found.step);
  return isNeededBy(a, b) || stopsSamePod(a, b);
}

function isAboutNode({ places }: Placed): boolean {
  return [...places].every((place) => place.startsWith('node:'));
}

/**
 * A node's trouble explains that its pods are evicted or get no sandbox, and why they do not get on before that when
 * nothing else is known of them; not that an object they need is missing, and nothing that comes later.
 */
function isBelowNode(a: Placed, b: Placed): boolean {
  const { cause, step, subjects } = b.found;
  const isEarly = heightOf(step) < heightOf('sandbox') && cause.rank !== 'cause';
  const isNodes = isEarly || step === 'sandbox' || cause.id.startsWith('evicted');
  return isAboutNode(a) && isNodes && subjects[0]?.kind === 'Pod';
}

/** B cannot reach a service, and A is what keeps that service's own pods from working. */
function isNeededBy(a: Placed, b: Placed): boolean {
  const isOther = !overlap(a.places, b.places);
  return isOther && b.found.matches.some(({ dependsOn }) => dependsOn !== undefined) && !hasDependants(a);
}

function hasDependants(a: Placed): boolean {
  return a.found.matches.some(({ dependsOn }) => dependsOn !== undefined);
}

/** What stops a pod on one step explains its silence on every later one. */
function stopsSamePod(a: Placed, b: Placed): boolean {
  const samePod = [...a.places].some((place) => place.startsWith('pod:') && b.places.has(place));
  const [heightA, heightB] = [heightOf(a.found.step), heightOf(b.found.step)];
  return samePod && heightA < heightB && (heightA <= heightOf('started') || b.found.step === 'ready');
}
