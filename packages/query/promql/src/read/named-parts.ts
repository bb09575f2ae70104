import {
  compileMatcher,
  type LabelMatcher,
  type Labels,
  metricName,
  printDecimal,
  withLabel,
} from '@maru/query-core';
import { madeLabels, type Part, partsOf } from './series-kinds.ts';
import type { StoredSeries } from './stored-series.ts';

/** One Prometheus series that a stored series gives. */
export interface NamedPart {
  readonly part: Part;
  /** Bucket or quantile by its place in the stored arrays; 0 for the other parts. */
  readonly index: number;
  readonly labels: Labels;
}

/** Decides which series a stored one gives: by the made name, and by the made labels that SQL cannot see. */
export interface PartChooser {
  /** The parts that match. A summary's quantiles are known from its points only, so the caller gives them. */
  parts(series: StoredSeries, quantiles: readonly number[]): readonly NamedPart[];
}

export function choosePartsBy(matchers: readonly LabelMatcher[]): PartChooser {
  const nameTests = testsOf(matchers, metricName);
  const leTests = testsOf(matchers, 'le');
  const quantileTests = testsOf(matchers, 'quantile');
  const passes = (labels: Labels, made: string | undefined) =>
    passesAll(nameTests, labels.get(metricName)) &&
    (made !== 'le' || passesAll(leTests, labels.get('le'))) &&
    (made !== 'quantile' || passesAll(quantileTests, labels.get('quantile')));
  return {
    parts: (series, quantiles) =>
      candidates(series, quantiles).filter((one) => passes(one.labels, madeLabels[series.kind])),
  };
}

type Test = (value: string) => boolean;

function testsOf(matchers: readonly LabelMatcher[], name: string): readonly Test[] {
  return matchers.filter((matcher) => matcher.name === name).map(compileMatcher);
}

function passesAll(tests: readonly Test[], value: string | undefined): boolean {
  return tests.every((test) => test(value ?? ''));
}

function candidates(series: StoredSeries, quantiles: readonly number[]): readonly NamedPart[] {
  return partsOf[series.kind].flatMap(({ part, suffix }) => {
    const name = series.name + suffix;
    if (part === 'bucket')
      return bounded(series, name, 'le', 'bucket', [...series.bounds, Number.POSITIVE_INFINITY]);
    if (part === 'quantile') return bounded(series, name, 'quantile', 'quantile', quantiles);
    const labels = suffix === '' ? series.named : withNames(series.labels, [[metricName, name]]);
    return [{ part, index: 0, labels }];
  });
}

function bounded(
  series: StoredSeries,
  name: string,
  label: 'le' | 'quantile',
  part: Part,
  bounds: readonly number[],
): readonly NamedPart[] {
  return bounds.map((bound, index) => ({
    part,
    index,
    labels: withNames(series.labels, [
      [metricName, name],
      [label, printDecimal(bound)],
    ]),
  }));
}

function withNames(labels: Labels, added: readonly (readonly [string, string])[]): Labels {
  return added.reduce((named, [name, value]) => withLabel(named, name, value), labels);
}
