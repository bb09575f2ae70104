import type { Labels } from '@maru/query-core';
import type { Alert } from '../evaluate/alert.ts';
import type { GroupState, RuleState } from '../evaluate/group-state.ts';

/** An alert that is to be told. Milliseconds since 1970. */
export interface Notice {
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly startsAtMs: number;
  /** When it ended; for one that fires, until when it may be held to fire if nothing more is heard. */
  readonly endsAtMs: number;
  readonly isResolved: boolean;
  /** Where its expression can be looked at. */
  readonly generatorUrl: string;
}

/** Prometheus's: an alert that goes on firing is told again so often. */
const resendDelayMs = 60_000;

/** What is to be told after an evaluation, and the group with that noted. */
export interface Due {
  readonly state: GroupState;
  readonly notices: readonly Notice[];
}

export function dueNotices(state: GroupState, timeMs: number, externalUrl: string): Due {
  const notices: Notice[] = [];
  const rules = state.rules.map((rule) => {
    if (rule.rule.kind !== 'alerting') return rule;
    const alerts = [...rule.alerts].map(([key, alert]) => {
      if (!isDue(alert, timeMs)) return [key, alert] as const;
      notices.push(noticeOf(alert, rule, state.group.intervalMs, timeMs, externalUrl));
      return [key, { ...alert, lastSentAtMs: timeMs }] as const;
    });
    return { ...rule, alerts: new Map(alerts) };
  });
  return { state: { ...state, rules }, notices };
}

function isDue({ state, resolvedAtMs, lastSentAtMs }: Alert, timeMs: number): boolean {
  if (state === 'pending') return false;
  if (lastSentAtMs === undefined) return true;
  if (resolvedAtMs !== undefined && resolvedAtMs > lastSentAtMs) return true;
  return timeMs - lastSentAtMs >= resendDelayMs;
}

function noticeOf(
  alert: Alert,
  { rule }: RuleState,
  intervalMs: number,
  timeMs: number,
  externalUrl: string,
): Notice {
  return {
    labels: alert.labels,
    annotations: alert.annotations,
    startsAtMs: alert.firedAtMs ?? alert.activeAtMs,
    // Four times: three lost messages do not end an alert.
    endsAtMs: alert.resolvedAtMs ?? timeMs + 4 * Math.max(intervalMs, resendDelayMs),
    isResolved: alert.state === 'inactive',
    generatorUrl: `${externalUrl}/graph?g0.expr=${encodeURIComponent(rule.expression)}&g0.tab=1`,
  };
}
