import { RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, getJson } from '../support/query.ts';

// OTLP in, with the settings under which its own names and attributes are kept and explicit histograms are native ones too.
let stack: RunningStack;
beforeAll(async () => {
  const naming = { strategy: 'NoTranslation', promotedAttributes: ['service.name'], explicitAsNative: true };
  stack = await RunningStack.start({ settings: { naming } });
  const point = {
    timeUnixNano: `${Date.now()}000000`,
    count: '3',
    sum: 4.5,
    bucketCounts: ['1', '0', '2'],
    explicitBounds: [0.5, 1],
    attributes: [{ key: 'http.route', value: { stringValue: '/a' } }],
  };
  const metric = {
    name: 'http.duration',
    unit: 's',
    histogram: { aggregationTemporality: 2, dataPoints: [point] },
  };
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'api' } }] };
  const response = await fetch(`${stack.otlpHttpUrl}/v1/metrics`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ metrics: [metric] }] }] }),
  });
  expect(response.status).toBe(200);
});
afterAll(() => stack?.stop());

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
}

function answerTo(query: string): Promise<readonly Sample[]> {
  return eventually(query, async () => {
    const { data } = await getJson<{ data: { result: readonly Sample[] } }>(
      `${stack.queryUrl}/api/v1/query?${new URLSearchParams({ query })}`,
    );
    return data.result.length === 0 ? undefined : data.result;
  });
}

const labels = { job: 'api', 'http.route': '/a', 'service.name': 'api' };

test('the names and attributes of OTLP are queried in quotes', async () => {
  const [count] = await answerTo('{"http.duration_count", "http.route"="/a"}');
  expect(count).toMatchObject({
    metric: { __name__: 'http.duration_count', ...labels },
    value: [expect.anything(), '3'],
  });
  const [bucket] = await answerTo('{"http.duration_bucket", le="0.5"}');
  expect(bucket?.value?.[1]).toBe('1');
});

test('an explicit histogram answers as a native one, too', async () => {
  const [quantile] = await answerTo('histogram_quantile(0.25, {"http.duration"})');
  expect(quantile).toMatchObject({ metric: labels, value: [expect.anything(), '0.375'] });
  const [sum] = await answerTo('histogram_sum({"http.duration"})');
  expect(sum?.value?.[1]).toBe('4.5');
});
