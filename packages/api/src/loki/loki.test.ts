import {
  caseEpochNanos,
  encodeRecords,
  openTestStore,
  readRecords,
  type TestStore,
} from '@maru/testkit/queries';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, serveApi } from '../served-api.fixture.ts';

const records = `
  @0s api "user logged in" severity=9 text="INFO" trace="0af7651916cd43dd8448eb211c80319c" span="1" log.user.id=7 resource.k8s.pod.name="api-1" resource.region="eu"
  @10s api "GET /items" severity=9 resource.k8s.pod.name="api-1" resource.region="eu"
  @20s web "<script>alert(1)</script> \\u0000 \\" \\n" severity=17 resource.deployment.environment="prod"
  @30s api "bye" severity=17 resource.k8s.pod.name="api-2" resource.service.instance.id="5b3c9a52-8f5e-4a2c-9c36-000000000001"`;

const start = Number(caseEpochNanos / 1_000_000_000n);
const window = `start=${start}&end=${start + 60}`;
const query = (text: string): string => `query=${encodeURIComponent(text)}`;
const categorized = { headers: { 'X-Loki-Response-Encoding-Flags': 'categorize-labels' } };

let opened: TestStore;
let api: ServedApi;

beforeAll(async () => {
  opened = openTestStore();
  await opened.load('logs', encodeRecords(readRecords(records.split('\n').slice(1))));
  api = await serveApi(opened.store.reader);
});

afterAll(async () => {
  await api.close();
  await opened.close();
});

const firstMetadata = {
  detected_level: 'info',
  region: 'eu',
  severity_number: '9',
  severity_text: 'INFO',
  span_id: '0000000000000001',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  user_id: '7',
};
const nanos = (seconds: number): string => String(caseEpochNanos + BigInt(seconds) * 1_000_000_000n);

test('lines with categorised labels: stream labels apart from structured metadata, keys in the order Grafana reads', async () => {
  const response = await api.fetch(
    `/loki/api/v1/query_range?${query('{service_name="api", k8s_pod_name="api-1"}')}&${window}`,
    categorized,
  );
  const body = await response.text();
  expect(
    body.startsWith(
      '{"status":"success","data":{"resultType":"streams","encodingFlags":["categorize-labels"],"result":[',
    ),
  ).toBe(true);
  expect(JSON.parse(body)).toEqual({
    status: 'success',
    data: {
      resultType: 'streams',
      encodingFlags: ['categorize-labels'],
      result: [
        {
          stream: { k8s_pod_name: 'api-1', service_name: 'api' },
          values: [
            [
              nanos(10),
              'GET /items',
              {
                structuredMetadata: { detected_level: 'info', region: 'eu', severity_number: '9' },
                parsed: {},
              },
            ],
            [nanos(0), 'user logged in', { structuredMetadata: firstMetadata, parsed: {} }],
          ],
        },
      ],
      stats: {},
    },
  });
});

test('lines without the flag: two elements, and every label in the stream', async () => {
  const { body } = await api.json(
    `/loki/api/v1/query_range?${query('{service_name="api"} |= "user"')}&${window}`,
  );
  expect(body.data).toEqual({
    resultType: 'streams',
    result: [
      {
        stream: { ...firstMetadata, k8s_pod_name: 'api-1', service_name: 'api' },
        values: [[nanos(0), 'user logged in']],
      },
    ],
    stats: {},
  });
});

test('any text comes back as it was sent', async () => {
  const { body } = await api.json(`/loki/api/v1/query_range?${query('{service_name="web"}')}&${window}`);
  expect(body.data.result[0].values[0][1]).toBe('<script>alert(1)</script> \u0000 " \n');
});

test('by trace id, as the trace page asks', async () => {
  const text = '{service_name=~".+"} | trace_id="0af7651916cd43dd8448eb211c80319c"';
  const { body } = await api.json(`/loki/api/v1/query_range?${query(text)}&${window}`);
  expect(body.data.result).toHaveLength(1);
});

async function times(parameters: string): Promise<readonly string[]> {
  const { body } = await api.json(
    `/loki/api/v1/query_range?${query('{service_name=~".+"}')}&${window}&${parameters}`,
  );
  const values: readonly (readonly [string, string])[] = body.data.result.flatMap(
    (stream: { values: object[] }) => stream.values,
  );
  return values
    .map(([time]) => String((BigInt(time) - caseEpochNanos) / 1_000_000_000n))
    .sort((a, b) => Number(a) - Number(b));
}

test('limit, direction, interval; start counts, end does not', async () => {
  expect(await times('limit=2')).toEqual(['20', '30']);
  expect(await times('limit=2&direction=FORWARD')).toEqual(['0', '10']);
  expect(await times('interval=15s&direction=forward')).toEqual(['0', '20', '30']);
  const exact = await api.json(
    `/loki/api/v1/query_range?${query('{service_name=~".+"}')}&start=${nanos(10)}&end=${nanos(30)}`,
  );
  expect(
    exact.body.data.result
      .flatMap((stream: { values: [string][] }) => stream.values.map(([time]) => time))
      .sort(),
  ).toEqual([nanos(10), nanos(20)]);
});

test.each([
  [`start=${start}&end=${start + 60}`],
  [`start=${start}.0&end=${start + 60}.5`],
  [`start=${start}000000000&end=${start + 60}000000000`],
  ['start=2026-01-01T00:00:00Z&end=2026-01-01T00:01:00.000000001Z'],
  ['start=2026-01-01T09:00:00%2B09:00&since=1h&end=2026-01-01T09:01:00.5%2B09:00'],
  [`end=${start + 60}&since=1m`],
])('times may be written %s', async (range) => {
  const { body } = await api.json(`/loki/api/v1/query_range?${query('{service_name="web"}')}&${range}`);
  expect(body.data.result).toHaveLength(1);
});

test('volume by level, as Explore asks; by GET and by form', async () => {
  const text =
    'sum by (level, detected_level) (count_over_time({service_name=~".+"} | drop __error__ [20s]))';
  const parameters = `${query(text)}&start=${nanos(0)}&end=${nanos(40)}&step=20000ms`;
  const expected = {
    resultType: 'matrix',
    result: [
      {
        metric: { detected_level: 'error' },
        values: [
          [start + 20, '1'],
          [start + 40, '1'],
        ],
      },
      {
        metric: { detected_level: 'info' },
        values: [
          [start, '1'],
          [start + 20, '1'],
        ],
      },
    ],
    stats: {},
  };
  const byGet = await api.json(`/loki/api/v1/query_range?${parameters}`);
  const byForm = await api.json('/loki/api/v1/query_range', {
    method: 'POST',
    body: new URLSearchParams(parameters),
  });
  for (const { body } of [byGet, byForm]) {
    const result = body.data.result.toSorted((a: { metric: object }, b: { metric: object }) =>
      JSON.stringify(a.metric).localeCompare(JSON.stringify(b.metric)),
    );
    expect({ ...body.data, result }).toEqual(expected);
  }
});

test('the health check of the data source', async () => {
  const { status, body } = await api.json(
    `/loki/api/v1/query?${query('vector(1)+vector(1)')}&time=4000000000`,
  );
  expect(status).toBe(200);
  expect(body).toEqual({
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: {}, value: [4000000000, '2'] }], stats: {} },
  });
});

test('an instant query counts the range before its time; a number is a scalar', async () => {
  const { body } = await api.json(
    `/loki/api/v1/query?${query('sum by (service_name) (count_over_time({service_name="api"}[30s]))')}&time=${nanos(30)}`,
  );
  expect(body.data.result).toEqual([{ metric: { service_name: 'api' }, value: [start + 30, '2'] }]);
  const scalar = await api.json(`/loki/api/v1/query?${query('1.5')}&time=1.5`);
  expect(scalar.body.data).toEqual({ resultType: 'scalar', result: [1.5, '1.5'], stats: {} });
});

test('labels, values and series of what has lines in the range', async () => {
  expect((await api.json(`/loki/api/v1/labels?${window}`)).body).toEqual({
    status: 'success',
    data: ['deployment_environment', 'k8s_pod_name', 'service_instance_id', 'service_name'],
  });
  expect((await api.json(`/loki/api/v1/label/k8s_pod_name/values?${window}`)).body.data).toEqual([
    'api-1',
    'api-2',
  ]);
  expect(
    (
      await api.json(
        `/loki/api/v1/label/k8s_pod_name/values?${window}&${query('{k8s_pod_name!="api-1", service_name="api"}')}`,
      )
    ).body.data,
  ).toEqual(['api-2']);
  expect((await api.json(`/loki/api/v1/label/__proto__/values?${window}`)).body.data).toEqual([]);
  expect((await api.json('/loki/api/v1/labels?start=1000&end=2000')).body.data).toEqual([]);
  const { body } = await api.json(
    `/loki/api/v1/series?${window}&match[]=${encodeURIComponent('{service_name="web"}')}`,
  );
  expect(body).toEqual({
    status: 'success',
    data: [{ deployment_environment: 'prod', service_name: 'web' }],
  });
});

test('detected labels leave ids out', async () => {
  expect((await api.json(`/loki/api/v1/detected_labels?query=&${window}`)).body).toEqual({
    detectedLabels: [
      { label: 'deployment_environment', cardinality: 1 },
      { label: 'k8s_pod_name', cardinality: 2 },
      { label: 'service_name', cardinality: 2 },
    ],
  });
});

test('stats and volume', async () => {
  expect(
    (await api.json(`/loki/api/v1/index/stats?${query('{service_name="api"}')}&${window}`)).body,
  ).toEqual({ streams: 2, chunks: 2, bytes: 27, entries: 3 });
  const landing = await api.json(
    `/loki/api/v1/index/volume?${query('{service_name=~".+"}')}&${window}&limit=5000&targetLabels=service_name`,
  );
  expect(landing.body.data).toEqual({
    resultType: 'vector',
    result: [
      { metric: { service_name: 'web' }, value: [start + 60, '31'] },
      { metric: { service_name: 'api' }, value: [start + 60, '27'] },
    ],
    stats: {},
  });
  const labels = await api.json(
    `/loki/api/v1/index/volume?${query('{}')}&${window}&targetLabels=k8s_pod_name&aggregateBy=labels`,
  );
  expect(labels.body.data.result).toEqual([{ metric: { k8s_pod_name: '' }, value: [start + 60, '27'] }]);
  const over = await api.json(
    `/loki/api/v1/index/volume_range?${query('{service_name="api"}')}&${window}&step=30`,
  );
  expect(over.body.data.result).toEqual([
    {
      metric: { service_name: 'api' },
      values: [
        [start, '14'],
        [start + 30, '13'],
      ],
    },
  ]);
});

test.each([
  ['/query_range?', 400, 'parameter query is missing'],
  [
    `/query_range?${query('{')}`,
    400,
    'parse error at line 1, col 2: syntax error: unexpected end of query, expected a label name',
  ],
  [`/query_range?${query('{service_name="a"} | json')}`, 400, 'parser json is not supported yet at 1:22'],
  [`/query_range?${query('{a="b"}')}&limit=0`, 400, 'limit must be a positive value'],
  [
    `/query_range?${query('{a="b"}')}&limit=5001`,
    400,
    'max entries limit per query exceeded, limit > max_entries_limit_per_query (5001 > 5000)',
  ],
  [
    `/query_range?${query('{a="b"}')}&direction=up`,
    400,
    'invalid direction "up": it must be forward or backward',
  ],
  [
    `/query_range?${query('{a="b"}')}&start=soon`,
    400,
    `could not parse 'start' parameter: "soon" is no time in seconds, nanoseconds or RFC 3339`,
  ],
  [
    `/query_range?${query('{a="b"}')}&start=20&end=10`,
    400,
    'end timestamp must not be before or equal to start time',
  ],
  [
    `/query_range?${query('rate({a="b"}[1m])')}&start=0&end=20000&step=1`,
    400,
    'exceeded maximum resolution of 11,000 points per time series. Try increasing the value of the step parameter',
  ],
  [
    `/query_range?${query('rate({a="b"}[1m])')}&step=0`,
    400,
    'zero or negative query resolution step widths are not accepted. Try a positive integer',
  ],
  [
    `/query?${query('{a="b"}')}`,
    400,
    'log queries are not supported as an instant query type, please change your query to a range query type',
  ],
  ['/nothing', 404, 'no such endpoint'],
])('%s is answered %i in plain text', async (path, status, message) => {
  const response = await api.text(`/loki/api/v1${path}`);
  expect([response.status, response.body.trim()]).toEqual([status, message]);
});

test('more series than Loki allows are refused', async () => {
  const many = Array.from({ length: 501 }, (_, index) => `  @0s many "x" log.n=${index}`);
  await opened.load('logs', encodeRecords(readRecords(many)));
  const { status, body } = await api.text(
    `/loki/api/v1/query?${query('count_over_time({service_name="many"}[1m])')}&time=${start + 1}`,
  );
  expect(status).toBe(400);
  expect(body).toContain('maximum number of series (500) reached for a single query');
});
