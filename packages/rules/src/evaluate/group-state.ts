import { type Labels, labelsKey } from '@maru/query-core';
import type { AlertingRule, Rule, RuleGroup } from '../group.ts';
import type { Alert } from './alert.ts';
import {
  type EvaluationTime,
  evaluateAlerting,
  evaluateRecording,
  type RuleEnvironment,
} from './evaluate-rule.ts';
import { restoreAlerts } from './restore.ts';
import type { RuleSample } from './sample.ts';

/** A rule with what its last evaluation left behind; immutable. */
export interface RuleState {
  readonly rule: Rule;
  readonly alerts: ReadonlyMap<string, Alert>;
  /** Series of the last evaluation, to mark as ended when the next does not have them. */
  readonly series: ReadonlyMap<string, Labels>;
  readonly health: 'unknown' | 'ok' | 'err';
  readonly lastError: string;
  readonly evaluationSeconds: number;
  readonly lastEvaluationMs: number | undefined;
  /** Whether the times of its alerts from before a restart were looked for. */
  readonly isRestored: boolean;
}

/** A group with the states of its rules, in their order. */
export interface GroupState {
  readonly group: RuleGroup;
  readonly rules: readonly RuleState[];
  readonly evaluationSeconds: number;
  readonly lastEvaluationMs: number | undefined;
}

/** A group that was not evaluated yet. */
export function newGroupState(group: RuleGroup): GroupState {
  const rules = group.rules.map(
    (rule): RuleState => ({
      rule,
      alerts: new Map(),
      series: new Map(),
      health: 'unknown',
      lastError: '',
      evaluationSeconds: 0,
      lastEvaluationMs: undefined,
      isRestored: false,
    }),
  );
  return { group, rules, evaluationSeconds: 0, lastEvaluationMs: undefined };
}

/**
 * Evaluates the rules of a group in their order. `write` gets what each rule made before the next is evaluated; a rule
 * that fails leaves the others alone.
 */
export async function evaluateGroup(
  state: GroupState,
  environment: RuleEnvironment,
  timeMs: number,
  write: (samples: readonly RuleSample[]) => Promise<void>,
): Promise<GroupState> {
  const started = performance.now();
  const { queryOffsetMs: offsetMs, limit } = state.group;
  const rules: RuleState[] = [];
  for (const rule of state.rules)
    rules.push(await evaluateRule(rule, environment, { timeMs, offsetMs, limit }, write));
  return {
    ...state,
    rules,
    evaluationSeconds: (performance.now() - started) / 1000,
    lastEvaluationMs: timeMs,
  };
}

async function evaluateRule(
  state: RuleState,
  environment: RuleEnvironment,
  time: EvaluationTime,
  write: (samples: readonly RuleSample[]) => Promise<void>,
): Promise<RuleState> {
  const started = performance.now();
  const done = (): Pick<RuleState, 'evaluationSeconds' | 'lastEvaluationMs'> => ({
    evaluationSeconds: (performance.now() - started) / 1000,
    lastEvaluationMs: time.timeMs,
  });
  try {
    const { samples, ...changed } = await outcomeOf(state, environment, time);
    const series = new Map(samples.map(({ labels }) => [labelsKey(labels), labels]));
    await write([...samples, ...endedSamples(state, series, time.timeMs - time.offsetMs)]);
    return { ...state, ...changed, series, health: 'ok', lastError: '', ...done() };
  } catch (error) {
    const lastError = error instanceof Error ? error.message : String(error);
    return { ...state, health: 'err', lastError, ...done() };
  }
}

interface Outcome extends Pick<RuleState, 'alerts' | 'isRestored'> {
  readonly samples: readonly RuleSample[];
}

async function outcomeOf(
  state: RuleState,
  environment: RuleEnvironment,
  time: EvaluationTime,
): Promise<Outcome> {
  const { rule, alerts } = state;
  if (rule.kind === 'recording')
    return { alerts, isRestored: true, samples: await evaluateRecording(rule, environment, time) };
  const outcome = await evaluateAlerting(rule, alerts, environment, time);
  if (state.isRestored) return { ...outcome, isRestored: true };
  return restoredOutcome(rule, outcome.alerts, environment, time);
}

/**
 * After a start the alerts are found first, then given the times they had. Then they are evaluated once more, so that
 * the series tell the right state from the first time on.
 */
async function restoredOutcome(
  rule: AlertingRule,
  found: ReadonlyMap<string, Alert>,
  environment: RuleEnvironment,
  time: EvaluationTime,
): Promise<Outcome> {
  const restored = await restoreAlerts(rule, found, environment, time.timeMs);
  return { ...(await evaluateAlerting(rule, restored, environment, time)), isRestored: true };
}

function endedSamples(
  { series: before }: RuleState,
  now: ReadonlyMap<string, Labels>,
  timeMs: number,
): readonly RuleSample[] {
  return [...before]
    .filter(([key]) => !now.has(key))
    .map(([, labels]) => ({ labels, timeMs, value: 'stale' as const }));
}
