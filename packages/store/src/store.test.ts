import { writeFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import {
  concat,
  double,
  fixed64,
  fixed64Field,
  lengthDelimited,
  stringField,
  varint,
  varintField,
} from '@maru/otlp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenedForm, storeForms } from '../test/store-forms.ts';
import { ReadError, type Segment, type SegmentKinds, type Store, sql } from './index.ts';
import { pointStatement } from './load/statements.ts';

let directory: string;
let store: Store;
let form: OpenedForm;

const noKinds: SegmentKinds = {
  number: 0,
  histogram: 0,
  exponentialHistogram: 0,
  summary: 0,
  exemplars: 0,
  nativeHistogram: 0,
};
const now = 1_780_000_000_000_000_000n;

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return concat(...parts);
}

/** A segment file of length-delimited requests. */
function segment(
  signal: Segment['signal'],
  name: string,
  requests: readonly Uint8Array[],
  kinds = noKinds,
): Segment {
  const path = joinPath(directory, name);
  const messages = requests.map((request) => joined([request, fixed64Field(1001, now)]));
  writeFileSync(path, joined(messages.flatMap((message) => [varint(message.length), message])));
  return { signal, path, token: `${signal}/${name}`, kinds };
}

type Value = string | number | bigint | boolean | { readonly json: string } | null;

function anyValue(value: Value): Uint8Array {
  if (value === null) return new Uint8Array();
  if (typeof value === 'string') return stringField(1, value);
  if (typeof value === 'boolean') return varintField(2, value ? 1 : 0);
  if (typeof value === 'bigint') return varintField(3, value);
  if (typeof value === 'number') return joined([Uint8Array.of((4 << 3) | 1), double(value)]);
  return stringField(15, value.json);
}

function attributes(field: number, values: Readonly<Record<string, Value>>): Uint8Array {
  return joined(
    Object.entries(values).map(([key, value]) =>
      lengthDelimited(field, joined([stringField(1, key), lengthDelimited(2, anyValue(value))])),
    ),
  );
}

/** Export request of one resource and one scope. */
function request(resource: Readonly<Record<string, Value>>, items: readonly Uint8Array[]): Uint8Array {
  const scope = lengthDelimited(
    1,
    joined([stringField(1, 'scope'), stringField(2, '1.0'), attributes(3, { s: true })]),
  );
  const scoped = joined([scope, ...items.map((item) => lengthDelimited(2, item))]);
  const parent = joined([lengthDelimited(1, attributes(1, resource)), lengthDelimited(2, scoped)]);
  return lengthDelimited(1, parent);
}

function span(spanId: number, startNanos: bigint, values: Readonly<Record<string, Value>> = {}): Uint8Array {
  return joined([
    lengthDelimited(1, new Uint8Array(16).fill(7)),
    lengthDelimited(2, new Uint8Array(8).fill(spanId)),
    stringField(5, `span ${spanId}`),
    varintField(6, 2),
    fixed64Field(7, startNanos),
    fixed64Field(8, startNanos + 1_500n),
    attributes(9, values),
    lengthDelimited(
      11,
      joined([fixed64Field(1, startNanos), stringField(2, 'event'), attributes(3, { a: 'x', n: 1n })]),
    ),
  ]);
}

describe.each(storeForms)('%s', (_, open) => {
  beforeAll(async () => {
    form = await open();
    ({ directory, store } = form);
  }, 60_000);

  afterAll(() => form.close());

  test('every attribute type survives, also "", 0 and false', async () => {
    const values: Readonly<Record<string, Value>> = {
      text: 'x',
      empty: '',
      zero: 0n,
      large: 9_007_199_254_740_993n,
      half: 0.5,
      whole: 0,
      no: false,
      list: { json: '["a",1]' },
      absent: null,
    };
    await store.loader.load(
      segment('traces', 'types', [request({ 'service.name': 'types' }, [span(1, now, values)])]),
    );
    const rows = await store.reader.rows<Record<string, unknown>>(sql`
    SELECT attributes_string, attributes_int, attributes_double, attributes_bool, attributes_other, duration_nano, kind,
      \`events.attributes\` AS events, scope_attributes, toString(start_time) AS start_time
    FROM spans WHERE service_name = 'types'`);
    expect(rows).toEqual([
      {
        attributes_string: { text: 'x', empty: '' },
        attributes_int: { zero: '0', large: '9007199254740993' },
        attributes_double: { half: 0.5, whole: 0 },
        attributes_bool: { no: false },
        attributes_other: { list: '["a",1]', absent: '' },
        duration_nano: '1500',
        kind: 'server',
        events: [{ a: '"x"', n: '1' }],
        scope_attributes: { s: 'true' },
        start_time: '2026-05-28 20:26:40.000000000',
      },
    ]);
  });

  test('a resource is one row whatever the order of its attributes, and its spans carry its id', async () => {
    const one = request({ 'service.name': 'order', a: 'x', b: 1n }, [span(1, now)]);
    const other = request({ b: 1n, a: 'x', 'service.name': 'order' }, [span(2, now)]);
    await store.loader.load(segment('traces', 'order', [one, other]));
    const rows = await store.reader.rows(sql`
    SELECT uniqExact(resource_id) AS ids, countIf(resource_id IN (SELECT resource_id FROM resources)) AS known
    FROM spans WHERE service_name = 'order'`);
    expect(rows).toEqual([{ ids: '1', known: '2' }]);
  });

  test('loading a segment again adds nothing, with many blocks and several days in it', async () => {
    const day = 86_400_000_000_000n;
    const requests = Array.from({ length: 40 }, (_, index) =>
      request(
        { 'service.name': 'again' },
        Array.from({ length: 500 }, (_, spanIndex) => span(spanIndex % 256, now - BigInt(index % 4) * day)),
      ),
    );
    const again = segment('traces', 'again', requests);
    await store.loader.load(again);
    await store.loader.load(again);
    expect(await count('spans', 'again')).toBe(20_000);
  });

  test('a segment that the engine refuses leaves nothing behind', async () => {
    const bad = joined([
      lengthDelimited(1, new Uint8Array(17)),
      lengthDelimited(2, new Uint8Array(8).fill(1)),
    ]);
    const refused = segment('traces', 'refused', [
      request({ 'service.name': 'refused' }, [span(1, now)]),
      request({ 'service.name': 'refused' }, [bad]),
    ]);
    await expect(store.loader.load(refused)).rejects.toThrow(/FixedString/);
    expect(await count('spans', 'refused')).toBe(0);
  });

  test('logs keep time, body and type, and take the observed or the received time when they have none', async () => {
    const record = (time: bigint, observed: bigint, body: Value): Uint8Array =>
      joined([
        fixed64Field(1, time),
        varintField(2, 9),
        lengthDelimited(5, anyValue(body)),
        fixed64Field(11, observed),
      ]);
    const records = [
      record(now, 0n, '관리자 로그인 성공'),
      record(0n, now + 1_000_000_000n, { json: '{"k":1}' }),
      record(0n, 0n, 12n),
    ];
    await store.loader.load(segment('logs', 'bodies', [request({ 'service.name': 'bodies' }, records)]));
    const rows = await store.reader.rows(sql`
    SELECT body, body_type, toUnixTimestamp64Nano(time) AS time FROM logs WHERE service_name = 'bodies' ORDER BY body`);
    expect(rows).toEqual([
      { body: '12', body_type: 'int_value', time: String(now) },
      { body: '{"k":1}', body_type: 'json_value', time: String(now + 1_000_000_000n) },
      { body: '관리자 로그인 성공', body_type: 'string_value', time: String(now) },
    ]);
  });

  test('metrics of every kind have their place, their series and their Prometheus names', async () => {
    const point = (value: Uint8Array): Uint8Array =>
      joined([attributes(7, { 'http.route': '/a' }), fixed64Field(3, now), value]);
    const histogram = joined([
      attributes(9, { 'http.route': '/a' }),
      fixed64Field(3, now),
      fixed64Field(4, 3n),
      lengthDelimited(6, joined([fixed64(1n), fixed64(2n)])),
      lengthDelimited(7, double(0.5)),
    ]);
    const exponential = joined([
      fixed64Field(3, now),
      fixed64Field(4, 3n),
      varintField(6, 3),
      lengthDelimited(8, joined([varintField(1, 5), lengthDelimited(2, Uint8Array.of(1, 2))])),
    ]);
    const summary = joined([fixed64Field(3, now), fixed64Field(4, 2n)]);
    const metric = (
      name: string,
      unit: string,
      field: number,
      points: Uint8Array,
      extra: Uint8Array = new Uint8Array(),
    ): Uint8Array =>
      joined([
        stringField(1, name),
        stringField(3, unit),
        lengthDelimited(field, joined([lengthDelimited(1, points), extra])),
      ]);
    const cumulative = varintField(2, 2);
    const metrics = [
      metric('queue.size', '{item}', 5, point(joined([Uint8Array.of((4 << 3) | 1), double(1.5)]))),
      metric('requests', '1', 7, point(fixed64Field(6, 7n)), joined([cumulative, varintField(3, 1)])),
      metric('http.server.request.duration', 's', 9, histogram, cumulative),
      metric('sizes', 'By', 10, exponential, cumulative),
      metric('old', 'ms', 11, summary),
    ];
    const kinds = { ...noKinds, number: 2, histogram: 1, exponentialHistogram: 1, summary: 1 };
    const resource = {
      'service.name': 'kinds',
      'service.namespace': 'shop',
      'k8s.pod.name': 'p',
      other: 'y',
    };
    await store.loader.load(segment('metrics', 'kinds', [request(resource, metrics)], kinds));
    const rows = await store.reader.rows(sql`
    SELECT prometheus_name, toString(metric_type) AS type, labels, explicit_bounds FROM metric_series
    WHERE service_name = 'kinds' ORDER BY prometheus_name`);
    const labels = { job: 'shop/kinds', k8s_pod_name: 'p', service_name: 'kinds', service_namespace: 'shop' };
    const routed = { http_route: '/a', ...labels };
    expect(rows).toEqual([
      {
        prometheus_name: 'http_server_request_duration_seconds',
        type: 'histogram',
        labels: routed,
        explicit_bounds: [0.5],
      },
      { prometheus_name: 'old_milliseconds', type: 'summary', labels, explicit_bounds: [] },
      { prometheus_name: 'queue_size', type: 'gauge', labels: routed, explicit_bounds: [] },
      { prometheus_name: 'requests_total', type: 'sum', labels: routed, explicit_bounds: [] },
      { prometheus_name: 'sizes_bytes', type: 'exponential_histogram', labels, explicit_bounds: [] },
    ]);
    const counts = await store.reader.rows(sql`
    WITH ids AS (SELECT series_id FROM metric_series WHERE service_name = 'kinds')
    SELECT
      (SELECT count() FROM number_points WHERE series_id IN ids) AS number,
      (SELECT count() FROM histogram_points WHERE series_id IN ids AND bucket_counts = [1, 2]) AS histogram,
      (SELECT count() FROM exponential_histogram_points WHERE series_id IN ids AND positive_offset = -3) AS exponential,
      (SELECT count() FROM summary_points WHERE series_id IN ids) AS summary`);
    expect(counts).toEqual([{ number: '2', histogram: '1', exponential: '1', summary: '1' }]);
  });

  test('series are written when a crash came between them and their points', async () => {
    const point = joined([fixed64Field(3, now), fixed64Field(6, 7n)]);
    const metric = joined([stringField(1, 'cut_short'), lengthDelimited(5, lengthDelimited(1, point))]);
    const cut = segment('metrics', 'cut', [request({ 'service.name': 'cut' }, [metric])], {
      ...noKinds,
      number: 1,
    });
    await form.insertAlone(pointStatement('number'), cut);
    await store.loader.load(cut);
    const rows = await store.reader.rows(sql`
    SELECT count() AS points, uniqExact(series_id) AS series FROM number_points
    WHERE series_id IN (SELECT series_id FROM metric_series WHERE service_name = 'cut')`);
    expect(rows).toEqual([{ points: '1', series: '1' }]);
  });

  test('days before one are dropped, of every table that is kept by day, and no later ones', async () => {
    const day = 86_400_000_000_000n;
    const spans = [0n, 1n, 2n].map((back) => span(Number(back), now - back * day));
    await store.loader.load(segment('traces', 'days', [request({ 'service.name': 'days' }, spans)]));
    const dropped = await store.dropDaysBefore(20260527);
    expect(dropped).toContain('spans/20260526');
    expect(dropped.every((one) => Number(one.split('/')[1]) < 20260527)).toBe(true);
    expect(await count('spans', 'days')).toBe(2);
    expect(await store.dropDaysBefore(20260527)).toEqual([]);
  });

  test('rows are deleted by a condition, also one that asks another table', async () => {
    const requests = ['kept', 'deleted'].map((name) => request({ 'service.name': name }, [span(1, now)]));
    await store.loader.load(segment('traces', 'deletion', requests));
    await store.deleteRows(
      'spans',
      sql`resource_id IN (SELECT resource_id FROM resources WHERE service_name = 'deleted')`,
    );
    expect([await count('spans', 'kept'), await count('spans', 'deleted')]).toEqual([1, 0]);
  });

  test('a database of its own holds what is loaded into it, and nothing else sees it', async () => {
    const other = await store.database('tenant_other');
    await other.loader.load(
      segment('traces', 'apart', [request({ 'service.name': 'apart' }, [span(1, now)])]),
    );
    const query = sql`SELECT count() AS n FROM spans WHERE service_name = 'apart'`;
    expect(await other.reader.rows(query)).toEqual([{ n: '1' }]);
    expect(await store.reader.rows(query)).toEqual([{ n: '0' }]);
  });

  test('columns come as typed arrays over many blocks', async () => {
    const result = await store.reader.columns(sql`
    SELECT number % 3 AS key, groupArray(toFloat64(number)) AS items, any(toInt64(number)) AS first, toString(key) AS text,
      toFixedString('ab', 4) AS fixed, map('k', toUInt8(1)) AS pairs, toNullable(toFloat64(key)) AS maybe
    FROM numbers(200000) GROUP BY key ORDER BY key`);
    expect(result.rowCount).toBe(3);
    expect(result.column('key')).toMatchObject({ kind: 'small', values: Uint8Array.of(0, 1, 2) });
    expect(result.column('text')).toEqual({ kind: 'string', values: ['0', '1', '2'] });
    expect(result.column('fixed')).toMatchObject({ kind: 'bytes', width: 4 });
    const items = result.column('items');
    expect(items.kind === 'array' && items.offsets).toEqual(BigUint64Array.of(66_667n, 133_334n, 200_000n));
    const wide = (await store.reader.columns(sql`SELECT number FROM numbers(200000)`)).column('number');
    expect(wide.kind === 'uint' && wide.values.every((value, index) => value === BigInt(index))).toBe(true);
  });

  test('reading sessions can neither write, nor read files, nor loosen themselves', async () => {
    const forbidden = [
      sql`INSERT INTO resources (resource_id) VALUES (1)`,
      sql`SELECT * FROM file('/etc/passwd', 'LineAsString', 'line String')`,
      sql`SELECT * FROM url('http://127.0.0.1:1/', 'LineAsString', 'line String')`,
      sql`SET readonly = 0`,
      sql`DROP TABLE spans`,
      sql`SELECT 1 SETTINGS max_execution_time = 0`,
    ];
    for (const statement of forbidden) {
      await expect(store.reader.rows(statement), statement.text).rejects.toBeInstanceOf(ReadError);
    }
  });

  test('a query that outlives its limit or its client ends in the engine', async () => {
    const long = sql`SELECT sum(sipHash64(number)) AS s FROM numbers(100000000000)`;
    await expect(store.reader.rows(long, { maxSeconds: 0.3 })).rejects.toMatchObject({ kind: 'timeout' });
    const controller = new AbortController();
    const left = store.reader.rows(long, { signal: controller.signal });
    setTimeout(() => controller.abort(), 100);
    await expect(left).rejects.toMatchObject({ kind: 'cancelled' });
    const running = (): Promise<unknown> =>
      store.reader.rows(sql`
        SELECT query FROM system.processes WHERE query LIKE '%100000000000%' AND query NOT LIKE '%processes%'`);
    await expect.poll(running, { timeout: 30_000 }).toEqual([]);
  });

  test('a look-up does not wait behind scans', async () => {
    const controller = new AbortController();
    const long = sql`SELECT sum(sipHash64(number)) AS s FROM numbers(100000000000)`;
    const scans = Array.from({ length: 5 }, () =>
      store.reader.rows(long, { signal: controller.signal }).catch((error: unknown) => error),
    );
    const found = await store.reader.rows(sql`SELECT 1 AS one`, { lane: 'lookup' });
    controller.abort();
    expect(found).toEqual([{ one: 1 }]);
    for (const outcome of await Promise.all(scans)) expect(outcome).toMatchObject({ kind: 'cancelled' });
  });
});

async function count(table: 'spans' | 'logs', service: string): Promise<number> {
  const query =
    table === 'spans'
      ? sql`SELECT count() AS n FROM spans WHERE service_name = ${service}`
      : sql`SELECT count() AS n FROM logs WHERE service_name = ${service}`;
  const rows = await store.reader.rows<{ n: string }>(query);
  return Number(rows[0]?.n);
}
