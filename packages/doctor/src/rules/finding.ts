import type { Subject } from '../evidence/model.ts';
import type { Step } from '../evidence/step.ts';
import type { Cause, Certainty, Match, Quote } from './cause.ts';

/** A cause found, with everything that the same cause brought about in the same way. */
export interface Found {
  readonly cause: Cause;
  readonly about: string;
  readonly step: Step;
  readonly certainty: Certainty;
  readonly subjects: readonly Subject[];
  readonly matches: readonly Match[];
  readonly quotes: readonly Quote[];
}

const sureness: Readonly<Record<Certainty, number>> = { certain: 0, likely: 1, possible: 2 };

/** The surer of two. */
function surer(a: Certainty, b: Certainty): Certainty {
  return sureness[a] <= sureness[b] ? a : b;
}

/** Joins matches of one cause that are about the same thing (an image, a ConfigMap), or else the same workload. */
export function groupMatches(
  cause: Cause,
  matches: readonly Match[],
  keyOf: (match: Match) => string,
): readonly Found[] {
  const groups = new Map<string, Match[]>();
  for (const match of matches) {
    const key = keyOf(match);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [match]);
    else group.push(match);
  }
  return [...groups.values()].map((group) => foundFrom(cause, group));
}

function foundFrom(cause: Cause, matches: readonly Match[]): Found {
  const certainties = matches.map(({ certainty }) => certainty ?? cause.certainty);
  return {
    cause,
    about: matches.find(({ about }) => about !== '')?.about ?? '',
    step: matches.find(({ step }) => step !== undefined)?.step ?? cause.step,
    certainty: certainties.reduce(surer, 'possible'),
    subjects: distinct(
      matches.map(({ subject }) => subject),
      subjectKey,
    ),
    matches,
    quotes: distinct(
      matches.flatMap(({ quotes }) => quotes),
      ({ where, text }) => `${where}\n${text}`,
    ),
  };
}

/** `Pod board/board-api-1`; containers of one pod are one subject in a report. */
export function subjectKey({ kind, namespace, name }: Subject): string {
  return `${kind} ${namespace}/${name}`;
}

function distinct<T>(values: readonly T[], keyOf: (value: T) => string): readonly T[] {
  return [...new Map(values.toReversed().map((value) => [keyOf(value), value])).values()].toReversed();
}

/** Surest first, then what stands lower on the ladder, then what touches more; the id decides the rest. */
export function compareFound(heightOf: (step: Step) => number): (a: Found, b: Found) => number {
  return (a, b) =>
    sureness[a.certainty] - sureness[b.certainty] ||
    heightOf(a.step) - heightOf(b.step) ||
    b.subjects.length - a.subjects.length ||
    (a.cause.id < b.cause.id ? -1 : a.cause.id > b.cause.id ? 1 : 0) ||
    (a.about < b.about ? -1 : 1);
}
