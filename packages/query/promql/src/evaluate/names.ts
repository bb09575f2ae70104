import { type Labels, labelKey, labelsKey, metricName, QueryError } from '@maru/query-core';
import type { PromqlSettings } from '../settings.ts';
import { isPresent, type StepSeries } from './values.ts';

/** A series' labels and what becomes of its name. */
export interface Identity {
  readonly labels: Labels;
  readonly dropName: boolean;
  /** `labels` without the name, when that is at hand. */
  readonly nameless?: Labels | undefined;
}

/** The identity of a result that is no longer the metric itself: its name falls, now or at the end. */
export function withoutName(identity: Identity, settings: PromqlSettings): Identity {
  if (settings.delayedNameRemoval) return { labels: identity.labels, dropName: true };
  return { labels: nameless(identity.nameless ?? identity.labels), dropName: false };
}

/** What says which metric a series is of; type and unit are labels too where Prometheus is told so. */
const metricLabels = [metricName, '__type__', '__unit__'] as const;

/** Says which metric a series is of. */
export function metricKey(labels: Labels): string {
  const name = labels.get(metricName) ?? '';
  const [type, unit] = [labels.get('__type__'), labels.get('__unit__')];
  if (type === undefined && unit === undefined) return name;
  return [name, type ?? '', unit ?? ''].map((value) => labelKey('', value)).join('');
}

/** The labels without the metric's name, and without what goes with it. */
export function nameless(labels: Labels): Labels {
  if (!metricLabels.some((name) => labels.has(name))) return labels;
  const rest = new Map(labels);
  for (const name of metricLabels) rest.delete(name);
  return rest;
}

/**
 * Joins series that came to have the same labels; each step may have a sample of one of them only.
 *
 * @throws QueryError with Prometheus's text when two have one
 */
export function mergeSameLabels(series: readonly StepSeries[]): readonly StepSeries[] {
  const byKey = new Map<string, StepSeries>();
  for (const one of series) {
    const key = labelsKey(one.labels);
    const known = byKey.get(key);
    byKey.set(key, known === undefined ? one : merge(known, one));
  }
  return byKey.size === series.length ? series : [...byKey.values()];
}

function merge(left: StepSeries, right: StepSeries): StepSeries {
  const values = left.values.slice();
  const present = left.present.slice();
  const histograms = mergeHistograms(left, right);
  for (let step = 0; step < present.length; step += 1) {
    if (!isPresent(right, step)) continue;
    if (isPresent(left, step)) throw sameLabelset();
    if (right.present[step] === 0) continue;
    present[step] = 1;
    values[step] = right.values[step] ?? Number.NaN;
  }
  const dropName = left.dropName || right.dropName;
  return { labels: left.labels, dropName, values, present, histograms };
}

function mergeHistograms(left: StepSeries, right: StepSeries): StepSeries['histograms'] {
  if (left.histograms === undefined) return right.histograms;
  return left.histograms.map((one, step) => one ?? right.histograms?.[step]);
}

/** Prometheus's error for two results that nothing tells apart. */
function sameLabelset(): QueryError {
  return new QueryError('execution', 'vector cannot contain metrics with the same labelset');
}
