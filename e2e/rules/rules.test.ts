import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { alertmanagerProgram, type PeerProcess, RunningStack, startPeerAlertmanager } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, getJson, prometheusSeries } from '../support/query.ts';

// Rules in files, evaluated by a real stack, told to a real Alertmanager (Debian's prometheus-alertmanager), a webhook and Slack.
const rules = `
groups:
  - name: answers
    interval: 1s
    labels: {team: board}
    rules:
      - record: answer
        expr: vector(21)
      - record: answer:double
        expr: 2 * answer
      - alert: TooMuch
        expr: answer:double > 40
        for: 2s
        labels: {severity: '{{ if gt $value 41.0 }}page{{ else }}ticket{{ end }}'}
        annotations: {summary: '{{ $labels.team }} has {{ $value | humanize }} in {{ $externalLabels.cluster }}'}
      - alert: Never
        expr: answer > 100
`;

const program = alertmanagerProgram();
let directory: string;
let stack: RunningStack;
let alertmanager: PeerProcess | undefined;
let receiver: Receiver;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'maru-rules-'));
  writeFileSync(join(directory, 'answers.yml'), rules);
  alertmanager = program === undefined ? undefined : await startPeerAlertmanager(program);
  receiver = await listen();
  stack = await RunningStack.start({
    settings: {
      rules: {
        tenantFiles: {},
        files: [join(directory, '*.yml')],
        intervalMs: 60_000,
        externalUrl: 'http://maru.example',
        externalLabels: { cluster: 'seoul' },
        destinations: [
          { kind: 'webhook', url: `${receiver.url}/webhook` },
          { kind: 'slack', url: `${receiver.url}/slack` },
          ...(alertmanager === undefined ? [] : [{ kind: 'alertmanager', url: alertmanager.url }]),
        ],
      },
    },
  });
});
afterAll(async () => {
  await stack?.stop();
  await alertmanager?.stop();
  receiver?.server.close();
  rmSync(directory, { recursive: true, force: true });
});

interface Receiver {
  readonly server: Server;
  readonly url: string;
  readonly received: { readonly path: string; readonly body: string }[];
}

async function listen(): Promise<Receiver> {
  const received: Receiver['received'] = [];
  const server = createServer(async (request, response) => {
    received.push({ path: request.url ?? '', body: await text(request) });
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

interface RulesAnswer {
  readonly data: {
    readonly groups: readonly { readonly rules: readonly RuleAnswer[] }[];
    readonly groupNextToken?: string;
  };
}

interface RuleAnswer {
  readonly name: string;
  readonly type: string;
  readonly health: string;
  readonly state?: string;
  readonly alerts?: readonly AlertAnswer[];
}

interface AlertAnswer {
  readonly state: string;
  readonly activeAt: string;
  readonly value: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const rulesOf = (query = ''): Promise<RulesAnswer> =>
  getJson<RulesAnswer>(`${stack.queryUrl}/api/v1/rules${query}`);

async function alertNow(state: string): Promise<AlertAnswer> {
  return eventually(`an alert that is ${state}`, async () => {
    const { data } = await getJson<{ data: { alerts: readonly AlertAnswer[] } }>(
      `${stack.queryUrl}/api/v1/alerts`,
    );
    return data.alerts.find((one) => one.state === state);
  });
}

const labels = { alertname: 'TooMuch', severity: 'page', team: 'board' };
const annotations = { summary: 'board has 42 in seoul' };

describe('rules', () => {
  test('record series, each seeing what the one before it made', async () => {
    const [answer] = await prometheusSeries(stack.queryUrl, 'answer:double');
    expect(answer).toMatchObject({
      metric: { __name__: 'answer:double', team: 'board' },
      value: [expect.anything(), '42'],
    });
    const { signals } = await getJson<{ signals: { metrics: { journaled: string } } }>(
      `${stack.queryUrl}/api/ledger`,
    );
    expect(Number(signals.metrics.journaled)).toBeGreaterThan(0);
  });

  test('make alerts that wait and then fire, with templates expanded', async () => {
    expect(await alertNow('firing')).toMatchObject({ labels, annotations, value: '4.2e+01' });
    const [shown] = await prometheusSeries(stack.queryUrl, 'ALERTS{alertstate="firing"}');
    expect(shown).toMatchObject({
      metric: { ...labels, alertstate: 'firing' },
      value: [expect.anything(), '1'],
    });
    expect(await prometheusSeries(stack.queryUrl, 'ALERTS_FOR_STATE')).toHaveLength(1);
  });

  test('are listed with their states, filtered as Prometheus does', async () => {
    const all = (await rulesOf()).data.groups.flatMap((group) => group.rules);
    expect(all.map(({ name, type, health, state }) => [name, type, health, state])).toEqual([
      ['answer', 'recording', 'ok', undefined],
      ['answer:double', 'recording', 'ok', undefined],
      ['TooMuch', 'alerting', 'ok', 'firing'],
      ['Never', 'alerting', 'ok', 'inactive'],
    ]);
    const names = async (query: string): Promise<readonly string[]> =>
      (await rulesOf(query)).data.groups.flatMap((group) => group.rules.map(({ name }) => name));
    expect(await names('?type=alert')).toEqual(['TooMuch', 'Never']);
    expect(await names('?rule_name[]=answer&rule_name[]=Never')).toEqual(['answer', 'Never']);
    expect(await names('?rule_group[]=other')).toEqual([]);
    expect(await names('?match[]={severity=~".%2B"}')).toEqual(['TooMuch']);
    const bare = (await rulesOf('?exclude_alerts=true&type=alert')).data.groups.flatMap(
      (group) => group.rules,
    );
    expect(bare.map(({ alerts }) => alerts)).toEqual([[], []]);
    await expect(rulesOf('?type=other')).rejects.toThrow('400');
  });

  test('tell a webhook and Slack once', async () => {
    const of = (path: string): readonly string[] =>
      receiver.received.filter((one) => one.path === path).map(({ body }) => body);
    const [webhook] = await eventually('the webhook', async () =>
      of('/webhook').length > 0 ? of('/webhook') : undefined,
    );
    expect(JSON.parse(webhook ?? '')).toMatchObject({
      version: '4',
      status: 'firing',
      commonLabels: labels,
      externalURL: 'http://maru.example',
      alerts: [{ status: 'firing', labels, annotations, endsAt: '0001-01-01T00:00:00Z' }],
    });
    const [slack] = await eventually('Slack', async () =>
      of('/slack').length > 0 ? of('/slack') : undefined,
    );
    expect(JSON.parse(slack ?? '')).toMatchObject({ text: '[FIRING:1] TooMuch' });
    expect(of('/webhook')).toHaveLength(1);
  });

  test.skipIf(program === undefined)('tell a real Alertmanager', async () => {
    const [alert] = await eventually('the alert in Alertmanager', async () => {
      const found = await getJson<readonly object[]>(`${alertmanager?.url}/api/v2/alerts`);
      return found.length > 0 ? found : undefined;
    });
    expect(alert).toMatchObject({
      labels,
      annotations,
      generatorURL: expect.stringContaining('http://maru.example/graph'),
    });
  });

  test('go on after a crash with the times that alerts had', async () => {
    const before = await alertNow('firing');
    await stack.kill('engine');
    await stack.restart();
    const after = await alertNow('firing');
    expect(Date.parse(after.activeAt)).toBe(Math.floor(Date.parse(before.activeAt) / 1000) * 1000);
  });

  test('are read again when their files change, and a file that is wrong changes nothing', async () => {
    writeFileSync(
      join(directory, 'answers.yml'),
      'groups: [{name: answers, rules: [{record: x, expr: "sum("}]}]',
    );
    writeFileSync(join(directory, 'answers.yml'), rules.replace('vector(21)', 'vector(1)'));
    await eventually('the end of the alert', async () => {
      const resolved = receiver.received.filter(
        ({ path, body }) => path === '/webhook' && body.includes('resolved'),
      );
      return resolved.length > 0 ? true : undefined;
    });
    await eventually('the new value', async () => {
      const [found] = await prometheusSeries(stack.queryUrl, 'answer:double');
      return found?.value[1] === '2' ? true : undefined;
    });
  });
});
