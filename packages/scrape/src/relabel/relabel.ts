import { createHash } from 'node:crypto';
import type { RE2JS } from 're2js';
import type { CompiledRule, RelabelAction } from './rule.ts';

type LabelMap = ReadonlyMap<string, string>;

/**
 * Applies rules in their order, as Prometheus does. Labels with an empty value are absent.
 *
 * @returns `undefined` when a rule drops what has these labels.
 */
export function relabel(labels: LabelMap, rules: readonly CompiledRule[]): LabelMap | undefined {
  let current: LabelMap | undefined = labels;
  for (const rule of rules) {
    if (current === undefined) return undefined;
    current = actions[rule.action](current, rule, sourceOf(current, rule));
  }
  return current;
}

function sourceOf(labels: LabelMap, { sourceLabels, separator }: CompiledRule): string {
  return sourceLabels.map((name) => labels.get(name) ?? '').join(separator);
}

/** What an action makes of labels; `source` is the joined values of the rule's source labels. */
type Act = (labels: LabelMap, rule: CompiledRule, source: string) => LabelMap | undefined;

const actions: Readonly<Record<RelabelAction, Act>> = {
  replace,
  keep: (labels, { regex }, source) => (regex.testExact(source) ? labels : undefined),
  drop: (labels, { regex }, source) => (regex.testExact(source) ? undefined : labels),
  keepequal: (labels, { targetLabel }, source) => (labels.get(targetLabel) === source ? labels : undefined),
  dropequal: (labels, { targetLabel }, source) => (labels.get(targetLabel) === source ? undefined : labels),
  hashmod: (labels, { targetLabel, modulus }, source) =>
    withLabel(labels, targetLabel, hashMod(source, modulus)),
  labelmap,
  labeldrop: (labels, { regex }) => new Map([...labels].filter(([name]) => !regex.testExact(name))),
  labelkeep: (labels, { regex }) => new Map([...labels].filter(([name]) => regex.testExact(name))),
  lowercase: (labels, { targetLabel }, source) => withLabel(labels, targetLabel, source.toLowerCase()),
  uppercase: (labels, { targetLabel }, source) => withLabel(labels, targetLabel, source.toUpperCase()),
};

function replace(labels: LabelMap, rule: CompiledRule, source: string): LabelMap {
  const groups = groupsOf(rule.regex, source);
  if (groups === undefined) return labels;
  const target = expand(rule.targetLabel, groups);
  return isLabelName(target) ? withLabel(labels, target, expand(rule.replacement, groups)) : labels;
}

function labelmap(labels: LabelMap, { regex, replacement }: CompiledRule): LabelMap {
  let mapped = labels;
  for (const [name, value] of labels) {
    const groups = groupsOf(regex, name);
    if (groups !== undefined) mapped = withLabel(mapped, expand(replacement, groups), value);
  }
  return mapped;
}

function withLabel(labels: LabelMap, name: string, value: string): LabelMap {
  const changed = new Map(labels);
  if (value === '') changed.delete(name);
  else changed.set(name, value);
  return changed;
}

/** Label names of Prometheus 3 are any UTF-8; of a template that came out empty none is made. */
function isLabelName(name: string): boolean {
  return name !== '' && name.isWellFormed();
}

/** MD5's last eight bytes, as Prometheus has it: shards agree with those of other scrapers. */
function hashMod(source: string, modulus: number): string {
  const last = createHash('md5').update(source).digest().readBigUInt64BE(8);
  return String(last % BigInt(modulus));
}

type Groups = ReadonlyMap<string, string>;

/** Groups of a match of the whole text by number and by name; undefined without a match. */
function groupsOf(regex: RE2JS, text: string): Groups | undefined {
  const matcher = regex.matcher(text);
  if (!matcher.matches()) return undefined;
  const groups = new Map<string, string>();
  for (let at = 0; at <= matcher.groupCount(); at += 1) groups.set(String(at), matcher.group(at) ?? '');
  for (const [name, at] of Object.entries(regex.namedGroups()))
    groups.set(name, groups.get(String(at)) ?? '');
  return groups;
}

/** Go's `Regexp.Expand`: `$1`, `${1}`, `$name`, `$$`; the longest name counts, and one that is no group is empty. */
function expand(template: string, groups: Groups): string {
  return template.replace(
    /\$(?:(\$)|(\w+)|\{(\w+)\})/g,
    (_, dollar?: string, bare?: string, braced?: string) =>
      dollar === undefined ? (groups.get(bare ?? braced ?? '') ?? '') : '$',
  );
}
