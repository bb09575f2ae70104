import {
  createPromqlEngine,
  type NativeHistogram,
  type PromqlSettings,
  printHistogram,
  readLabels,
  readPoints,
} from '@maru/promql';
import { type Labels, labelsKey, labelsOf, printFloat, printLabels, QueryError } from '@maru/query-core';
import type { Reader } from '@maru/store';
import type { RuleEnvironment } from '../evaluate/evaluate-rule.ts';
import { evaluateGroup, type GroupState, newGroupState } from '../evaluate/group-state.ts';
import { type RuleSample, type VectorSample, vectorOf } from '../evaluate/sample.ts';
import type { RuleGroup } from '../group.ts';
import { RecentSamples } from '../write/recent-samples.ts';
import type { AlertTest, ExpectedSample, ExpressionTest, TestFile, TestGroup } from './format.ts';

/** Runs the tests of a file on rules. @returns what failed, a few lines each; empty when all passed */
export async function runRuleTests(
  { tests, evaluation_interval, group_eval_order, fuzzy_compare }: TestFile,
  groups: readonly RuleGroup[],
  promql: PromqlSettings,
): Promise<readonly string[]> {
  const ordered = inOrder(groups, group_eval_order);
  const failures: string[] = [];
  for (const test of tests) {
    const run = new TestRun(test, ordered, {
      evaluationMs: evaluation_interval,
      isFuzzy: fuzzy_compare,
      promql,
    });
    failures.push(
      ...(await run.failures()).map((one) => (test.name === undefined ? one : `name: ${test.name},\n${one}`)),
    );
  }
  return failures;
}

function inOrder(groups: readonly RuleGroup[], order: readonly string[]): readonly RuleGroup[] {
  const unknown = order.find((name) => !groups.some((group) => group.name === name));
  if (unknown !== undefined)
    throw new Error(`group_eval_order names ${unknown}, and no rule file has a group of this name`);
  const place = (group: RuleGroup): number =>
    order.includes(group.name) ? order.indexOf(group.name) : order.length;
  return groups.toSorted((left, right) => place(left) - place(right));
}

/** Nothing is stored: all that there is to look at is in the test. */
const emptyReader: Reader = {
  rows: async () => [],
  eachBlock: async () => undefined,
  numbers: async () => ({ batches: () => [] }),
  numbersPackedUntil: async () => Number.NEGATIVE_INFINITY,
  columns: async () => ({
    rowCount: 0,
    made: () => {
      throw new RangeError('nothing can be made of no columns');
    },
    column: (name) => {
      throw new RangeError(`there is no column ${name}`);
    },
  }),
};

interface TestSettings {
  readonly evaluationMs: number;
  readonly isFuzzy: boolean;
  readonly promql: PromqlSettings;
}

class TestRun {
  readonly #test: TestGroup;
  readonly #settings: TestSettings;
  readonly #samples = new RecentSamples(Number.POSITIVE_INFINITY);
  readonly #environment: RuleEnvironment;
  #states: readonly GroupState[];

  constructor(test: TestGroup, groups: readonly RuleGroup[], settings: TestSettings) {
    this.#test = test;
    this.#settings = settings;
    this.#states = groups.map(newGroupState);
    const engine = createPromqlEngine(emptyReader, {
      settings: settings.promql,
      sources: [this.#samples.source],
    });
    this.#environment = {
      query: (expression, timeMs) => engine.instant(expression, timeMs),
      externalLabels: labelsOf(test.external_labels),
      externalUrl: test.external_url,
    };
    this.#samples.add(inputSamples(test));
  }

  async failures(): Promise<readonly string[]> {
    const { alert_rule_test: alertTests, promql_expr_test: expressionTests } = this.#test;
    const last = Math.max(
      0,
      ...alertTests.map((one) => one.eval_time),
      ...expressionTests.map((one) => one.eval_time),
    );
    const failures: string[] = [];
    for (let time = 0; time <= last; time += this.#settings.evaluationMs) {
      await this.#evaluate(time);
      const now = alertTests.filter(
        (one) => one.eval_time >= time && one.eval_time < time + this.#settings.evaluationMs,
      );
      failures.push(...now.flatMap((one) => alertFailure(one, this.#states)));
    }
    failures.push(...this.#states.flatMap(evaluationFailures));
    for (const one of expressionTests) failures.push(...(await this.#expressionFailure(one)));
    return failures;
  }

  async #evaluate(timeMs: number): Promise<void> {
    const states: GroupState[] = [];
    for (const state of this.#states)
      states.push(
        await evaluateGroup(state, this.#environment, timeMs, async (made) => this.#samples.add(made)),
      );
    this.#states = states;
  }

  async #expressionFailure({ expr, eval_time, exp_samples }: ExpressionTest): Promise<readonly string[]> {
    const head = `    expr: ${JSON.stringify(expr)}, time: ${printTime(eval_time)},`;
    try {
      const got = vectorOf(await this.#environment.query(expr, eval_time));
      const wanted = exp_samples.map(expectedSample);
      if (isSame(got, wanted, this.#settings.isFuzzy)) return [];
      return [`${head}\n        exp: ${printSamples(wanted)}\n        got: ${printSamples(got)}`];
    } catch (error) {
      if (error instanceof QueryError) return [`${head} err: ${error.message}`];
      throw error;
    }
  }
}

function inputSamples({ input_series, interval }: TestGroup): readonly RuleSample[] {
  return input_series.flatMap(({ series, values }) => {
    const labels = readLabels(series.trim());
    return readPoints(values).flatMap((point, index): readonly RuleSample[] => {
      if (point === 'none') return [];
      const value = typeof point === 'object' ? point.histogram : point;
      return [{ labels, timeMs: index * interval, value }];
    });
  });
}

function evaluationFailures({ group, rules }: GroupState): readonly string[] {
  return rules
    .filter(({ lastError }) => lastError !== '')
    .map(({ rule, lastError }) => `    rule: ${rule.name}, group: ${group.name}, err: ${lastError}`);
}

interface FiringAlert {
  readonly labels: Labels;
  readonly annotations: Labels;
}

function alertFailure(
  { alertname, eval_time, exp_alerts }: AlertTest,
  states: readonly GroupState[],
): readonly string[] {
  const rules = states
    .flatMap((state) => state.rules)
    .filter(({ rule }) => rule.kind === 'alerting' && rule.name === alertname);
  const got = rules.flatMap(({ alerts }) => [...alerts.values()].filter(({ state }) => state === 'firing'));
  const wanted = exp_alerts.map(({ exp_labels, exp_annotations }) => ({
    labels: labelsOf([...exp_labels, ['alertname', alertname]]),
    annotations: labelsOf(exp_annotations),
  }));
  const [gotText, wantedText] = [printAlerts(got), printAlerts(wanted)];
  if (gotText === wantedText) return [];
  return [
    `    alertname: ${alertname}, time: ${printTime(eval_time)},\n        exp: ${wantedText}\n        got: ${gotText}`,
  ];
}

function printAlerts(alerts: readonly FiringAlert[]): string {
  const lines = alerts.map(
    ({ labels, annotations }) => `Labels:${printLabels(labels)} Annotations:${printLabels(annotations)}`,
  );
  return `[${lines.toSorted().join(', ')}]`;
}

function expectedSample({ labels, value, histogram }: ExpectedSample): VectorSample {
  const [point] = histogram === undefined ? [value ?? 0] : readPoints(histogram);
  const named = labels.trim() === '' ? labelsOf([]) : readLabels(labels.trim());
  return {
    labels: named,
    value: typeof point === 'object' ? point.histogram : typeof point === 'number' ? point : Number.NaN,
  };
}

function isSame(got: readonly VectorSample[], wanted: readonly VectorSample[], isFuzzy: boolean): boolean {
  const sorted = (samples: readonly VectorSample[]) =>
    samples.toSorted((left, right) => (labelsKey(left.labels) < labelsKey(right.labels) ? -1 : 1));
  const others = sorted(wanted);
  return (
    got.length === wanted.length &&
    sorted(got).every(({ labels, value }, index) => {
      const other = others[index];
      return (
        other !== undefined &&
        labelsKey(labels) === labelsKey(other.labels) &&
        isSameValue(value, other.value, isFuzzy)
      );
    })
  );
}

function isSameValue(left: VectorSample['value'], right: VectorSample['value'], isFuzzy: boolean): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return print(left) === print(right);
  if (Object.is(left, right) || left === right) return true;
  return isFuzzy && Math.abs(left - right) <= 1e-6 * Math.max(Math.abs(left), Math.abs(right));
}

function printSamples(samples: readonly VectorSample[]): string {
  return samples.length === 0
    ? 'nil'
    : samples.map(({ labels, value }) => `${printLabels(labels)} ${print(value)}`).join(', ');
}

function print(value: number | NativeHistogram): string {
  return typeof value === 'number' ? printFloat(value) : printHistogram(value);
}

function printTime(milliseconds: number): string {
  return `${milliseconds / 1000}s`;
}
