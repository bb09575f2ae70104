import { labelsOf } from '@maru/query-core';
import { describe, expect, test } from 'vitest';
import { checkTemplate, expandTemplate, type TemplateContext, type Value } from './index.ts';

const samples = [
  new Map<string, Value>([
    ['Labels', new Map([['instance', 'b:9100']])],
    ['Value', 11],
  ]),
  new Map<string, Value>([
    ['Labels', new Map([['instance', 'a:9100']])],
    ['Value', 21],
  ]),
];
const context: TemplateContext = {
  query: async (expression) => (expression === 'metric' ? samples : []),
  externalUrl: 'http://maru.example/path/',
  timeMs: 1_435_065_584_128,
};
const subject = {
  labels: labelsOf([
    ['instance', 'web:80'],
    ['job', 'api'],
  ]),
  externalLabels: labelsOf([['cluster', 'seoul']]),
  value: 1234567,
};
const expand = (template: string, value = subject.value): Promise<string> =>
  expandTemplate(template, { ...subject, value }, context);

describe('a template is expanded as Prometheus expands it', () => {
  test.each([
    ['plain text', 'plain text'],
    [
      '{{ $labels.instance }} of {{ .Labels.job }} in {{ $externalLabels.cluster }}',
      'web:80 of api in seoul',
    ],
    ['{{ $labels.missing }}|{{ $value }}', '|1.234567e+06'],
    ['a {{- " b " -}} c', 'a b c'],
    ['{{/* a remark */}}x', 'x'],
    ['{{ if gt $value 1e6 }}much{{ else if gt $value 1.0 }}some{{ else }}none{{ end }}', 'much'],
    ['{{ with $labels.job }}[{{ . }}]{{ end }}{{ with $labels.none }}x{{ else }}-{{ end }}', '[api]-'],
    ['{{ range query "metric" }}{{ .Labels.instance }}:{{ .Value }} {{ end }}', 'b:9100:11 a:9100:21 '],
    ['{{ range $i, $s := query "metric" }}{{ $i }}={{ $s.Value }};{{ end }}', '0=11;1=21;'],
    ['{{ range query "none" }}x{{ else }}nothing{{ end }}', 'nothing'],
    ['{{ query "metric" | sortByLabel "instance" | first | label "instance" }}', 'a:9100'],
    ['{{ query "metric" | first | value }}', '11'],
    ['{{ $x := 1 }}{{ range query "metric" }}{{ $x = 2 }}{{ end }}{{ $x }}', '2'],
    ['{{ define "t" }}<{{ .arg0 }}{{ .arg1 }}>{{ end }}{{ template "t" (args 1 "b") }}', '<1b>'],
    ['{{ printf "%.2f %5s|%-4d|%q %v %%" 3.14159 "ab" 7 "x" true }}', '3.14    ab|7   |"x" true %'],
    ['{{ printf "%d" 1.5 }}', '%!d(1.5)'],
    ['{{ "a:b" | reReplaceAll "(.):(.)" "$2-$1" }} {{ match "a.*" "abc" }}', 'b-a true'],
    ['{{ title "aa bb" }} {{ toUpper "x" }} {{ toLower "Y" }}', 'Aa Bb X y'],
    ['{{ stripPort "a.b:80" }} {{ stripPort "[::1]:80" }} {{ stripDomain "a.b.c:80" }}', 'a.b ::1 a:80'],
    ['{{ externalURL }} {{ pathPrefix }}', 'http://maru.example/path/ /path'],
    ['{{ graphLink "up == 0" }}', '/graph?g0.expr=up+%3D%3D+0&g0.tab=0'],
    ['{{ parseDuration "1h2m10ms" }}', '3720.01'],
    [
      '{{ and true "x" }} {{ or "" "y" }} {{ not false }} {{ len "abc" }} {{ index $labels "job" }}',
      'x y true 3 api',
    ],
    [
      '{{ eq 1 1.0 }} {{ ne "a" "b" }} {{ le 2 1 }} {{ lt 1 2 3 }}',
      '<error expanding template: error calling lt: wrong number of args: want 2 got 3>',
    ],
    ['{{ range $i, $x := query "metric" }}{{ if eq $i 1 }}{{ break }}{{ end }}{{ $x.Value }}{{ end }}', '11'],
    ['{{ toTime 1435065584.128 }}', '2015-06-23 13:19:44.128 +0000 UTC'],
  ])('%s', async (template, expected) => {
    expect(await expand(template)).toBe(expected);
  });
});

describe('numbers for people', () => {
  test.each([
    ['humanize', 0, '0'],
    ['humanize', 1, '1'],
    ['humanize', 1234567, '1.235M'],
    ['humanize', 0.123, '123m'],
    ['humanize', -12345, '-12.35k'],
    ['humanize', Number.NaN, 'NaN'],
    ['humanize', Number.POSITIVE_INFINITY, '+Inf'],
    ['humanize1024', 1048576, '1Mi'],
    ['humanize1024', 1500, '1.465ki'],
    ['humanizeDuration', 0, '0s'],
    ['humanizeDuration', 1.5, '1.5s'],
    ['humanizeDuration', 61, '1m 1s'],
    ['humanizeDuration', 3601, '1h 0m 1s'],
    ['humanizeDuration', 90061, '1d 1h 1m 1s'],
    ['humanizeDuration', 0.001, '1ms'],
    ['humanizePercentage', 0.1234567, '12.35%'],
    ['humanizeTimestamp', 1435065584.128, '2015-06-23 13:19:44.128 +0000 UTC'],
  ])('%s of %d', async (name, value, expected) => {
    expect(await expand(`{{ $value | ${name} }}`, value)).toBe(expected);
  });
});

describe('what cannot be read is refused', () => {
  test.each([
    ['{{ $labels.x', 'an action that begins with {{ has no }}'],
    ['{{ nonsense }}', 'function "nonsense" not defined'],
    ['{{ if true }}', 'unexpected EOF: an {{end}} is missing'],
    ['{{ end }}', 'unexpected {{end}}'],
    ['{{ $x }}', 'undefined variable "$x"'],
    ['{{ ( 1 }}', 'unclosed left parenthesis'],
    ['{{ }}', 'missing value for command'],
    ['{{ break }}', '{{break}} outside {{range}}'],
  ])('%s', (template, problem) => {
    expect(checkTemplate(template)).toBe(problem);
  });
});

test('a template that would run for ever is ended', async () => {
  const template = '{{ define "t" }}{{ template "t" . }}{{ end }}{{ template "t" . }}';
  expect(await expand(template)).toContain('<error expanding template: templates call each other');
  expect(await expand('{{ range $i, $x := 9999 }}{{ range $j, $y := 9999 }}{{ end }}{{ end }}')).toContain(
    '<error expanding template: the template',
  );
});
