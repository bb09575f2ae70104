import { Problems, problemLine, readYaml } from '@maru/config';
import { describe, expect, test } from 'vitest';
import { relabel } from './relabel.ts';
import { compileRules, relabelRule } from './rule.ts';

/** The labels that rules, written as in a configuration, make of others; undefined when they drop them. */
function after(rules: readonly string[], labels: Readonly<Record<string, string>>): object | undefined {
  const read = rules.map((rule) => {
    const problems = new Problems();
    const value = relabelRule.read(readYaml(rule, 'rule'), 'rule', problems);
    problems.throwIfAny();
    if (value === undefined) throw new Error('no rule');
    return value;
  });
  const made = relabel(new Map(Object.entries(labels)), compileRules(read));
  return made && Object.fromEntries(made);
}

function problemsOf(rule: string): readonly string[] {
  const problems = new Problems();
  relabelRule.read(readYaml(rule, 'rule'), 'rule', problems);
  return problems.all.map(problemLine);
}

describe('a rule', () => {
  const labels = { a: 'foo', b: 'bar', c: 'baz' };
  test.each([
    [
      'replaces',
      '{source_labels: [a, b], regex: "f(.*);(.*)r", target_label: d, replacement: "$1-$2"}',
      { ...labels, d: 'oo-ba' },
    ],
    ['leaves what does not match', '{source_labels: [a], regex: "x", target_label: d}', labels],
    ['matches the whole only', '{source_labels: [a], regex: "fo", target_label: d}', labels],
    [
      'names a label by a group',
      `{source_labels: [a, b], regex: "(.*);(.*)", target_label: "x_\${1}", replacement: "$2"}`,
      { ...labels, x_foo: 'bar' },
    ],
    [
      'takes the longest name of a group, which is none',
      '{source_labels: [a], target_label: d, replacement: "$1x"}',
      labels,
    ],
    [
      'removes a label with an empty value',
      '{source_labels: [a], target_label: b, replacement: ""}',
      { a: 'foo', c: 'baz' },
    ],
    [
      'joins with a separator of its own',
      '{source_labels: [a, b], separator: "", target_label: d}',
      { ...labels, d: 'foobar' },
    ],
    ['keeps', '{source_labels: [a], regex: foo, action: keep}', labels],
    ['keeps nothing else', '{source_labels: [a], regex: bar, action: keep}', undefined],
    ['drops', '{source_labels: [a], regex: f.., action: Drop}', undefined],
    ['keeps what is equal', '{source_labels: [a], target_label: b, action: keepequal}', undefined],
    ['drops what is equal', '{source_labels: [a], target_label: b, action: dropequal}', labels],
    [
      'hashes as Prometheus does',
      '{source_labels: [c], target_label: d, action: hashmod, modulus: 1000}',
      { ...labels, d: '976' },
    ],
    [
      'maps names',
      '{regex: "(a|b)", replacement: "x_$1", action: labelmap}',
      { ...labels, x_a: 'foo', x_b: 'bar' },
    ],
    ['drops labels', '{regex: "a|b", action: labeldrop}', { c: 'baz' }],
    ['keeps labels', '{regex: "a|b", action: labelkeep}', { a: 'foo', b: 'bar' }],
    ['raises', '{source_labels: [a], target_label: a, action: uppercase}', { ...labels, a: 'FOO' }],
    ['lowers', '{source_labels: [a], target_label: a, action: lowercase}', labels],
  ])('%s', (_, rule, expected) => {
    expect(after([rule], labels)).toEqual(expected);
  });

  test('sees what those before it made', () => {
    const rules = ['{target_label: d, replacement: "1"}', '{source_labels: [d], regex: "1", action: drop}'];
    expect(after(rules, labels)).toBeUndefined();
  });

  test.each([
    ['{action: replace}', 'needs a target_label for replace'],
    ['{action: hashmod, target_label: a}', 'needs a modulus'],
    ['{action: invent, target_label: a}', 'must be one of replace'],
    ['{regex: "(", target_label: a}', 'missing closing )'],
    ['{regex: "(?=a)", target_label: a}', 'regex that cannot be'],
    ['{source_label: [a], target_label: a}', 'did you mean source_labels'],
  ])('%s is refused', (rule, why) => {
    expect(problemsOf(rule).join()).toContain(why);
  });
});
