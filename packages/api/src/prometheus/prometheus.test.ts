import { loadPromqlSeries, openTestStore, type TestStore } from '@maru/testkit/queries';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Json, type ServedApi, serveApi } from '../served-api.fixture.ts';

let test: TestStore;
let api: ServedApi;

beforeAll(async () => {
  test = openTestStore();
  await loadPromqlSeries(
    `load 1m
       requests_total{job="a", code="200"} 0+60x10
       requests_total{job="a", code="500"} 0+6x10
       requests_total{job="b", code="200"} 0+30x10
       {"http.size", "http.method"="GET", job="a"} 1 2.5 NaN Inf -Inf -0 1e-7 1e21
       odd{name="it's \\"quoted\\" \\\\ 한글"} 1`,
    test.store,
  );
  api = await serveApi(test.store.reader);
});

afterAll(async () => {
  await api.close();
  await test.close();
});

const form = (values: Record<string, string>): RequestInit => ({
  method: 'POST',
  body: new URLSearchParams(values),
});

describe('query', () => {
  it('answers the health check of Grafana', async () => {
    const expected = { status: 'success', data: { resultType: 'scalar', result: [4, '2'] } };
    expect(await api.json('/prometheus/api/v1/query?query=1%2B1&time=4')).toEqual({
      status: 200,
      body: expected,
    });
    expect(await api.json('/api/v1/query', form({ query: '1+1', time: '4' }))).toEqual({
      status: 200,
      body: expected,
    });
  });

  it('gives vectors with sorted labels, and values as strings', async () => {
    const { body } = await api.json('/api/v1/query?query=requests_total{job="b"}&time=300.5');
    expect(body.data).toEqual({
      resultType: 'vector',
      result: [{ metric: { __name__: 'requests_total', code: '200', job: 'b' }, value: [300.5, '150'] }],
    });
  });

  it('writes floats as Go does', async () => {
    const { body } = await api.json('/api/v1/query', form({ query: '{"http.size"}[10m]', time: '600' }));
    const values = ['1', '2.5', 'NaN', '+Inf', '-Inf', '-0', '1e-07', '1e+21'];
    const expected = values.map((value, index) => [index * 60, value]).slice(1);
    expect(body.data.resultType).toBe('matrix');
    expect(body.data.result[0].values).toEqual(expected);
  });

  it('gives strings, empty lists and infos', async () => {
    const text = await api.json('/api/v1/query?query="x"&time=1');
    expect(text.body.data).toEqual({ resultType: 'string', result: [1, 'x'] });
    const none = await api.json('/api/v1/query?query=absent_metric&time=1');
    expect(none.body).toEqual({ status: 'success', data: { resultType: 'vector', result: [] } });
    const info = await api.json('/api/v1/query', form({ query: 'rate({"http.size"}[5m])', time: '300' }));
    expect(info.body.infos[0]).toMatch(/^PromQL info: metric might not be a counter, .*"http.size" \(1:6\)$/);
  });

  it('truncates to a limit and says so', async () => {
    const { body } = await api.json('/api/v1/query?query=requests_total&time=300&limit=2');
    expect(body.data.result).toHaveLength(2);
    expect(body.warnings).toEqual(['results truncated due to limit']);
  });
});

describe('query_range', () => {
  it('answers sum by (rate) at each step', async () => {
    const query = 'sum by (job) (rate(requests_total[5m]))';
    const { status, body } = await api.json(
      '/prometheus/api/v1/query_range',
      form({ query, start: '300', end: '420', step: '1m' }),
    );
    expect(status).toBe(200);
    expect(body.data.resultType).toBe('matrix');
    expect(body.data.result.map((one: { metric: object }) => one.metric)).toEqual([
      { job: 'a' },
      { job: 'b' },
    ]);
    const values = body.data.result[0].values.map(([time, value]: [number, string]) => [
      time,
      Number(value).toFixed(6),
    ]);
    expect(values).toEqual([
      [300, '1.100000'],
      [360, '1.100000'],
      [420, '1.100000'],
    ]);
  });

  it.each([
    ['start=10&end=1&step=1', 'invalid parameter "end": end timestamp must not be before start time'],
    ['start=1&end=10&step=0', /zero or negative query resolution step widths are not accepted/],
    ['start=0&end=20000&step=1', /exceeded maximum resolution of 11,000 points per timeseries/],
    ['start=x&end=10&step=1', 'invalid parameter "start": cannot parse "x" to a valid timestamp'],
    ['start=1&end=10&step=5q', 'invalid parameter "step": cannot parse "5q" to a valid duration'],
    ['start=1&step=5', 'invalid parameter "end": cannot parse "" to a valid timestamp'],
  ])('refuses %s', async (range, message) => {
    const { status, body } = await api.json(`/api/v1/query_range?query=1&${range}`);
    expect(status).toBe(400);
    expect(body).toMatchObject({ status: 'error', errorType: 'bad_data' });
    expect(body.error).toMatch(message);
  });

  it('refuses a range vector', async () => {
    const { body } = await api.json('/api/v1/query_range?query=requests_total[5m]&start=1&end=2&step=1');
    expect(body.error).toBe(
      'invalid parameter "query": invalid expression type "range vector" for range query, must be Scalar or instant Vector',
    );
  });
});

describe('errors', () => {
  it('says where a query cannot be read', async () => {
    const { status, body } = await api.json('/api/v1/query', form({ query: 'sum(\n  rate(x[5m])) by job' }));
    expect(status).toBe(400);
    expect(body).toEqual({
      status: 'error',
      errorType: 'bad_data',
      error:
        'invalid parameter "query": 2:19: parse error: unexpected identifier "job" in grouping opts, expected "("',
    });
  });

  it('calls what fails while computing execution', async () => {
    const { status, body } = await api.json(
      '/api/v1/query',
      form({ query: 'requests_total * requests_total{code="200"} * on(job) requests_total', time: '60' }),
    );
    expect(status).toBe(422);
    expect(body.errorType).toBe('execution');
    expect(body.error).toMatch(
      /^found duplicate series for the match group \{job="a"\} on the right hand-side/,
    );
  });

  it('ends a query that takes too long', async () => {
    // A time that has passed before the store can be asked, however fast the machine is.
    const { status, body } = await api.json('/api/v1/query?query=requests_total&timeout=0');
    expect(status).toBe(503);
    expect(body).toMatchObject({ errorType: 'timeout', error: 'query timed out in expression evaluation' });
  });

  it('answers another method in its own form', async () => {
    const { status, body } = await api.json('/api/v1/metadata', { method: 'DELETE' });
    expect(status).toBe(405);
    expect(body).toMatchObject({ status: 'error', errorType: 'bad_data' });
  });
});

describe('names, labels and series', () => {
  it('lists label names', async () => {
    const { body } = await api.json('/api/v1/labels');
    expect(body.data).toEqual(['__name__', 'code', 'http.method', 'job', 'name']);
    const some = await api.json('/api/v1/labels?match[]=requests_total');
    expect(some.body.data).toEqual(['__name__', 'code', 'job']);
  });

  it('lists label values, also of escaped names', async () => {
    expect((await api.json('/api/v1/label/__name__/values')).body.data).toEqual([
      'http.size',
      'odd',
      'requests_total',
    ]);
    expect((await api.json('/api/v1/label/U__http_2e_method/values')).body.data).toEqual(['GET']);
    const some = await api.json('/api/v1/label/job/values?match[]={code="500"}');
    expect(some.body.data).toEqual(['a']);
  });

  it('lists series', async () => {
    const { body } = await api.json('/api/v1/series?match[]={job="b"}&match[]=odd');
    expect(body.data).toEqual([
      { __name__: 'odd', name: 'it\'s "quoted" \\ 한글' },
      { __name__: 'requests_total', code: '200', job: 'b' },
    ]);
    expect((await api.json('/api/v1/series')).status).toBe(400);
    expect((await api.json('/api/v1/series?match[]={}')).body.error).toMatch(
      /at least one non-empty matcher/,
    );
  });

  it('gives metadata, exemplars, rules, alerts and the version in their shapes', async () => {
    const metadata = await api.json('/api/v1/metadata?metric=requests_total');
    expect(metadata.body.data).toEqual({ requests_total: [{ type: 'gauge', help: '', unit: '' }] });
    const exemplars = await api.json(
      '/api/v1/query_exemplars?query=test&start=1790000000000&end=1790000001000',
    );
    expect(exemplars.body).toEqual({ status: 'success', data: [] });
    expect((await api.json('/api/v1/rules')).body.data).toEqual({ groups: [] });
    expect((await api.json('/api/v1/alerts')).body.data).toEqual({ alerts: [] });
    expect((await api.json('/api/v1/status/buildinfo')).body.data.version).toMatch(/^3\./);
  });

  it('formats a query', async () => {
    const { body } = await api.json('/api/v1/format_query', form({ query: 'sum(rate(x[5m]))by(job)' }));
    expect(body.data).toBe('sum by (job) (rate(x[5m]))');
  });
});

describe('experimental functions', () => {
  const query = 'sort_by_label(requests_total{job="a"}, "code")';

  it('are refused by default, with the reason', async () => {
    const { status, body } = await api.json('/api/v1/query', form({ query, time: '60' }));
    expect(status).toBe(400);
    expect(body.error).toMatch(/sort_by_label/);
  });

  it('are there where the installation switches them on', async () => {
    const open = await serveApi(test.store.reader, { promql: { experimental: true } });
    const { status, body } = await open.json('/api/v1/query', form({ query, time: '60' }));
    const parsed = await open.json('/api/v1/format_query', form({ query }));
    await open.close();
    expect(status).toBe(200);
    expect(body.data.result.map((one: Json) => one.metric.code)).toEqual(['200', '500']);
    expect(parsed.status).toBe(200);
  });
});

describe('cardinality, targets and syntax trees', () => {
  it('counts series by metric, label and pair', async () => {
    const { body } = await api.json('/api/v1/status/tsdb?limit=2');
    expect(body.data).toEqual({
      headStats: { numSeries: 5, numLabelPairs: 9, chunkCount: 0, minTime: 0, maxTime: expect.any(Number) },
      seriesCountByMetricName: [
        { name: 'requests_total', value: 3 },
        { name: 'http.size', value: 1 },
      ],
      labelValueCountByLabelName: [
        { name: '__name__', value: 3 },
        { name: 'code', value: 2 },
      ],
      memoryInBytesByLabelName: [
        { name: '__name__', value: 26 },
        { name: 'name', value: 22 },
      ],
      seriesCountByLabelValuePair: [
        { name: '__name__=requests_total', value: 3 },
        { name: 'job=a', value: 3 },
      ],
    });
  });

  it('has no targets, in their shape', async () => {
    const { body } = await api.json('/api/v1/targets?state=active');
    expect(body.data).toEqual({ activeTargets: [], droppedTargets: [], droppedTargetCounts: {} });
  });

  it("shows a query's tree", async () => {
    const query = 'sum by (job) (rate(x{a!="b"}[5m] offset 1m @ 9.5)) > bool on (job) group_left (c) -y';
    const { body } = await api.json('/api/v1/parse_query', form({ query }));
    expect(body.data).toEqual({
      type: 'binaryExpr',
      op: '>',
      bool: true,
      matching: { card: 'many-to-one', labels: ['job'], on: true, include: ['c'] },
      lhs: {
        type: 'aggregation',
        op: 'sum',
        param: null,
        grouping: ['job'],
        without: false,
        expr: {
          type: 'call',
          func: { name: 'rate', argTypes: ['matrix'], variadic: 0, returnType: 'vector' },
          args: [
            {
              type: 'matrixSelector',
              name: 'x',
              range: 300_000,
              offset: 60_000,
              timestamp: 9500,
              startOrEnd: null,
              matchers: [
                { name: '__name__', value: 'x', type: '=' },
                { name: 'a', value: 'b', type: '!=' },
              ],
            },
          ],
        },
      },
      rhs: {
        type: 'unaryExpr',
        op: '-',
        expr: expect.objectContaining({ type: 'vectorSelector', name: 'y' }),
      },
    });
    expect((await api.json('/api/v1/parse_query?query=x%5B')).status).toBe(400);
  });
});

describe('untrusted text', () => {
  it.each([
    `requests_total{job="a' OR 1=1 --"}`,
    String.raw`requests_total{job="a\\"}`,
    String.raw`requests_total{job=~"a\\' OR '1'='1"}`,
    `{__name__="x') UNION ALL SELECT 1 --"}`,
    `requests_total{"a') OR (1=1"="x"}`,
    String.raw`requests_total{job="\x00\xff"}`,
  ])('finds nothing by %s, and breaks nothing', async (query) => {
    const { status, body } = await api.json('/api/v1/query', form({ query, time: '300' }));
    expect(status).toBe(200);
    expect(body.data.result).toEqual([]);
  });

  it('finds a series by its odd label, whole and by pattern', async () => {
    const query = String.raw`odd{name="it's \"quoted\" \\ 한글"} + odd{name=~"it's .* 한."}`;
    const { body } = await api.json('/api/v1/query', form({ query, time: '0' }));
    expect(body.data.result[0].value).toEqual([0, '2']);
  });

  it('refuses a pattern that RE2 does not take', async () => {
    const { status, body } = await api.json('/api/v1/query', form({ query: 'x{a=~"(?=b)"}' }));
    expect(status).toBe(400);
    expect(body.error).toMatch(/^invalid parameter "query": 1:1: parse error: error parsing regexp: /);
  });
});
