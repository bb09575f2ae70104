import { compileMatcher, type LabelMatcher, type Labels } from '@maru/query-core';
import { type Alert, type AlertState, type GroupState, type RuleState, sortedAlerts } from '@maru/rules';
import type { Answer } from '../http/answer.ts';
import { type Parameters, shown } from '../http/parameters.ts';
import type { Handle } from '../http/router.ts';
import { answeringQueryErrors, successOf } from './envelope.ts';
import { invalid, limitParameter, matchParameters } from './parameters.ts';

/** The groups of rules as they stand. */
export type RuleStates = () => readonly GroupState[];

/** `GET /api/v1/rules`: the groups of rules with their states, filtered as Prometheus does. */
export function rules(states: RuleStates): Handle {
  return answeringQueryErrors('match[]', ({ parameters }) => answerRules(states(), parameters));
}

/** `GET /api/v1/alerts`: every alert that is pending or fires. */
export function alerts(states: RuleStates): Handle {
  return () => {
    const all = states().flatMap((state) => state.rules);
    return successOf({ alerts: all.flatMap(({ alerts: of }) => sortedAlerts(of).flatMap(writeAlert)) });
  };
}

interface RuleFilter {
  readonly keeps: (rule: RuleState) => boolean;
  readonly withAlerts: boolean;
}

function answerRules(states: readonly GroupState[], parameters: Parameters): Answer {
  const [files, names] = [parameters.getAll('file[]'), parameters.getAll('rule_group[]')];
  const filter = ruleFilter(parameters);
  const chosen = states
    .filter(({ group }) => isAmong(files, group.file) && isAmong(names, group.name))
    .map((state) => ({ state, rules: state.rules.filter(filter.keeps) }))
    .filter(({ state, rules: kept }) => kept.length > 0 || state.rules.length === 0);
  const { page, groupNextToken } = pageOf(chosen, parameters);
  return successOf({
    groups: page.map(({ state, rules: kept }) => writeGroup(state, kept, filter.withAlerts)),
    ...(groupNextToken !== undefined && { groupNextToken }),
  });
}

function ruleFilter(parameters: Parameters): RuleFilter {
  const type = parameters.get('type') ?? '';
  if (!['', 'alert', 'record'].includes(type)) throw invalid('type', `not supported value ${shown(type)}`);
  const exclude = parameters.get('exclude_alerts') ?? 'false';
  if (!/^(true|false|1|0|t|f)$/i.test(exclude))
    throw invalid('exclude_alerts', `${shown(exclude)} is neither true nor false`);
  const names = parameters.getAll('rule_name[]');
  const selectors = matchParameters(parameters);
  const kind = type === 'alert' ? 'alerting' : type === 'record' ? 'recording' : undefined;
  return {
    withAlerts: !/^(true|1|t)$/i.test(exclude),
    keeps: ({ rule }) =>
      (kind === undefined || rule.kind === kind) &&
      isAmong(names, rule.name) &&
      matchesAny(rule.labels, selectors),
  };
}

function isAmong(wanted: readonly string[], name: string): boolean {
  return wanted.length === 0 || wanted.includes(name);
}

function matchesAny(
  labels: ReadonlyMap<string, string>,
  selectors: readonly (readonly LabelMatcher[])[],
): boolean {
  if (selectors.length === 0) return true;
  return selectors.some((matchers) =>
    matchers.every((matcher) => compileMatcher(matcher)(labels.get(matcher.name) ?? '')),
  );
}

interface Chosen {
  readonly state: GroupState;
  readonly rules: readonly RuleState[];
}

/** `group_limit` groups from the one that `group_next_token` names on. */
function pageOf(
  chosen: readonly Chosen[],
  parameters: Parameters,
): { readonly page: readonly Chosen[]; readonly groupNextToken: string | undefined } {
  const limit = limitParameter(parameters, 'group_limit');
  const token = parameters.get('group_next_token') ?? '';
  if (token !== '' && limit === 0) throw invalid('group_next_token', 'it needs group_limit beside it');
  const start = token === '' ? 0 : chosen.findIndex(({ state }) => tokenOf(state) === token);
  if (start === -1)
    throw invalid('group_next_token', 'there is no group of this token: begin again without it');
  const end = limit === 0 ? chosen.length : start + limit;
  const next = chosen[end];
  return {
    page: chosen.slice(start, end),
    groupNextToken: next === undefined ? undefined : tokenOf(next.state),
  };
}

function tokenOf({ group }: GroupState): string {
  return Buffer.from(`${group.file};${group.name}`).toString('base64url');
}

const noTime = '0001-01-01T00:00:00Z';

function writeGroup(state: GroupState, kept: readonly RuleState[], withAlerts: boolean): object {
  const { group, evaluationSeconds, lastEvaluationMs } = state;
  return {
    name: group.name,
    file: group.file,
    rules: kept.map((rule) => writeRule(rule, withAlerts)),
    interval: group.intervalMs / 1000,
    limit: group.limit,
    evaluationTime: evaluationSeconds,
    lastEvaluation: writeTime(lastEvaluationMs),
  };
}

function writeTime(milliseconds: number | undefined): string {
  return milliseconds === undefined ? noTime : new Date(milliseconds).toISOString();
}

function writeRule(state: RuleState, withAlerts: boolean): object {
  const { rule, health, lastError, evaluationSeconds, lastEvaluationMs } = state;
  const common = {
    name: rule.name,
    query: rule.expression.trim(),
    labels: Object.fromEntries(rule.labels),
    health,
    ...(lastError !== '' && { lastError }),
    evaluationTime: evaluationSeconds,
    lastEvaluation: writeTime(lastEvaluationMs),
  };
  if (rule.kind === 'recording') return { ...common, type: 'recording' };
  return {
    ...common,
    state: stateOf(state),
    duration: rule.holdMs / 1000,
    keepFiringFor: rule.keepFiringMs / 1000,
    annotations: Object.fromEntries(rule.annotations),
    alerts: withAlerts ? sortedAlerts(state.alerts).flatMap(writeAlert) : [],
    type: 'alerting',
  };
}

function stateOf({ alerts: all, lastEvaluationMs }: RuleState): AlertState | 'unknown' {
  if (lastEvaluationMs === undefined) return 'unknown';
  const states = new Set([...all.values()].map(({ state }) => state));
  return states.has('firing') ? 'firing' : states.has('pending') ? 'pending' : 'inactive';
}

function writeAlert(alert: Alert): readonly object[] {
  if (alert.state === 'inactive') return [];
  return [
    {
      labels: fromLabels(alert.labels),
      annotations: fromLabels(alert.annotations),
      state: alert.state,
      activeAt: new Date(alert.activeAtMs).toISOString(),
      ...(alert.keepFiringSinceMs !== undefined && {
        keepFiringSince: new Date(alert.keepFiringSinceMs).toISOString(),
      }),
      value: exponentText(alert.value),
    },
  ];
}

function fromLabels(labels: Labels): Readonly<Record<string, string>> {
  return Object.fromEntries(labels);
}

/** As Go's `%e` with the shortest digits: `1e+00`. */
function exponentText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
}
