import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, sql } from '@maru/store';
import { RunningClickHouse, RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually } from '../support/query.ts';

// The engine in a process speaks no protocol between nodes, so the shards of this cluster cannot be reached. What can be seen is
// that the tables are made, and that every query is one that the engine takes over distributed tables.
const config = `<clickhouse>
  <macros><shard>01</shard><replica>one</replica></macros>
  <remote_servers><main>
    <shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>9</port></replica></shard>
    <shard><internal_replication>true</internal_replication><replica><host>127.0.0.1</host><port>9</port></replica></shard>
  </main></remote_servers>
</clickhouse>`;

const directory = mkdtempSync(join(tmpdir(), 'maru-cluster-'));
const configPath = join(directory, 'config.xml');

let server: RunningClickHouse;
let stack: RunningStack;

beforeAll(async () => {
  writeFileSync(configPath, config);
  server = await RunningClickHouse.start({
    engineArguments: [
      `--config-file=${configPath}`,
      '--skip_unavailable_shards=1',
      '--distributed_connections_pool_size=4',
    ],
  });
  stack = await RunningStack.start({
    settings: { storeUrl: server.url('maru', '?cluster=main'), adminApi: true },
  });
  await eventually('readiness', async () => {
    const { ok } = await fetch(`${stack.queryUrl}/ready`);
    return ok ? true : undefined;
  });
}, 120_000);

afterAll(async () => {
  await stack.stop();
  await server.close();
  rmSync(directory, { recursive: true, force: true });
});

const now = Math.floor(Date.now() / 1000);
const range = `start=${now - 3_600}&end=${now}`;
const query = (text: string): string => encodeURIComponent(text);

const reads = [
  `/api/v1/query?query=${query('sum by (job) (rate(http_requests_total{code=~"5.."}[5m]))')}`,
  `/api/v1/query?query=${query('histogram_quantile(0.9, sum by (le) (rate(latency_bucket[5m])))')}`,
  `/api/v1/query?query=${query('histogram_quantile(0.9, rate(latency[5m]))')}`,
  `/api/v1/query_range?query=${query('up * on (job) group_left (version) target_info')}&step=60&${range}`,
  `/api/v1/query_exemplars?query=latency_bucket&${range}`,
  `/api/v1/series?match[]=${query('{job="a"}')}&${range}`,
  `/api/v1/labels?${range}`,
  `/api/v1/labels?match[]=up&${range}`,
  `/api/v1/label/job/values?${range}`,
  '/api/v1/metadata',
  '/api/v1/status/tsdb',
  `/api/search?q=${query('{ resource.service.name = "a" && span.http.status_code >= 500 } | count() > 1')}&${range}`,
  `/api/v2/search/tags?${range}`,
  `/api/v2/search/tag/resource.service.name/values?${range}`,
  `/api/v2/search/tag/span.http.method/values?q=${query('{ resource.service.name = "a" }')}&${range}`,
  `/loki/api/v1/query_range?query=${query('{service_name="a", k8s_pod_name=~".+"} |= "x" | level="error"')}&${range}`,
  `/loki/api/v1/query_range?query=${query('sum by (level) (count_over_time({service_name=~".+"}[5m]))')}&step=60&${range}`,
  `/loki/api/v1/labels?${range}`,
  `/loki/api/v1/label/service_name/values?${range}`,
  `/loki/api/v1/series?match[]=${query('{service_name="a"}')}&${range}`,
  `/loki/api/v1/index/stats?query=${query('{service_name="a"}')}&${range}`,
  `/loki/api/v1/index/volume?query=${query('{service_name=~".+"}')}&${range}`,
  '/api/maru/services',
  '/api/maru/doubled',
];

describe('over distributed tables', () => {
  test('what cannot be inserted waits: shards that are away are no fault of the data', async () => {
    const body = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
    const sent = await fetch(`${stack.otlpHttpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect(sent.status).toBe(200);
    const store = openStore({
      url: server.url(),
      memoryBytes: 2 ** 30,
      source: 'reader',
      report: () => undefined,
    });
    await eventually('that it was tried', async () => {
      if (!store.health().ready) return undefined;
      const [errors] = await store.reader.rows<{ n: string }>(sql`
        SELECT count() AS n FROM system.errors WHERE name = 'ALL_CONNECTION_TRIES_FAILED'`);
      return errors?.n === '0' ? undefined : true;
    });
    await store.close();
    await eventually('that it waits', async () => {
      const response = await fetch(`${stack.queryUrl}/api/ledger`);
      const { signals } = (await response.json()) as {
        signals: { traces: { waiting: string; dead: string } };
      };
      return signals.traces.waiting === '1' && signals.traces.dead === '0' ? true : undefined;
    });
  }, 60_000);

  test.each(reads)('%s is a query that the engine takes', async (path) => {
    const response = await fetch(`${stack.queryUrl}${path}`);
    expect([response.status, await response.text()]).toEqual([200, expect.any(String)]);
  });

  test('a trace is looked for, and not there', async () => {
    const response = await fetch(`${stack.queryUrl}/api/traces/${'ab'.repeat(16)}`);
    expect([response.status, await response.text()]).toEqual([404, expect.any(String)]);
  });
});

const span = {
  traceId: '5b8aa5a2d2c872e8321cf37308d69df2',
  spanId: '051581bf3cb55c13',
  name: 'waits',
  startTimeUnixNano: `${now}000000000`,
  endTimeUnixNano: `${now}000000001`,
};
