import { type Labels, labelsKey, metricName, QueryError } from '@maru/query-core';
import type { PromqlSettings } from '../settings.ts';
import type { StepSeries } from './values.ts';

/** A series' labels and what becomes of its name. */
export interface Identity {
  readonly labels: Labels;
  readonly dropName: boolean;
}

/** The identity of a result that is no longer the metric itself: its name falls, now or at the end. */
export function withoutName(identity: Identity, settings: PromqlSettings): Identity {
  if (settings.delayedNameRemoval) return { labels: identity.labels, dropName: true };
  return { labels: nameless(identity.labels), dropName: false };
}

/** The labels without the metric's name. */
export function nameless(labels: Labels): Labels {
  if (!labels.has(metricName)) return labels;
  const rest = new Map(labels);
  rest.delete(metricName);
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
  for (let step = 0; step < present.length; step += 1) {
    if (right.present[step] === 0) continue;
    if (present[step] === 1) throw sameLabelset();
    present[step] = 1;
    values[step] = right.values[step] ?? Number.NaN;
  }
  return { labels: left.labels, dropName: left.dropName || right.dropName, values, present };
}

/** Prometheus's error for two results that nothing tells apart. */
export function sameLabelset(): QueryError {
  return new QueryError('execution', 'vector cannot contain metrics with the same labelset');
}
