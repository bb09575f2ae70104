import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '@maru/server/config';
import { createKey } from '@maru/server/keys';
import { below, RunningStack, seededRandom } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, getJson } from '../support/query.ts';

// Every tenant sends things in which a word of its own stands everywhere. Whatever is asked, whoever asks: no word of another
// may stand in an answer.
const seed = 20_260_101;
const random = seededRandom(seed);
const names = [
  'maru',
  ...Array.from({ length: 4 }, (_, index) => `${'abcXYZ_-0'[below(random, 6)]}shop${index}`),
];
const wordOf = (tenant: string): string => `word${Buffer.from(tenant).toString('hex')}x`;
const traceIdOf = (tenant: string): string =>
  Buffer.from(tenant.padEnd(16, '.')).toString('hex').slice(0, 32);

const nowMs = Date.now();
const nanos = (secondsAgo: number): string => `${nowMs - secondsAgo * 1000}000000`;

function bodies(tenant: string): Readonly<Record<'traces' | 'metrics' | 'logs', object>> {
  const word = wordOf(tenant);
  const text = (key: string): object => ({ key, value: { stringValue: word } });
  const resource = {
    attributes: [text('service.name'), text('service.namespace'), text(`resource.${word}`)],
  };
  const attributes = [text(word), text('shared.key')];
  const span = {
    traceId: traceIdOf(tenant),
    spanId: '00f067aa0ba902b7',
    name: word,
    kind: 2,
    startTimeUnixNano: nanos(5),
    endTimeUnixNano: nanos(4),
    attributes,
    events: [{ name: word, timeUnixNano: nanos(5), attributes }],
  };
  const point = {
    asDouble: 1,
    timeUnixNano: nanos(2),
    attributes,
    exemplars: [{ asDouble: 1, timeUnixNano: nanos(2), filteredAttributes: attributes }],
  };
  const gauges = [word, 'shared_metric'].map((name) => ({
    name,
    description: word,
    gauge: { dataPoints: [point] },
  }));
  const record = { timeUnixNano: nanos(2), body: { stringValue: word }, severityText: word, attributes };
  return {
    traces: { resourceSpans: [{ resource, scopeSpans: [{ scope: { name: word }, spans: [span] }] }] },
    metrics: { resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: word }, metrics: gauges }] }] },
    logs: { resourceLogs: [{ resource, scopeLogs: [{ scope: { name: word }, logRecords: [record] }] }] },
  };
}

/** Every endpoint that reads. `%W` stands for the word and `%T` for the trace id of a tenant. */
const range = `start=${nowMs / 1000 - 300}&end=${nowMs / 1000 + 60}`;
const endpoints = [
  '/api/v1/query?query={__name__=~".%2B"}',
  '/api/v1/query?query=%W',
  `/api/v1/query_range?query=shared_metric&step=15&${range}`,
  `/api/v1/query_exemplars?query={__name__=~".%2B"}&${range}`,
  `/api/v1/series?match[]={__name__=~".%2B"}&${range}`,
  `/api/v1/labels?${range}`,
  '/api/v1/label/shared_key/values',
  '/api/v1/label/__name__/values',
  '/prometheus/api/v1/label/job/values',
  '/api/v1/metadata',
  '/api/v1/status/tsdb',
  '/api/v1/targets',
  '/api/v1/rules',
  '/api/v1/alerts',
  '/api/v1/query?query=recorded_by_rule',
  '/api/v1/query?query=ALERTS',
  '/api/v1/query?query=up',
  '/api/traces/%T',
  '/api/v2/traces/%T',
  '/tempo/api/v2/traces/%T',
  `/api/search?q={}&limit=100&${range}`,
  `/tempo/api/search?q={name="%W"}&${range}`,
  '/api/search/tags',
  '/api/v2/search/tags',
  '/api/search/tag/service.name/values',
  '/api/v2/search/tag/resource.service.name/values',
  '/api/v2/search/tag/span.shared.key/values',
  `/loki/api/v1/query_range?query={service_name=~".%2B"}&${range}`,
  `/loki/api/v1/query?query=count_over_time({service_name=~".%2B"}[5m])`,
  `/loki/api/v1/labels?${range}`,
  `/loki/api/v1/label/service_name/values?${range}`,
  `/loki/api/v1/series?match[]={service_name=~".%2B"}&${range}`,
  `/loki/api/v1/index/volume?query={service_name=~".%2B"}&${range}`,
  `/loki/api/v1/index/stats?query={service_name=~".%2B"}&${range}`,
  `/loki/api/v1/detected_fields?query={service_name=~".%2B"}&${range}`,
  `/api/maru/services?${range}`,
  '/api/maru/status',
  '/api/ledger',
  '/metrics',
];

function endpointsOf(tenant: string): readonly string[] {
  return endpoints.map((one) => one.replace('%W', wordOf(tenant)).replace('%T', traceIdOf(tenant)));
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Not `fetch`: it would tidy up paths and headers, and some of them must come as they are written here. */
function get(url: string, path: string, headers: readonly (readonly [string, string])[]): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      `${url}`,
      {
        path: path.replaceAll('"', '%22').replaceAll('{', '%7B').replaceAll('}', '%7D'),
        agent: false,
        headers: ['Host', new URL(url).host, ...headers.flat()],
      },
      (incoming) => {
        const chunks: Uint8Array[] = [];
        incoming.on('data', (chunk: Uint8Array) => chunks.push(chunk));
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
        );
      },
    );
    outgoing.on('error', reject);
    outgoing.end();
  });
}

async function send(
  stack: RunningStack,
  tenant: string,
  headers: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [signal, body] of Object.entries(bodies(tenant))) {
    const response = await fetch(`${stack.otlpHttpUrl}/v1/${signal}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    expect(response.status, await response.text()).toBe(200);
  }
}

async function stored(stack: RunningStack, headers: Readonly<Record<string, string>>): Promise<true> {
  return eventually('all three signals', async () => {
    const response = await fetch(`${stack.queryUrl}/api/ledger`, { headers });
    if (!response.ok) return undefined;
    const { signals } = (await response.json()) as {
      signals: Record<string, { stored: string; waiting: string }>;
    };
    // What is scraped and what rules make waits again and again.
    const areStored = Object.entries(signals).every(
      ([signal, one]) => one.stored !== '0' && (signal === 'metrics' || one.waiting === '0'),
    );
    return areStored || undefined;
  });
}

/** The words of others in an answer. What was asked may come back in it. */
function foreign(text: string, reader: string, asked: string): readonly string[] {
  return names.filter((name) => name !== reader && text.replaceAll(wordOf(asked), '').includes(wordOf(name)));
}

/** A target whose metrics hold the word of one tenant, and the files of rules that each of them has. */
async function startTargets(): Promise<Targets> {
  const directory = mkdtempSync(join(tmpdir(), 'maru-tenants-'));
  const server = createServer((incoming, response) => {
    const word = (incoming.url ?? '').slice(1);
    response.end(`# TYPE scraped gauge\nscraped{shared_key="${word}"} 1\nscraped_${word} 1\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  for (const name of names) writeFileSync(join(directory, `${name}.yml`), rulesOf(wordOf(name)));
  const jobs = names.map(
    (name) =>
      `  - {job_name: ${wordOf(name)}, tenant: "${name}", metrics_path: /${wordOf(name)}, scrape_interval: 3s, static_configs: [{targets: ["127.0.0.1:${port}"]}]}`,
  );
  const rules = names.map((name) => `  "${name}": ["${name}.yml"]`);
  const text = ['tenants: {by: header, most: 4}', 'scrape_configs:', ...jobs, 'tenant_rules:', ...rules];
  return {
    settings: { ...parseConfig(text.join('\n'), join(directory, 'maru.yaml')) },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface Targets {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly close: () => Promise<void>;
}

/** What they see of the data goes into what they make, so that a rule that saw another's would show it. */
function rulesOf(word: string): string {
  return JSON.stringify({
    groups: [
      {
        name: word,
        interval: '3s',
        rules: [
          { record: 'recorded_by_rule', expr: 'sum by (shared_key) (scraped)', labels: { word } },
          {
            alert: word,
            expr: 'scraped',
            labels: { severity: word },
            annotations: { summary: '{{ $labels.shared_key }}' },
          },
        ],
      },
    ],
  });
}

describe('by header', () => {
  let stack: RunningStack;
  let targets: Targets;
  beforeAll(async () => {
    targets = await startTargets();
    const ports = ['otlpHttpPort', 'otlpGrpcPort', 'httpPort', 'selfTelemetry'];
    const settings = Object.entries(targets.settings).filter(([name]) => !ports.includes(name));
    stack = await RunningStack.start({ settings: Object.fromEntries(settings) });
    for (const name of names) await send(stack, name, { 'x-scope-orgid': name });
    for (const name of names) await stored(stack, { 'x-scope-orgid': name });
    for (const query of ['shared_metric', 'recorded_by_rule'])
      for (const name of names)
        await eventually(`${query} of ${name}`, async () => {
          const { text } = await get(stack.queryUrl, `/api/v1/query?query=${query}`, as(name));
          return text.includes(wordOf(name)) || undefined;
        });
  }, 120_000);
  afterAll(async () => {
    await stack.stop();
    await targets.close();
  });

  const as = (tenant: string): readonly (readonly [string, string])[] => [['X-Scope-OrgID', tenant]];

  test.each(names)('%s sees its own things and those of nobody else, whatever is asked', async (reader) => {
    let own = 0;
    for (const asked of names)
      for (const endpoint of endpointsOf(names[1] ?? '')) {
        const path = endpoint.replace('%W', wordOf(asked)).replace('%T', traceIdOf(asked));
        const { status, text } = await get(stack.queryUrl, path, as(reader));
        expect(status, `${path}: ${text}`).toBeLessThan(500);
        expect(foreign(text, reader, endpoint.includes('%W') && asked !== reader ? asked : ''), path).toEqual(
          [],
        );
        if (asked !== reader && endpoint === '/api/traces/%T') expect(status, path).toBe(404);
        if (asked === reader && text.includes(wordOf(reader))) own += 1;
      }
    // An answer that holds nothing would pass all of the above.
    expect(own).toBeGreaterThan(20);
  });

  test.each(names)('%s has its own targets, rules and alerts', async (name) => {
    for (const [path, expected] of [
      ['/api/v1/targets', `"scrapePool":"${wordOf(name)}"`],
      ['/api/v1/rules', `"name":"${wordOf(name)}"`],
      ['/api/v1/alerts', `"summary":"${wordOf(name)}"`],
      ['/api/v1/query?query=recorded_by_rule', `"shared_key":"${wordOf(name)}"`],
      ['/api/v1/query?query=ALERTS', `"alertname":"${wordOf(name)}"`],
    ] as const)
      expect((await get(stack.queryUrl, path, as(name))).text, path).toContain(expected);
  });

  test('a tenant that never sent anything sees nothing, and costs nothing', async () => {
    for (const endpoint of endpointsOf(names[1] ?? '')) {
      const { status, text } = await get(stack.queryUrl, endpoint, as('nobody'));
      expect(status, endpoint).toBeLessThan(500);
      expect(
        foreign(text, 'nobody', endpoint.includes(wordOf(names[1] ?? '')) ? (names[1] ?? '') : '-'),
        endpoint,
      ).toEqual([]);
    }
  });

  test.each([
    ['no header', []],
    ['an empty one', [['X-Scope-OrgID', '']]],
    ['two names in one', [['X-Scope-OrgID', `${names[1]}|${names[2]}`]]],
    [
      'two headers',
      [
        ['X-Scope-OrgID', names[1] ?? ''],
        ['X-Scope-OrgID', names[2] ?? ''],
      ],
    ],
    ['a way out of the directory', [['X-Scope-OrgID', '../engine']]],
    ['a way out of the name', [['X-Scope-OrgID', 'a`; DROP DATABASE default']]],
    ['a percent sign', [['X-Scope-OrgID', `${names[1]}%00`]]],
    ['a name that is too long', [['X-Scope-OrgID', 'a'.repeat(65)]]],
    ['another header', [['X-Tenant', names[1] ?? '']]],
  ] as const)('%s is answered 401 everywhere', async (_, headers) => {
    for (const endpoint of [...endpointsOf(names[1] ?? ''), '/api/tail?signal=logs']) {
      const { status, text } = await get(stack.queryUrl, endpoint, headers);
      expect(status, `${endpoint}: ${text}`).toBe(401);
    }
    const traces = JSON.stringify(bodies('maru').traces);
    const outgoing = await fetch(`${stack.otlpHttpUrl}/v1/traces`, {
      method: 'POST',
      headers: [
        ['content-type', 'application/json'],
        ...headers.map(([name, value]) => [name, value] as [string, string]),
      ],
      body: traces,
    });
    expect(outgoing.status).toBe(401);
  });

  test('paths that are written in another way lead nowhere else', async () => {
    const [, reader = ''] = names;
    const { text } = await get(stack.queryUrl, '/live', []);
    expect(text).toBe('live\n');
    for (const path of [
      '//api/v1/labels',
      '/api//v1/labels',
      '/api/v1/../v1/labels',
      '/%61pi/v1/label/job/values',
      '/api/v1/label%2Fjob/values',
      '/api/v1/label/job%2e/values',
    ])
      for (const headers of [as(reader), as('nobody'), []]) {
        const answer = await get(stack.queryUrl, path, headers);
        expect(
          foreign(answer.text, headers === as(reader) ? reader : 'nobody', headers.length > 0 ? reader : '-'),
          path,
        ).toEqual([]);
        if (headers.length === 0) expect(answer.text, path).not.toContain('"success"');
      }
  });

  test('one more than there may be is refused, and the others go on', async () => {
    const headers = { 'content-type': 'application/json', 'x-scope-orgid': 'onemore' };
    const body = JSON.stringify(bodies('onemore').logs);
    const response = await fetch(`${stack.otlpHttpUrl}/v1/logs`, { method: 'POST', headers, body });
    expect(response.status).toBe(403);
    expect(await response.text()).toContain('4 tenants, which is the limit');
    await send(stack, names[1] ?? '', { 'x-scope-orgid': names[1] ?? '' });
  });

  test('all of it is there after kill -9 of both processes', async () => {
    await stack.kill('intake');
    await stack.kill('engine');
    await stack.restart();
    for (const name of names) {
      await stored(stack, { 'x-scope-orgid': name });
      const answer = await eventually('the trace', async () => {
        const found = await get(stack.queryUrl, `/api/v2/traces/${traceIdOf(name)}`, as(name));
        return found.status === 200 && found.text.includes(wordOf(name)) ? found : undefined;
      });
      expect(foreign(answer.text, name, '-')).toEqual([]);
    }
  });
});

describe('by key', () => {
  let stack: RunningStack;
  beforeAll(async () => {
    stack = await RunningStack.start({ settings: { tenants: { by: 'key', most: 4 } } });
  });
  afterAll(() => stack.stop());

  test('the key tells whose data it is, for what is sent and what is asked, and the header tells nothing', async () => {
    const [, one = '', other = ''] = names;
    const writer = await createKey(stack.dataDir, 'writer', undefined, { tenant: one });
    const reader = await createKey(stack.dataDir, 'reader', [], { tenant: one, reads: true });
    const stranger = await createKey(stack.dataDir, 'stranger', [], { tenant: other, reads: true });
    const bearer = (secret: string): Record<string, string> => ({
      authorization: `Bearer ${secret}`,
      'x-scope-orgid': other,
    });
    await eventually('the key to be known', async () => {
      const response = await fetch(`${stack.otlpHttpUrl}/v1/logs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...bearer(writer.secret) },
        body: '{}',
      });
      return response.ok || undefined;
    });
    await send(stack, one, bearer(writer.secret));
    await stored(stack, bearer(reader.secret));
    const labels = async (secret: string): Promise<object> =>
      getJson(`${stack.queryUrl}/api/v1/label/shared_key/values`, bearer(secret));
    expect(await labels(reader.secret)).toMatchObject({ data: [wordOf(one)] });
    expect(await labels(stranger.secret)).toMatchObject({ data: [] });
    const basic = Buffer.from(`anyone:${reader.secret}`).toString('base64');
    expect(
      (await fetch(`${stack.queryUrl}/api/ledger`, { headers: { authorization: `Basic ${basic}` } })).status,
    ).toBe(200);
    for (const endpoint of endpointsOf(names[1] ?? '')) {
      expect((await get(stack.queryUrl, endpoint, [])).status, endpoint).toBe(401);
      expect(
        (await get(stack.queryUrl, endpoint, Object.entries(bearer(writer.secret)))).status,
        endpoint,
      ).toBe(401);
    }
    const refused = await fetch(`${stack.otlpHttpUrl}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(reader.secret) },
      body: '{}',
    });
    expect(refused.status).toBe(403);
  });
});
