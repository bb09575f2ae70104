import type { QueryResult } from '@maru/promql';
import { type Labels, labelsKey, labelsOf, metricName, withLabel } from '@maru/query-core';
import type { AlertingRule, RecordingRule } from '../group.ts';
import { expandTemplate, overlaid, type TemplateContext, type Value } from '../template/index.ts';
import { type ActiveAlert, type Alert, alertSeriesLabels, nextAlerts } from './alert.ts';
import { type RuleSample, type VectorSample, vectorOf } from './sample.ts';

/** What rules are evaluated with. */
export interface RuleEnvironment {
  /** The value of a query at one moment. Rejects with a `QueryError`. */
  query(expression: string, timeMs: number): Promise<QueryResult>;
  readonly externalLabels: Labels;
  readonly externalUrl: string;
}

/** When a group is evaluated, and how far before that it looks. */
export interface EvaluationTime {
  readonly timeMs: number;
  readonly offsetMs: number;
  /** Most results of one rule; 0 for any number. */
  readonly limit: number;
}

/** Evaluates a recording rule. Rejects with an error of one sentence when its results cannot be kept. */
export async function evaluateRecording(
  rule: RecordingRule,
  environment: RuleEnvironment,
  { timeMs, offsetMs, limit }: EvaluationTime,
): Promise<readonly RuleSample[]> {
  const at = timeMs - offsetMs;
  const found = vectorOf(await environment.query(rule.expression, at));
  const samples = found.map(({ labels, value }) => ({
    labels: withLabel(overlaid(labels, rule.labels), metricName, rule.name),
    timeMs: at,
    value,
  }));
  if (new Set(samples.map(({ labels }) => labelsKey(labels))).size < samples.length)
    throw new Error('vector contains metrics with the same labelset after applying rule labels');
  if (limit > 0 && samples.length > limit)
    throw new Error(`exceeded limit of ${limit} with ${samples.length} series`);
  return samples;
}

/** What an evaluation of an alerting rule gives: its alerts from now on, and the series that show them. */
export interface AlertingOutcome {
  readonly alerts: ReadonlyMap<string, Alert>;
  readonly samples: readonly RuleSample[];
}

/** Evaluates an alerting rule. Rejects as `evaluateRecording` does. */
export async function evaluateAlerting(
  rule: AlertingRule,
  before: ReadonlyMap<string, Alert>,
  environment: RuleEnvironment,
  time: EvaluationTime,
): Promise<AlertingOutcome> {
  const at = time.timeMs - time.offsetMs;
  const found = vectorOf(await environment.query(rule.expression, at));
  const active = new Map<string, ActiveAlert>();
  const context = templateContext(environment, at);
  for (const sample of found) {
    const alert = await activeAlert(rule, sample, environment, context);
    const key = labelsKey(alert.labels);
    if (active.has(key))
      throw new Error('vector contains metrics with the same labelset after applying alert labels');
    active.set(key, alert);
  }
  const alerts = nextAlerts(rule, before, active, time.timeMs);
  const live = [...alerts.values()].filter(({ state }) => state !== 'inactive');
  if (time.limit > 0 && live.length > time.limit)
    throw new Error(`exceeded limit of ${time.limit} with ${live.length} alerts`);
  return { alerts, samples: live.flatMap((alert) => seriesOf(alert, at)) };
}

async function activeAlert(
  rule: AlertingRule,
  { labels, value }: VectorSample,
  { externalLabels }: RuleEnvironment,
  context: TemplateContext,
): Promise<ActiveAlert> {
  const number = typeof value === 'number' ? value : value.sum;
  const subject = { labels, externalLabels, value: number };
  const expandAll = (
    templates: ReadonlyMap<string, string>,
  ): Promise<readonly (readonly [string, string])[]> =>
    Promise.all(
      [...templates].map(
        async ([name, text]) => [name, await expandTemplate(text, subject, context)] as const,
      ),
    );
  const own = new Map(await expandAll(rule.labels));
  const named = withLabel(overlaid(withLabel(labels, metricName, ''), own), 'alertname', rule.name);
  return { labels: named, annotations: labelsOf(await expandAll(rule.annotations)), value: number };
}

function templateContext({ query, externalUrl }: RuleEnvironment, timeMs: number): TemplateContext {
  return {
    externalUrl,
    timeMs,
    query: async (expression) => vectorOf(await query(expression, timeMs)).map(templateSample),
  };
}

function templateSample({ labels, value }: VectorSample): ReadonlyMap<string, Value> {
  return new Map<string, Value>([
    ['Labels', labels],
    ['Value', typeof value === 'number' ? value : value.sum],
  ]);
}

function seriesOf(alert: Alert, timeMs: number): readonly RuleSample[] {
  return [
    { labels: alertSeriesLabels(alert, 'ALERTS'), timeMs, value: 1 },
    {
      labels: alertSeriesLabels(alert, 'ALERTS_FOR_STATE'),
      timeMs,
      value: Math.floor(alert.activeAtMs / 1000),
    },
  ];
}
