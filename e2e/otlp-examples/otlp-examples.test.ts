import { readFileSync } from 'node:fs';
import { RunningStack } from '@maru/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { byKey, getJson, lokiLines, prometheusSeries, tempoTrace } from '../support/query.ts';

// The four example requests that the OpenTelemetry protocol publishes, odd as they are: times of 2018 as numbers that
// JSON's own cannot hold in general, a histogram with a bucket too many, a key-value list without its envelope.
let stack: RunningStack;
beforeAll(async () => {
  stack = await RunningStack.start({ settings: { retentionDays: 36_500 } });
});
afterAll(() => stack.stop());

const timeUnixNano = '1544712660300000000';
const timeSeconds = 1_544_712_660.3;
const around = { start: '1544712600000000000', end: '1544712720000000000' };

async function send(signal: string, example: string): Promise<unknown> {
  const response = await fetch(`${stack.otlpHttpUrl}/v1/${signal}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: readFileSync(new URL(example, import.meta.url)),
  });
  expect(response.status).toBe(200);
  return response.json();
}

test('trace.json', async () => {
  expect(await send('traces', 'trace.json')).toEqual({ partialSuccess: {} });
  const { resourceSpans } = await tempoTrace(stack.queryUrl, '5b8efff798038103d269b633813fc60c');
  expect(byKey(resourceSpans[0]?.resource.attributes)).toEqual({
    'service.name': { stringValue: 'my.service' },
  });
  expect(resourceSpans[0]?.scopeSpans[0]).toEqual({
    scope: {
      name: 'my.library',
      version: '1.0.0',
      attributes: [{ key: 'my.scope.attribute', value: { stringValue: 'some scope attribute' } }],
    },
    spans: [
      {
        traceId: base64('5B8EFFF798038103D269B633813FC60C'),
        spanId: base64('EEE19B7EC3C1B174'),
        parentSpanId: base64('EEE19B7EC3C1B173'),
        name: "I'm a server span",
        startTimeUnixNano: '1544712660000000000',
        endTimeUnixNano: '1544712661000000000',
        kind: 'SPAN_KIND_SERVER',
        attributes: [{ key: 'my.span.attr', value: { stringValue: 'some value' } }],
        status: {},
      },
    ],
  });
});

test('metrics.json', async () => {
  const answer = await send('metrics', 'metrics.json');
  expect(answer).toMatchObject({ partialSuccess: { rejectedDataPoints: '1' } });
  expect(JSON.stringify(answer)).toContain('bucket_counts_mismatch');
  const labels = { job: 'my.service', service_name: 'my.service' };
  expect(await prometheusSeries(stack.queryUrl, 'my_counter', timeSeconds)).toEqual([
    {
      metric: { __name__: 'my_counter', ...labels, my_counter_attr: 'some value' },
      value: [timeSeconds, '5'],
    },
  ]);
  expect(await prometheusSeries(stack.queryUrl, 'my_gauge_ratio', timeSeconds)).toEqual([
    {
      metric: { __name__: 'my_gauge_ratio', ...labels, my_gauge_attr: 'some value' },
      value: [timeSeconds, '10'],
    },
  ]);
});

test('logs.json', async () => {
  expect(await send('logs', 'logs.json')).toEqual({ partialSuccess: {} });
  const [line] = await lokiLines(stack.queryUrl, '{service_name="my.service"} |= "Example"', around);
  expect(line).toMatchObject({ timeUnixNano, line: 'Example log record' });
  expect(line?.structuredMetadata).toMatchObject({
    string_attribute: 'some string',
    boolean_attribute: 'true',
    int_attribute: '10',
    double_attribute: '637.704',
    array_attribute: '["many","values"]',
    trace_id: '5b8efff798038103d269b633813fc60c',
    span_id: 'eee19b7ec3c1b174',
    severity_text: 'Information',
  });
});

test('events.json', async () => {
  expect(await send('logs', 'events.json')).toEqual({ partialSuccess: {} });
  const [line] = await lokiLines(stack.queryUrl, '{service_name="my.service"} |= "GUID"', around);
  expect(line?.timeUnixNano).toBe(timeUnixNano);
  expect(JSON.parse(line?.line ?? '')).toEqual({
    type: 0,
    url: 'https://example.com/guid',
    referrer: 'https://example.com/search',
    title: 'Free Online GUID Generator',
  });
  expect(line?.structuredMetadata).toMatchObject({ event_name: 'browser.page_view', severity_number: '9' });
});

test('nothing but the histogram was rejected', async () => {
  const { signals, balanced } = await getJson<{
    balanced: boolean;
    signals: Readonly<Record<string, { readonly rejected: string }>>;
  }>(`${stack.queryUrl}/api/ledger`);
  expect(balanced).toBe(true);
  expect(Object.values(signals).map(({ rejected }) => rejected)).toEqual(['0', '1', '0']);
});

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
