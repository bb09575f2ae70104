import {
  boolean,
  defaulted,
  fields,
  type Kind,
  list,
  mapOf,
  name,
  noEnvironment,
  optional,
  Problems,
  readYaml,
  required,
  scalar,
  text,
} from '@maru/config';
import { parseDuration } from '@maru/query-core';

/** A file of unit tests for rules, in Prometheus's format. Durations are milliseconds. */
export interface TestFile {
  readonly rule_files: readonly string[];
  readonly evaluation_interval: number;
  readonly group_eval_order: readonly string[];
  readonly fuzzy_compare: boolean;
  readonly tests: readonly TestGroup[];
}

export interface TestGroup {
  readonly name: string | undefined;
  readonly interval: number;
  readonly input_series: readonly { readonly series: string; readonly values: string }[];
  readonly alert_rule_test: readonly AlertTest[];
  readonly promql_expr_test: readonly ExpressionTest[];
  readonly external_labels: ReadonlyMap<string, string>;
  readonly external_url: string;
}

export interface AlertTest {
  readonly eval_time: number;
  readonly alertname: string;
  readonly exp_alerts: readonly {
    readonly exp_labels: ReadonlyMap<string, string>;
    readonly exp_annotations: ReadonlyMap<string, string>;
  }[];
}

export interface ExpressionTest {
  readonly expr: string;
  readonly eval_time: number;
  readonly exp_samples: readonly ExpectedSample[];
}

export interface ExpectedSample {
  readonly labels: string;
  readonly value: number | undefined;
  readonly histogram: string | undefined;
}

const duration: Kind<number> = scalar('a duration such as 5m', (value) => parseDuration(String(value)));
const texts: Kind<ReadonlyMap<string, string>> = mapOf(text);
const noTexts: ReadonlyMap<string, string> = new Map();
const number: Kind<number> = scalar('a number', (value) => {
  const infinite = /^([+-]?)\.?inf$/i.exec(String(value));
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^\.?nan$/i.test(String(value))) return Number.NaN;
  return typeof value === 'boolean' || Number.isNaN(Number(value)) ? undefined : Number(value);
});

const alertTest: Kind<AlertTest> = fields({
  eval_time: required(duration, 'When.'),
  alertname: required(name, 'Which alert.'),
  exp_alerts: defaulted(
    list(
      fields({
        exp_labels: defaulted(texts, noTexts, '{}', 'Its labels.'),
        exp_annotations: defaulted(texts, noTexts, '{}', 'Its annotations.'),
      }),
    ),
    [],
    '[]',
    'What must fire then.',
  ),
});

const expressionTest: Kind<ExpressionTest> = fields({
  expr: required(name, 'PromQL.'),
  eval_time: required(duration, 'When.'),
  exp_samples: defaulted(
    list(
      fields({
        labels: defaulted(text, '', "''", 'A series.'),
        value: optional(number, 'Its value.'),
        histogram: optional(text, 'Its native histogram.'),
      }),
    ),
    [],
    '[]',
    'What it must give.',
  ),
});

const testGroup: Kind<TestGroup> = fields({
  name: optional(name, 'A name for messages.'),
  interval: defaulted(duration, 60_000, '1m', 'The time between two values of a series.'),
  input_series: defaulted(
    list(fields({ series: required(name, 'Name and labels.'), values: required(text, 'Values.') })),
    [],
    '[]',
    'What there is to look at.',
  ),
  alert_rule_test: defaulted(list(alertTest), [], '[]', 'Tests of alerts.'),
  promql_expr_test: defaulted(list(expressionTest), [], '[]', 'Tests of expressions.'),
  external_labels: defaulted(texts, noTexts, '{}', 'For templates.'),
  external_url: defaulted(text, '', "''", 'For templates.'),
});

const testFile: Kind<TestFile> = fields({
  rule_files: defaulted(list(name), [], '[]', 'Files of rules, relative to this one.'),
  evaluation_interval: defaulted(duration, 60_000, '1m', 'How often rules are evaluated.'),
  group_eval_order: defaulted(list(name), [], '[]', 'Groups in the order they are evaluated.'),
  fuzzy_compare: defaulted(boolean, false, 'false', 'Whether the last digits may differ.'),
  tests: defaulted(list(testGroup), [], '[]', 'The tests.'),
});

/** Reads a file of unit tests. Throws a `ConfigError` that names everything that is wrong with it. */
export function readTests(content: string, file: string): TestFile {
  const problems = new Problems();
  const read = testFile.read(readYaml(content, file, noEnvironment), '', problems);
  problems.throwIfAny();
  if (read === undefined) throw new Error(`${file} cannot be used`);
  return read;
}
