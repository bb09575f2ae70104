import type { WrittenExemplar, WrittenHistogram } from '@maru/receive/prometheus';

/** Label names and values in the order they were shown; the metric's name is `__name__`. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** One value that a target shows. */
export interface ExposedSample {
  /** Tells the series from the others of its target, and is the same from scrape to scrape. */
  readonly series: string;
  /** Made when asked for: most series were seen before. */
  readonly labels: () => Pairs;
  readonly value: number;
  /** Undefined when the target says nothing of it, which is the rule. */
  readonly timeMs: number | undefined;
  /** When the series began to count; 0 when the target does not say. */
  readonly startMs: number;
  readonly exemplars: readonly WrittenExemplar[];
  /** For a native histogram, which has no `value` then. */
  readonly histogram: WrittenHistogram | undefined;
}

/** What a target says of metrics of one name. */
export interface Family {
  readonly type: string;
  readonly help: string;
}

/** All that a target shows at a time. */
export interface Exposition {
  readonly samples: readonly ExposedSample[];
  /** The family that a series of this name belongs to. */
  readonly familyOf: (name: string) => Family;
}

/** A body that is not of the format it should be; the whole scrape has failed then, as with Prometheus. */
export class BadExposition extends Error {
  override readonly name = 'BadExposition';
}

const noFamily: Family = { type: 'unknown', help: '' };
const suffixes = ['_total', '_bucket', '_sum', '_count', '_created', '_gsum', '_gcount', '_info'];

/** Finds families by the name of a series, with and without the endings that formats put to a family's name. */
export function familyFinder(families: ReadonlyMap<string, Family>): (name: string) => Family {
  return (name) => {
    const exact = families.get(name);
    if (exact !== undefined) return exact;
    const suffix = suffixes.find((ending) => name.endsWith(ending));
    return (suffix && families.get(name.slice(0, -suffix.length))) || noFamily;
  };
}
