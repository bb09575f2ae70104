import type { Evidence } from '../evidence/model.ts';
import { heightOf } from '../evidence/step.ts';
import type { Cause, LookAlike, Match } from './cause.ts';
import { compareFound, type Found, groupMatches } from './finding.ts';
import { type Folded, fold } from './fold.ts';
import { isPassed, podOf } from './position.ts';
import { ruledOutFor } from './ruled-out.ts';
import type { Values } from './text.ts';
import { valuesOf } from './values.ts';

/** A root cause with all that a report says about it. */
export interface Judged extends Folded {
  readonly ruledOut: readonly LookAlike[];
  readonly values: Values;
}

/**
 * Runs every rule over the evidence. The same evidence gives the same answer in the same order, whatever the order in
 * which it was read.
 */
export function diagnose(evidence: Evidence, causes: readonly Cause[]): readonly Judged[] {
  const present: Found[] = [];
  const refuted: Found[] = [];
  for (const cause of causes) {
    const matches = cause.signs.flatMap((sign) => sign(evidence));
    const [past, now] = sorted(cause, matches, evidence);
    present.push(...groupMatches(cause, now, (match) => groupKey(match, evidence)));
    refuted.push(...groupMatches(cause, past, (match) => groupKey(match, evidence)));
  }
  const ordered = joinCertain(present).toSorted(compareFound(heightOf));
  return fold(ordered, evidence).map((folded) => ({
    ...folded,
    ruledOut: ruledOutFor(folded.found, refuted, evidence),
    values: valuesOf(folded.found, evidence),
  }));
}

function sorted(
  cause: Cause,
  matches: readonly Match[],
  evidence: Evidence,
): readonly [readonly Match[], readonly Match[]] {
  const past: Match[] = [];
  const now: Match[] = [];
  for (const match of matches) {
    const isOver = !cause.staysTrue && isPassed(match, match.step ?? cause.step, evidence);
    (isOver ? past : now).push(match);
  }
  return [past, now];
}

/** About the same thing, or else in the same workload. */
function groupKey(match: Match, evidence: Evidence): string {
  const { kind, namespace, name } = match.subject;
  if (match.about !== '') return `${namespace}\nabout ${match.about}`;
  const workload = kind === 'Pod' ? (podOf(match, evidence)?.workload ?? name) : name;
  return `${namespace}\n${kind}\n${workload}`;
}

/**
 * A pull error told by the waiting state often misses what its event tells (the image), which makes two findings of one
 * cause and pod: the one that is about nothing joins the one that is about something.
 */
function joinCertain(all: readonly Found[]): readonly Found[] {
  return all.filter((found) => {
    if (found.about !== '') return true;
    const names = new Set(found.subjects.map(({ name }) => name));
    return !all.some(
      (other) =>
        other !== found &&
        other.about !== '' &&
        other.cause === found.cause &&
        [...names].every((name) => other.subjects.some((subject) => subject.name === name)),
    );
  });
}
