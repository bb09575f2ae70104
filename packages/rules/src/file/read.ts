import { type ConfigNode, entryOf, noEnvironment, type Place, Problems, readYaml } from '@maru/config';
import { type PromqlSettings, parseChecked } from '@maru/promql';
import { QueryError } from '@maru/query-core';
import type { Rule, RuleGroup } from '../group.ts';
import { checkTemplate } from '../template/index.ts';
import { type GroupFields, type Placed, type RuleFields, ruleFile } from './fields.ts';

/** What holds for groups that do not say otherwise. */
export interface RuleDefaults {
  readonly intervalMs: number;
  readonly promql: PromqlSettings;
}

/**
 * Reads a file of rules in Prometheus's format. Throws a `ConfigError` that names everything that is wrong with it, each
 * with line and column; then nothing of it counts.
 */
export function readRules(text: string, file: string, defaults: RuleDefaults): readonly RuleGroup[] {
  const problems = new Problems();
  const found = ruleFile.read(readYaml(text, file, noEnvironment), '', problems);
  const groups = (found?.groups ?? []).map((group) =>
    new GroupReading(group, file, defaults, problems).read(),
  );
  reportTwice(found?.groups ?? [], problems);
  problems.throwIfAny();
  return groups;
}

function reportTwice(groups: readonly Placed<GroupFields>[], problems: Problems): void {
  const seen = new Set<string>();
  for (const { value, node } of groups) {
    if (seen.has(value.name))
      problems.add(placeOf(node, 'name'), `the group name ${JSON.stringify(value.name)} stands twice`);
    seen.add(value.name);
  }
}

/** One group on its way; holds where its problems go. */
class GroupReading {
  readonly #group: Placed<GroupFields>;
  readonly #file: string;
  readonly #defaults: RuleDefaults;
  readonly #problems: Problems;

  constructor(group: Placed<GroupFields>, file: string, defaults: RuleDefaults, problems: Problems) {
    this.#group = group;
    this.#file = file;
    this.#defaults = defaults;
    this.#problems = problems;
  }

  read(): RuleGroup {
    const { name, interval, query_offset, limit, rules } = this.#group.value;
    if (interval === 0)
      this.#problems.add(placeOf(this.#group.node, 'interval'), 'an interval must be longer than 0');
    return {
      file: this.#file,
      name,
      intervalMs: interval ?? this.#defaults.intervalMs,
      limit,
      queryOffsetMs: query_offset ?? 0,
      rules: rules.flatMap((rule) => this.#rule(rule) ?? []),
    };
  }

  #rule(rule: Placed<RuleFields>): Rule | undefined {
    const { value, node } = rule;
    if ((value.record === undefined) === (value.alert === undefined))
      return this.#problems.add(node.place, "one of 'record' and 'alert' must be set, and only one");
    this.#checkExpression(rule);
    const labels = new Map([...this.#group.value.labels, ...value.labels]);
    this.#checkLabels(rule);
    if (value.record !== undefined) return this.#recording(rule, value.record, labels);
    this.#checkTemplates(rule);
    return {
      kind: 'alerting',
      name: value.alert ?? '',
      expression: value.expr,
      holdMs: value.for ?? 0,
      keepFiringMs: value.keep_firing_for ?? 0,
      labels,
      annotations: value.annotations,
    };
  }

  #recording({ value, node }: Placed<RuleFields>, name: string, labels: ReadonlyMap<string, string>): Rule {
    for (const key of ['for', 'keep_firing_for'] as const)
      if (value[key] !== undefined)
        this.#problems.add(placeOf(node, key), `'${key}' is for alerts, not for recording rules`);
    if (value.annotations.size > 0)
      this.#problems.add(
        placeOf(node, 'annotations'),
        "'annotations' are for alerts, not for recording rules",
      );
    if (/[{}]/.test(name))
      this.#problems.add(
        placeOf(node, 'record'),
        'braces in a name: the labels of the results stand under labels',
      );
    return { kind: 'recording', name, expression: value.expr, labels };
  }

  #checkExpression({ value, node }: Placed<RuleFields>): void {
    try {
      parseChecked(value.expr, this.#defaults.promql);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      this.#problems.add(placeOf(node, 'expr'), `could not parse expression: ${error.message}`);
    }
  }

  #checkLabels({ value, node }: Placed<RuleFields>): void {
    for (const label of value.labels.keys())
      if (label === '__name__' || label === '')
        this.#problems.add(placeOf(node, 'labels'), `a rule cannot set the label ${JSON.stringify(label)}`);
  }

  #checkTemplates({ value, node }: Placed<RuleFields>): void {
    for (const part of ['labels', 'annotations'] as const) {
      for (const [key, template] of value[part]) {
        const wrong = checkTemplate(template);
        const place = placeIn(node, part, key);
        if (wrong !== undefined) this.#problems.add(place, `the template of ${part}.${key}: ${wrong}`);
      }
    }
  }
}

function placeOf(node: ConfigNode, key: string): Place {
  return (node.kind === 'map' ? entryOf(node, key) : undefined)?.place ?? node.place;
}

function placeIn(node: ConfigNode, key: string, inner: string): Place {
  const child = node.kind === 'map' ? entryOf(node, key) : undefined;
  return child === undefined ? node.place : placeOf(child, inner);
}
