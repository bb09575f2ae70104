import {
  type LabelMatcher,
  type Labels,
  labelsKey,
  labelsOf,
  metricName,
  onlyLabels,
  printLabels,
  QueryError,
} from '@maru/query-core';
import { mergeSameLabels } from '../../evaluate/names.ts';
import { matchesAll } from '../../evaluate/prepare-info.ts';
import { emptySteps, isPresent, type StepSeries, type Value } from '../../evaluate/values.ts';
import type { CallInput, FunctionDefinition } from '../definition.ts';

/** What a series and the info metrics about it have in common. */
const identifyingLabels: ReadonlySet<string> = new Set(['instance', 'job']);

export const info: FunctionDefinition = {
  name: 'info',
  summary: 'a vector with the labels of the info metrics that are about the same job and instance',
  parameters: ['vector', 'vector'],
  optionalCount: 1,
  isVariadic: false,
  returns: 'vector',
  isExperimental: true,
  evaluation: { kind: 'withSampleTimes', run: joinInfo },
};

interface InfoSeries {
  readonly series: StepSeries;
  /** Seconds of the sample that is found at each step. */
  readonly times: Float64Array;
}

interface Join {
  readonly namesOf: readonly LabelMatcher[];
  readonly data: readonly LabelMatcher[];
  readonly bySignature: ReadonlyMap<string, readonly InfoSeries[]>;
}

function joinInfo({ values: [base, infos, times], call }: CallInput): Value {
  const selector = call.arguments[1];
  const matchers = selector?.kind === 'vectorSelector' ? selector.matchers : [];
  const join: Join = {
    namesOf: matchers.filter(({ name }) => name === metricName),
    data: matchers.filter(({ name }) => name !== metricName),
    bySignature: groupInfos(seriesOf(infos), seriesOf(times)),
  };
  return { kind: 'vector', series: mergeSameLabels(seriesOf(base).flatMap((one) => enrich(one, join))) };
}

function seriesOf(value: Value | undefined): readonly StepSeries[] {
  return value?.kind === 'vector' ? value.series : [];
}

function signatureOf(labels: Labels): string {
  return labelsKey(onlyLabels(labels, identifyingLabels));
}

function groupInfos(
  infos: readonly StepSeries[],
  times: readonly StepSeries[],
): ReadonlyMap<string, readonly InfoSeries[]> {
  const groups = new Map<string, InfoSeries[]>();
  for (const [index, series] of infos.entries()) {
    if (series.histograms?.some((histogram) => histogram !== undefined)) throw noInfoMetric(series);
    const key = signatureOf(series.labels);
    const group = groups.get(key) ?? [];
    group.push({ series, times: times[index]?.values ?? new Float64Array() });
    groups.set(key, group);
  }
  return groups;
}

function noInfoMetric({ labels }: StepSeries): QueryError {
  const text = `this should be an info metric, with float samples: ${printLabels(labels)}`;
  return new QueryError('execution', text);
}

/** One series for each set of labels that the info metrics give it over the steps. */
function enrich(base: StepSeries, join: Join): readonly StepSeries[] {
  if (matchesAll(base.labels, join.namesOf)) return [base];
  const isAbout = [...identifyingLabels].some((name) => base.labels.has(name));
  const infos = isAbout ? (join.bySignature.get(signatureOf(base.labels)) ?? []) : [];
  const results = new Map<string, StepSeries>();
  for (let step = 0; step < base.values.length; step += 1) {
    if (!isPresent(base, step)) continue;
    const labels = labelsAt(base, infos, step, join);
    if (labels !== undefined) put(results, base, labels, step);
  }
  return [...results.values()];
}

/** @returns `undefined` when the sample is to be dropped: the query asks for a label that no info metric gives */
function labelsAt(
  base: StepSeries,
  infos: readonly InfoSeries[],
  step: number,
  { data }: Join,
): Labels | undefined {
  const found = latestByName(infos, step);
  if (found.length === 0) return matchesAll(new Map(), data) ? base.labels : undefined;
  const wanted = data.length === 0 ? undefined : new Set(data.map(({ name }) => name));
  const added = new Map<string, string>();
  for (const [name, value] of found.flatMap(({ series }) => [...series.labels])) {
    if (name === metricName || base.labels.has(name) || wanted?.has(name) === false) continue;
    const known = added.get(name) ?? value;
    if (known !== value) throw new QueryError('execution', `conflicting label: ${name}`);
    added.set(name, value);
  }
  return added.size === 0 ? base.labels : labelsOf([...base.labels, ...added]);
}

/** Of the info series of one name the one with the latest sample. */
function latestByName(infos: readonly InfoSeries[], step: number): readonly InfoSeries[] {
  const byName = new Map<string, InfoSeries>();
  for (const one of infos) {
    if (one.series.present[step] === 0) continue;
    const name = one.series.labels.get(metricName) ?? '';
    const known = byName.get(name);
    const [time = 0, knownTime = Number.NEGATIVE_INFINITY] = [one.times[step], known?.times[step]];
    if (known !== undefined && time === knownTime) throw duplicate(known.series, one.series);
    if (time > knownTime) byName.set(name, one);
  }
  return [...byName.values()];
}

function duplicate(first: StepSeries, second: StepSeries): QueryError {
  const both = `${printLabels(first.labels)} @ ${printLabels(second.labels)}`;
  return new QueryError('execution', `found duplicate series for info metric: ${both}`);
}

function put(results: Map<string, StepSeries>, base: StepSeries, labels: Labels, step: number): void {
  const key = labelsKey(labels);
  const count = base.values.length;
  const result = results.get(key) ?? {
    ...{ labels, dropName: base.dropName },
    ...{ values: base.values, present: new Uint8Array(count) },
    histograms: base.histograms === undefined ? undefined : emptySteps(count),
  };
  results.set(key, result);
  result.present[step] = base.present[step] ?? 0;
  const histogram = base.histograms?.[step];
  if (histogram === undefined) return;
  const histograms = (result.histograms ?? emptySteps(count)).with(step, histogram);
  results.set(key, { ...result, histograms });
}
