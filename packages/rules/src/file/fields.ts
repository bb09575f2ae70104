import {
  type ConfigNode,
  defaulted,
  fields,
  integer,
  type Kind,
  list,
  mapOf,
  name,
  optional,
  required,
  scalar,
  text,
} from '@maru/config';
import { parseDuration } from '@maru/query-core';

/** A rule as its file has it; what it must be besides is checked by `read.ts`. */
export interface RuleFields {
  readonly record: string | undefined;
  readonly alert: string | undefined;
  readonly expr: string;
  readonly for: number | undefined;
  readonly keep_firing_for: number | undefined;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
}

export interface GroupFields {
  readonly name: string;
  readonly interval: number | undefined;
  readonly query_offset: number | undefined;
  readonly limit: number;
  readonly labels: ReadonlyMap<string, string>;
  readonly rules: readonly Placed<RuleFields>[];
}

export interface FileFields {
  readonly groups: readonly Placed<GroupFields>[];
}

/** A value with the node it was read from, for messages about it. */
export interface Placed<T> {
  readonly value: T;
  readonly node: ConfigNode;
}

/** A duration as Prometheus writes it, in milliseconds. */
const duration: Kind<number> = scalar('a duration such as 5m', (value) => parseDuration(String(value)));

const texts: Kind<ReadonlyMap<string, string>> = mapOf(text);
const noTexts: ReadonlyMap<string, string> = new Map();

function placed<T>(kind: Kind<T>): Kind<Placed<T>> {
  return {
    ...kind,
    read: (node, path, problems) => {
      const value = kind.read(node, path, problems);
      return value === undefined ? undefined : { value, node };
    },
  };
}

const rule: Kind<RuleFields> = fields({
  record: optional(name, 'Name of the results.'),
  alert: optional(name, 'Name of the alert.'),
  expr: required(name, 'PromQL.'),
  for: optional(duration, 'How long it must hold before the alert fires.'),
  keep_firing_for: optional(duration, 'How long the alert goes on firing afterwards.'),
  labels: defaulted(texts, noTexts, '{}', 'Labels of the results.'),
  annotations: defaulted(texts, noTexts, '{}', 'Annotations of the alert.'),
});

const group: Kind<GroupFields> = fields({
  name: required(name, 'Name of the group, once in the file.'),
  interval: optional(duration, 'How often it is evaluated.'),
  query_offset: optional(duration, 'How far before its time it looks.'),
  limit: defaulted(integer(0), 0, '0', 'Most results of one rule.'),
  labels: defaulted(texts, noTexts, '{}', 'Labels of every rule that does not say otherwise.'),
  rules: defaulted(list(placed(rule)), [], '[]', 'The rules, in the order they are evaluated.'),
});

/** The file whole. */
export const ruleFile: Kind<FileFields> = fields({
  groups: defaulted(list(placed(group)), [], '[]', 'The groups.'),
});
