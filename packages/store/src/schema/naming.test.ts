import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  concat,
  double,
  doubleField,
  fixed64,
  fixed64Field,
  lengthDelimited,
  noKinds,
  stringField,
  varint,
  varintField,
} from '@maru/otlp';
import { defaultNaming, type SeriesNaming } from '@maru/otlp/prometheus';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore, type Store, sql } from '../index.ts';

let directory: string;
let store: Store | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-naming-'));
});
afterEach(async () => {
  await store?.close();
  rmSync(directory, { recursive: true, force: true });
});

function open(naming: Partial<SeriesNaming>): Store {
  store = openStore({
    directory: join(directory, 'engine'),
    memoryBytes: 512 * 1024 * 1024,
    naming: { ...defaultNaming, ...naming },
  });
  return store;
}

const timeNanos = 1_780_000_000_000_000_000n;
const attribute = (field: number, key: string, value: string): Uint8Array =>
  lengthDelimited(field, stringField(1, key), lengthDelimited(2, stringField(1, value)));

/** A counter of requests with the unit `{request}/s`, and a histogram of seconds with three observations. */
async function load(to: Store, token: string): Promise<void> {
  const point = lengthDelimited(
    1,
    fixed64Field(3, timeNanos),
    doubleField(4, 7),
    attribute(7, 'http.route', '/a'),
  );
  const counter = lengthDelimited(
    2,
    stringField(1, 'http.requests'),
    stringField(3, '{request}/s'),
    lengthDelimited(7, point, varintField(2, 2), varintField(3, 1)),
  );
  const observations = lengthDelimited(
    1,
    fixed64Field(3, timeNanos),
    fixed64Field(4, 3n),
    doubleField(5, 4.5),
    lengthDelimited(6, fixed64(1n), fixed64(0n), fixed64(2n)),
    lengthDelimited(7, double(0.5), double(1)),
    attribute(9, 'http.route', '/a'),
  );
  const histogram = lengthDelimited(
    2,
    stringField(1, 'http.duration'),
    stringField(3, 's'),
    lengthDelimited(9, observations, varintField(2, 2)),
  );
  const resource = lengthDelimited(1, attribute(1, 'service.name', 'api'), attribute(1, 'cloud.zone', 'b'));
  const message = concat(
    lengthDelimited(1, resource, lengthDelimited(2, counter, histogram)),
    fixed64Field(1001, timeNanos),
  );
  const path = join(directory, token);
  writeFileSync(path, concat(varint(message.length), message));
  await to.loader.load({ signal: 'metrics', path, token, kinds: { ...noKinds, number: 1, histogram: 1 } });
}

const seriesOf = (from: Store): Promise<readonly object[]> =>
  from.reader.rows(
    sql`SELECT prometheus_name AS name, labels FROM metric_series WHERE metric_type = 'sum' ORDER BY name`,
  );

test.each([
  [
    'UnderscoreEscapingWithSuffixes',
    'http_requests_per_second_total',
    { http_route: '/a', service_name: 'api' },
  ],
  ['UnderscoreEscapingWithoutSuffixes', 'http_requests', { http_route: '/a', service_name: 'api' }],
  [
    'NoUTF8EscapingWithSuffixes',
    'http.requests_per_second_total',
    { 'http.route': '/a', 'service.name': 'api' },
  ],
  ['NoTranslation', 'http.requests', { 'http.route': '/a', 'service.name': 'api' }],
] as const)('%s', async (strategy, name, labels) => {
  const to = open({ strategy });
  await load(to, 'one');
  expect(await seriesOf(to)).toEqual([{ name, labels: { job: 'api', ...labels } }]);
});

test('the promoted attributes are those of the setting, or none', async () => {
  const to = open({ promotedAttributes: ['cloud.zone'] });
  await load(to, 'one');
  expect(await seriesOf(to)).toMatchObject([{ labels: { cloud_zone: 'b', http_route: '/a', job: 'api' } }]);
  await to.close();
  const then = open({ promotedAttributes: [] });
  await load(then, 'two');
  const labels = [
    { cloud_zone: 'b', http_route: '/a', job: 'api' },
    { http_route: '/a', job: 'api' },
  ];
  expect(await seriesOf(then)).toEqual(
    expect.arrayContaining(labels.map((one) => ({ name: 'http_requests_per_second_total', labels: one }))),
  );
});

test('explicit histograms are native ones too when the setting says so, once however often they are loaded', async () => {
  const to = open({ explicitAsNative: true });
  await load(to, 'one');
  await load(to, 'one');
  const rows = await to.reader.rows(sql`
    SELECT DISTINCT prometheus_name AS name, labels['http_route'] AS route, count, sum, schema, positive_indexes AS indexes,
      positive_counts AS counts, custom_bounds AS bounds
    FROM native_histogram_points INNER JOIN metric_series USING (series_id)`);
  expect(rows).toEqual([
    {
      name: 'http_duration_seconds',
      route: '/a',
      count: 3,
      sum: 4.5,
      schema: -53,
      indexes: [0, 2],
      counts: [1, 2],
      bounds: [0.5, 1],
    },
  ]);
  const [points] = await to.reader.rows(sql`
    SELECT (SELECT count() FROM native_histogram_points) AS native, (SELECT count() FROM histogram_points) AS classic`);
  expect(points).toEqual({ native: '1', classic: '1' });
});
