import { ConfigError, problemLine } from '@maru/config';
import { defaultPromqlSettings } from '@maru/promql';
import { describe, expect, test } from 'vitest';
import { readRules } from './read.ts';

const defaults = { intervalMs: 60_000, promql: defaultPromqlSettings };

test('a group has its own values, and those of the installation for the rest', () => {
  const [group] = readRules(
    'groups: [{name: g, interval: 5m, query_offset: 1m, limit: 3, labels: {a: "1", b: "2"}, rules: [{record: r, expr: up, labels: {b: "3"}}, {alert: A, expr: up == 0, for: 1m30s, keep_firing_for: 2m}]}]',
    'rules.yml',
    defaults,
  );
  expect(group).toMatchObject({
    file: 'rules.yml',
    name: 'g',
    intervalMs: 300_000,
    queryOffsetMs: 60_000,
    limit: 3,
  });
  expect(group?.rules).toMatchObject([
    { kind: 'recording', name: 'r', expression: 'up' },
    { kind: 'alerting', name: 'A', expression: 'up == 0', holdMs: 90_000, keepFiringMs: 120_000 },
  ]);
  expect(group?.rules.map(({ labels }) => Object.fromEntries(labels))).toEqual([
    { a: '1', b: '3' },
    { a: '1', b: '2' },
  ]);
});

test('a file without groups has none', () => {
  expect(readRules('', 'rules.yml', defaults)).toEqual([]);
});

describe('what is wrong is named with its place', () => {
  const rule = (text: string): string => `groups:\n- name: g\n  rules:\n  - ${text}`;
  test.each([
    [rule('{expr: up}'), "r.yml:4:5: one of 'record' and 'alert' must be set, and only one"],
    [
      rule('{record: a, alert: b, expr: up}'),
      "r.yml:4:5: one of 'record' and 'alert' must be set, and only one",
    ],
    [rule('{record: a, expr: "sum("}'), 'r.yml:4:23: could not parse expression: 1:5: parse error'],
    [rule('{record: a, expr: up, for: 1m}'), "r.yml:4:32: 'for' is for alerts, not for recording rules"],
    [rule('{record: "a{b=c}", expr: up}'), 'r.yml:4:14: braces in a name'],
    [
      rule('{record: a, expr: up, labels: {__name__: b}}'),
      'r.yml:4:35: a rule cannot set the label "__name__"',
    ],
    [
      rule('{alert: a, expr: up, annotations: {s: "{{ $x }}"}}'),
      'r.yml:4:43: the template of annotations.s: undefined variable "$x"',
    ],
    [
      rule('{alert: a, expr: up, for: soon}'),
      'r.yml:4:31: groups[0].rules[0].for must be a duration such as 5m, but is "soon"',
    ],
    [rule('{alert: a, exp: up}'), 'did you mean expr?'],
    ['groups: [{name: g}, {name: g}]', 'r.yml:1:28: the group name "g" stands twice'],
    ['groups: [{rules: []}]', 'groups[0].name is missing'],
    ['groups: [', 'r.yml:1:10: this is not valid YAML'],
  ])('%s', (text, sentence) => {
    expect(problemsOf(text).join('\n')).toContain(sentence);
  });
});

function problemsOf(text: string): readonly string[] {
  try {
    readRules(text, 'r.yml', defaults);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(problemLine);
    throw error;
  }
  return [];
}
