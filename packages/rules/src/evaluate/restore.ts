import {
  compareLabels,
  type Labels,
  labelsKey,
  metricName,
  QueryError,
  quoteText,
  withLabel,
} from '@maru/query-core';
import type { AlertingRule } from '../group.ts';
import type { Alert } from './alert.ts';
import type { RuleEnvironment } from './evaluate-rule.ts';

/** Prometheus's: an alert is taken up again when it was last seen within the hour. */
const outageToleranceMs = 3_600_000;
/** Prometheus's: an alert that was still pending waits at least so long after a restart before it fires. */
const graceMs = 600_000;

/**
 * The alerts of a rule with the times at which they began before the process was restarted, which `ALERTS_FOR_STATE` tells.
 * One that had waited its time out by then goes on firing; for one that had not, the time away does not count.
 */
export async function restoreAlerts(
  rule: AlertingRule,
  alerts: ReadonlyMap<string, Alert>,
  environment: RuleEnvironment,
  timeMs: number,
): Promise<ReadonlyMap<string, Alert>> {
  if (rule.holdMs === 0 || alerts.size === 0) return alerts;
  const known = await lastSeen(rule, environment, timeMs);
  return new Map(
    [...alerts].map(([key, alert]) => {
      const before = known.get(key);
      return [key, before === undefined ? alert : restored(rule, alert, before, timeMs)];
    }),
  );
}

/** When an alert had begun, and when its series was last written. */
interface Seen {
  readonly activeAtMs: number;
  readonly downAtMs: number;
}

/** By the key of the alert's labels. A series that was marked as ended is not among them. */
async function lastSeen(
  rule: AlertingRule,
  { query }: RuleEnvironment,
  timeMs: number,
): Promise<ReadonlyMap<string, Seen>> {
  const selector = `ALERTS_FOR_STATE{alertname=${quoteText(rule.name)}}[${outageToleranceMs / 1000}s]`;
  const { value } = await query(selector, timeMs);
  if (value.type !== 'matrix') throw new QueryError('execution', 'ALERTS_FOR_STATE is no matrix');
  return new Map(
    value.series.map(({ labels, times, values }) => [
      labelsKey(withLabel(labels, metricName, '')),
      { activeAtMs: (values.at(-1) ?? 0) * 1000, downAtMs: times.at(-1) ?? 0 },
    ]),
  );
}

function restored(rule: AlertingRule, alert: Alert, { activeAtMs, downAtMs }: Seen, timeMs: number): Alert {
  const left = rule.holdMs - (downAtMs - activeAtMs);
  if (left <= 0) return { ...alert, activeAtMs, ...firing(rule, activeAtMs, timeMs) };
  const waits = left < graceMs && rule.holdMs >= graceMs;
  return { ...alert, activeAtMs: waits ? timeMs + graceMs - rule.holdMs : activeAtMs + (timeMs - downAtMs) };
}

function firing(rule: AlertingRule, activeAtMs: number, timeMs: number): Partial<Alert> {
  return timeMs - activeAtMs >= rule.holdMs ? { state: 'firing', firedAtMs: activeAtMs + rule.holdMs } : {};
}

/** Alerts in the order of their labels, as the API and messages show them. */
export function sortedAlerts(alerts: ReadonlyMap<string, Alert>): readonly Alert[] {
  return [...alerts.values()].toSorted((left, right) => compareLabels(left.labels as Labels, right.labels));
}
