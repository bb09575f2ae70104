import { type Labels, labelsOf, metricName } from '@maru/query-core';
import type { AlertingRule } from '../group.ts';

export type AlertState = 'inactive' | 'pending' | 'firing';

/** One alert of a rule, at one moment; immutable. Times are milliseconds since 1970. */
export interface Alert {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly value: number;
  readonly state: AlertState;
  readonly activeAtMs: number;
  readonly firedAtMs: number | undefined;
  readonly resolvedAtMs: number | undefined;
  readonly keepFiringSinceMs: number | undefined;
  readonly lastSentAtMs: number | undefined;
}

/** How long an alert that is over is kept, so that its end is told once more should the first telling be lost. */
const resolvedRetentionMs = 15 * 60_000;

/** What the rule's expression gives now for one alert. */
export type ActiveAlert = Pick<Alert, 'labels' | 'annotations' | 'value'>;

/**
 * The alerts of a rule after an evaluation, by the key of their labels: those that were, and those that the expression gives
 * now. The rules are Prometheus's.
 */
export function nextAlerts(
  rule: AlertingRule,
  before: ReadonlyMap<string, Alert>,
  active: ReadonlyMap<string, ActiveAlert>,
  timeMs: number,
): ReadonlyMap<string, Alert> {
  const next = new Map<string, Alert>();
  for (const [key, alert] of before) {
    const now = active.get(key);
    const changed = now === undefined ? leaving(rule, alert, timeMs) : staying(rule, alert, now, timeMs);
    if (changed !== undefined) next.set(key, changed);
  }
  for (const [key, now] of active)
    if (!before.has(key)) next.set(key, ripened(rule, begun(now, timeMs), timeMs));
  return next;
}

function begun(now: ActiveAlert, timeMs: number): Alert {
  return {
    ...now,
    state: 'pending',
    activeAtMs: timeMs,
    firedAtMs: undefined,
    resolvedAtMs: undefined,
    keepFiringSinceMs: undefined,
    lastSentAtMs: undefined,
  };
}

function staying(rule: AlertingRule, alert: Alert, now: ActiveAlert, timeMs: number): Alert {
  if (alert.state === 'inactive') return ripened(rule, begun(now, timeMs), timeMs);
  const { value, annotations } = now;
  return ripened(rule, { ...alert, value, annotations, keepFiringSinceMs: undefined }, timeMs);
}

function ripened(rule: AlertingRule, alert: Alert, timeMs: number): Alert {
  if (alert.state !== 'pending' || timeMs - alert.activeAtMs < rule.holdMs) return alert;
  return { ...alert, state: 'firing', firedAtMs: timeMs };
}

/** An alert that the expression no longer gives: it goes on firing for a while, ends, and is forgotten later. */
function leaving(rule: AlertingRule, alert: Alert, timeMs: number): Alert | undefined {
  if (alert.state === 'firing' && rule.keepFiringMs > 0) {
    const since = alert.keepFiringSinceMs ?? timeMs;
    if (timeMs - since < rule.keepFiringMs) return { ...alert, keepFiringSinceMs: since };
  }
  if (alert.state === 'pending') return undefined;
  if (alert.resolvedAtMs !== undefined && timeMs - alert.resolvedAtMs > resolvedRetentionMs) return undefined;
  if (alert.state === 'inactive') return alert;
  return { ...alert, state: 'inactive', resolvedAtMs: timeMs };
}

/** The labels of the series that show an alert: `ALERTS` with its state, `ALERTS_FOR_STATE` without. */
export function alertSeriesLabels(alert: Alert, series: 'ALERTS' | 'ALERTS_FOR_STATE'): Labels {
  const state = series === 'ALERTS' ? ([['alertstate', alert.state]] as const) : [];
  return labelsOf([...alert.labels, [metricName, series], ...state]);
}
