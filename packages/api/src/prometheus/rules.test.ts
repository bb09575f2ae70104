import { labelsOf } from '@maru/query-core';
import type { Alert, GroupState, RuleState } from '@maru/rules';
import type { Reader } from '@maru/store';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, serveApi } from '../served-api.fixture.ts';
import { expectShape } from './schemas.fixture.ts';

const timeMs = 1_780_000_000_000;
const alert = (state: Alert['state'], instance: string): Alert => ({
  labels: labelsOf([
    ['alertname', 'Down'],
    ['instance', instance],
  ]),
  annotations: labelsOf([['summary', `${instance} is down`]]),
  value: 0,
  state,
  activeAtMs: timeMs,
  firedAtMs: state === 'pending' ? undefined : timeMs,
  resolvedAtMs: state === 'inactive' ? timeMs : undefined,
  keepFiringSinceMs: instance === 'c' ? timeMs : undefined,
  lastSentAtMs: undefined,
});

const evaluated = {
  series: new Map(),
  health: 'ok',
  lastError: '',
  evaluationSeconds: 0.25,
  lastEvaluationMs: timeMs,
  isRestored: true,
} as const;

function alerting(name: string, alerts: readonly Alert[]): RuleState {
  const rule = { kind: 'alerting', name, expression: 'up == 0', holdMs: 90_000, keepFiringMs: 0 } as const;
  const labels = new Map([['severity', 'page']]);
  const byKey = new Map(alerts.map((one, index) => [String(index), one]));
  return { ...evaluated, rule: { ...rule, labels, annotations: new Map() }, alerts: byKey };
}

function group(name: string, rules: readonly RuleState[]): GroupState {
  const of = { file: `/rules/${name}.yml`, name, intervalMs: 60_000, limit: 0, queryOffsetMs: 0 };
  return {
    group: { ...of, rules: rules.map(({ rule }) => rule) },
    rules,
    evaluationSeconds: 0.5,
    lastEvaluationMs: timeMs,
  };
}

const failed: RuleState = {
  ...evaluated,
  alerts: new Map(),
  rule: { kind: 'recording', name: 'job:up', expression: ' sum(up) ', labels: new Map() },
  health: 'err',
  lastError: 'query timed out in expression evaluation',
};
const states = [
  group('a', [
    failed,
    alerting('Down', [alert('firing', 'c'), alert('pending', 'a'), alert('inactive', 'b')]),
  ]),
  group('b', [{ ...alerting('Idle', []), lastEvaluationMs: undefined, health: 'unknown' }]),
  group('c', []),
];

const noReader: Reader = {
  rows: () => Promise.reject(new Error('rules are not read from the store')),
  columns: () => Promise.reject(new Error('rules are not read from the store')),
  eachBlock: () => Promise.reject(new Error('rules are not read from the store')),
  numbers: () => Promise.reject(new Error('rules are not read from the store')),
  numbersPackedUntil: () => Promise.reject(new Error('rules are not read from the store')),
};

let api: ServedApi;
beforeAll(async () => {
  api = await serveApi(noReader, { rules: () => states });
});
afterAll(() => api.close());

const ask = async (query = '') => (await api.json(`/api/v1/rules${query}`)).body;

test('groups, rules and alerts have their shapes', async () => {
  const body = await ask();
  expectShape('rules', body);
  const [first] = body.data.groups;
  expect(first).toMatchObject({ name: 'a', file: '/rules/a.yml', interval: 60, evaluationTime: 0.5 });
  expect(first.rules).toMatchObject([
    {
      type: 'recording',
      query: 'sum(up)',
      health: 'err',
      lastError: 'query timed out in expression evaluation',
    },
    { type: 'alerting', state: 'firing', duration: 90, labels: { severity: 'page' } },
  ]);
  // In the order of their labels; one that is over is not among them.
  expect(first.rules[1].alerts.map((one: { labels: { instance: string } }) => one.labels.instance)).toEqual([
    'a',
    'c',
  ]);
  expect(body.data.groups[1].rules).toMatchObject([
    { state: 'unknown', health: 'unknown', lastEvaluation: '0001-01-01T00:00:00Z' },
  ]);
});

test('all alerts together', async () => {
  const { body } = await api.json('/api/v1/alerts');
  expectShape('alerts', body);
  expect(body.data.alerts).toMatchObject([
    { state: 'pending', value: '0e+00', activeAt: '2026-05-28T20:26:40.000Z' },
    { state: 'firing', keepFiringSince: '2026-05-28T20:26:40.000Z' },
  ]);
});

test('groups come by pages', async () => {
  const first = await ask('?group_limit=1');
  expect(first.data.groups).toHaveLength(1);
  const second = await ask(`?group_limit=2&group_next_token=${first.data.groupNextToken}`);
  expect(second.data.groups.map(({ name }: { name: string }) => name)).toEqual(['b', 'c']);
  expect(second.data.groupNextToken).toBeUndefined();
  expectShape('error', await ask('?group_limit=1&group_next_token=none'));
  expectShape('error', await ask('?group_next_token=none'));
});

test('filters leave what they name, and say what they do not know', async () => {
  const groups = async (query: string): Promise<readonly string[]> =>
    (await ask(query)).data.groups.map(({ name }: { name: string }) => name);
  expect(await groups('?file[]=/rules/b.yml')).toEqual(['b']);
  expect(await groups('?type=record')).toEqual(['a', 'c']);
  expect(await groups('?match[]={severity="page"}&rule_name[]=Idle')).toEqual(['b', 'c']);
  for (const wrong of ['?type=other', '?exclude_alerts=perhaps', '?match[]=sum(up)'])
    expectShape('error', await ask(wrong));
});
