import { defaulted, fields, Impossible, integer, type Kind, list, made, scalar, text } from '@maru/config';
import { compilePattern } from '@maru/query-core/matcher';
import type { RE2JS } from 're2js';

const relabelActions = [
  'replace',
  'keep',
  'drop',
  'keepequal',
  'dropequal',
  'hashmod',
  'labelmap',
  'labeldrop',
  'labelkeep',
  'lowercase',
  'uppercase',
] as const;

export type RelabelAction = (typeof relabelActions)[number];

/** One rule of `relabel_configs` or `metric_relabel_configs`, checked. */
export interface RelabelRule {
  readonly action: RelabelAction;
  readonly sourceLabels: readonly string[];
  readonly separator: string;
  /** RE2, matches whole values. */
  readonly regex: string;
  readonly modulus: number;
  readonly targetLabel: string;
  readonly replacement: string;
}

const action: Kind<RelabelAction> = scalar(`one of ${relabelActions.join(', ')}`, (value) =>
  relabelActions.find((one) => one === String(value).toLowerCase()),
);

const ruleFields = fields({
  action: defaulted(action, 'replace', 'replace', 'What is done.'),
  source_labels: defaulted(list(text), [], 'none', 'Labels whose values are joined and looked at.'),
  separator: defaulted(text, ';', ';', 'What joins them.'),
  regex: defaulted(text, '(.*)', '(.*)', 'RE2 that must match the whole.'),
  modulus: defaulted(integer(0), 0, '', 'For hashmod.'),
  target_label: defaulted(text, '', '', 'The label that is written.'),
  replacement: defaulted(text, '$1', '$1', 'What is written, with the groups of the match.'),
});

/** A rule with the checks that Prometheus makes. */
export const relabelRule: Kind<RelabelRule> = made(ruleFields, (given): RelabelRule | Impossible => {
  const rule: RelabelRule = {
    action: given.action,
    sourceLabels: given.source_labels,
    separator: given.separator,
    regex: given.regex,
    modulus: given.modulus,
    targetLabel: given.target_label,
    replacement: given.replacement,
  };
  const problem = problemOf(rule);
  return problem === undefined ? rule : new Impossible(problem);
});

const needTarget: ReadonlySet<RelabelAction> = new Set([
  'replace',
  'hashmod',
  'lowercase',
  'uppercase',
  'keepequal',
  'dropequal',
]);

function problemOf({ action: given, modulus, targetLabel, regex }: RelabelRule): string | undefined {
  if (needTarget.has(given) && targetLabel === '') return `needs a target_label for ${given}`;
  if (given === 'hashmod' && modulus === 0) return 'needs a modulus for hashmod';
  try {
    compileRegex(regex);
  } catch (error) {
    return `has a regex that cannot be: ${error instanceof Error ? error.message : String(error)}`;
  }
  return undefined;
}

/** A rule with its pattern compiled. */
export interface CompiledRule extends Omit<RelabelRule, 'regex'> {
  readonly regex: RE2JS;
}

export function compileRules(rules: readonly RelabelRule[]): readonly CompiledRule[] {
  return rules.map((rule) => ({ ...rule, regex: compileRegex(rule.regex) }));
}

/** Anchored, and `.` matches line ends, as in Prometheus 3. */
function compileRegex(regex: string): RE2JS {
  return compilePattern(`^(?s:${regex})$`);
}
