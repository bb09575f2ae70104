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
 * cause and pod: the one that is about nothing joins the one that is about something, and brings its evidence.
 */
function joinCertain(all: readonly Found[]): readonly Found[] {
  const joined = new Map(
    all.filter(({ about }) => about === '').map((found) => [found, namedTwin(found, all)]),
  );
  return all
    .filter((found) => joined.get(found) === undefined)
    .map((found) =>
      withEvidenceOf(
        found,
        [...joined].filter(([, twin]) => twin === found).map(([one]) => one),
      ),
    );
}

function namedTwin(found: Found, all: readonly Found[]): Found | undefined {
  const names = new Set(found.subjects.map(({ name }) => name));
  return all.find(
    (other) =>
      other.about !== '' &&
      other.cause === found.cause &&
      [...names].every((name) => other.subjects.some((subject) => subject.name === name)),
  );
}

function withEvidenceOf(found: Found, others: readonly Found[]): Found {
  const known = new Set(found.quotes.map(({ text }) => text));
  const quotes = others.flatMap((other) => other.quotes).filter(({ text }) => !known.has(text));
  return quotes.length === 0 ? found : { ...found, quotes: [...found.quotes, ...quotes] };
}
