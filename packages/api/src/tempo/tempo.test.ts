import { caseEpochNanos, encodeSpans, openTestStore, readSpans, type TestStore } from '@maru/testkit/queries';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ServedApi, serveApi } from '../served-api.fixture.ts';

const traces = `
  trace 1
    web server "GET /" @0ms +120ms span.http.route="/" span.code=200 span.load=0.5 span.ok=true span.big=9007199254740993
      api client "query" @10ms +50ms span.list=["a",1,1.5,{"k":null}] scope="mysql" version="2.1" scope.lang="js" resource.pod="a"
  trace a2
    web server "POST /login" @1000ms +700ms status="error" message="no" event="exception" event.attempt=2 link="1" link.x="y"
    late internal "orphan" @1100ms +1ms parent="00000000000000ff"`;

const start = Number(caseEpochNanos / 1_000_000_000n);
const window = `start=${start}&end=${start + 60}`;

let opened: TestStore;
let api: ServedApi;

beforeAll(async () => {
  opened = openTestStore();
  await opened.load('traces', encodeSpans(readSpans(traces.split('\n').slice(1))));
  api = await serveApi(opened.store.reader);
});

afterAll(async () => {
  await api.close();
  await opened.close();
});

test.each(['', '/tempo'])('%s/api/echo answers', async (prefix) => {
  expect(await api.text(`${prefix}/api/echo`)).toEqual({ status: 200, body: 'echo' });
});

test('a trace as JSON: ids in base64, enums by name, 64-bit numbers as strings, every type kept', async () => {
  const { status, body } = await api.json('/api/v2/traces/1');
  expect(status).toBe(200);
  const id = Buffer.from('1'.padStart(32, '0'), 'hex').toString('base64');
  const spanId = (number: number): string =>
    Buffer.from(`${number}`.padStart(16, '0'), 'hex').toString('base64');
  expect(body).toEqual({
    trace: {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'web' } }] },
          scopeSpans: [
            {
              scope: {},
              spans: [
                {
                  traceId: id,
                  spanId: spanId(1),
                  name: 'GET /',
                  kind: 'SPAN_KIND_SERVER',
                  startTimeUnixNano: String(caseEpochNanos),
                  endTimeUnixNano: String(caseEpochNanos + 120_000_000n),
                  attributes: [
                    { key: 'http.route', value: { stringValue: '/' } },
                    { key: 'code', value: { intValue: '200' } },
                    { key: 'big', value: { intValue: '9007199254740993' } },
                    { key: 'load', value: { doubleValue: 0.5 } },
                    { key: 'ok', value: { boolValue: true } },
                  ],
                  status: {},
                },
              ],
            },
          ],
        },
        {
          resource: {
            attributes: [
              { key: 'service.name', value: { stringValue: 'api' } },
              { key: 'pod', value: { stringValue: 'a' } },
            ],
          },
          scopeSpans: [
            {
              scope: {
                name: 'mysql',
                version: '2.1',
                attributes: [{ key: 'lang', value: { stringValue: 'js' } }],
              },
              spans: [
                {
                  traceId: id,
                  spanId: spanId(2),
                  parentSpanId: spanId(1),
                  name: 'query',
                  kind: 'SPAN_KIND_CLIENT',
                  startTimeUnixNano: String(caseEpochNanos + 10_000_000n),
                  endTimeUnixNano: String(caseEpochNanos + 60_000_000n),
                  attributes: [
                    {
                      key: 'list',
                      value: {
                        arrayValue: {
                          values: [
                            { stringValue: 'a' },
                            { intValue: '1' },
                            { doubleValue: 1.5 },
                            { kvlistValue: { values: [{ key: 'k', value: {} }] } },
                          ],
                        },
                      },
                    },
                  ],
                  status: {},
                },
              ],
            },
          ],
        },
      ],
    },
    metrics: {},
  });
});

test('errors, events and links are in the trace', async () => {
  const { body } = await api.json('/api/traces/00000000000000000000000000000A2');
  const span = body.batches[0].scopeSpans[0].spans[0];
  expect(span.status).toEqual({ code: 'STATUS_CODE_ERROR', message: 'no' });
  expect(span.events).toEqual([
    {
      timeUnixNano: String(caseEpochNanos + 1_001_000_000n),
      name: 'exception',
      attributes: [{ key: 'attempt', value: { intValue: '2' } }],
    },
  ]);
  expect(span.links).toEqual([
    {
      traceId: Buffer.from('1'.padStart(32, '0'), 'hex').toString('base64'),
      spanId: Buffer.from('00000000000000aa', 'hex').toString('base64'),
      attributes: [{ key: 'x', value: { stringValue: 'y' } }],
    },
  ]);
});

test('a trace as protobuf is what was sent, with the submessages that Grafana needs', async () => {
  const response = await api.fetch('/api/v2/traces/1', { headers: { accept: 'application/protobuf' } });
  expect(response.headers.get('content-type')).toBe('application/protobuf');
  const bytes = Buffer.from(await response.arrayBuffer());
  const trace = fields(bytes).find((field) => field.number === 1);
  const resourceSpans = fields(trace?.bytes ?? Buffer.alloc(0));
  expect(resourceSpans).toHaveLength(2);
  const [resource, scopeSpans] = fields(resourceSpans[0]?.bytes ?? Buffer.alloc(0));
  expect(resource?.number).toBe(1);
  expect(resource?.bytes.includes('service.name')).toBe(true);
  const [scope, span] = fields(scopeSpans?.bytes ?? Buffer.alloc(0));
  expect([scope?.number, scope?.bytes.length]).toEqual([1, 0]);
  const ofSpan = fields(span?.bytes ?? Buffer.alloc(0));
  expect(ofSpan.find((field) => field.number === 5)?.bytes.toString()).toBe('GET /');
  expect(ofSpan.find((field) => field.number === 15)?.bytes.length).toBe(0);
  expect(ofSpan.find((field) => field.number === 7)?.bytes.readBigUInt64LE()).toBe(caseEpochNanos);
  expect(ofSpan.filter((field) => field.number === 9)).toHaveLength(5);
});

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
}

/** The fields of a message, one level deep. */
function fields(message: Buffer): readonly Field[] {
  const found: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at] ?? 0;
      at += 1;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  const take = (length: number): Buffer => {
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const wire = key & 7;
    const value =
      wire === 2 ? take(varint()) : wire === 1 ? take(8) : wire === 5 ? take(4) : Buffer.from([varint()]);
    found.push({ number: key >>> 3, bytes: value });
  }
  return found;
}

test('a trace that is not there: 200 and empty, or 404 from the first version', async () => {
  expect(await api.json('/api/v2/traces/ff')).toEqual({
    status: 200,
    body: { trace: { resourceSpans: [] }, metrics: {} },
  });
  expect(await api.text('/api/traces/ff')).toEqual({ status: 404, body: '' });
});

test.each(['xyz', '123456789012345678901234567890123', '1%27'])('trace id %s is refused', async (id) => {
  const { status, body } = await api.text(`/api/v2/traces/${id}`);
  expect(status).toBe(400);
  expect(body).toContain('is not 1 to 32 hexadecimal digits');
});

test('a search gives exactly the fields that Grafana knows', async () => {
  const query = encodeURIComponent(
    '{ resource.service.name = "web" && span.code >= 200 && span.load != nil && kind = server }',
  );
  const { status, body } = await api.json(`/api/search?q=${query}&limit=5&${window}`);
  const spanSet = {
    spans: [
      {
        spanID: '0000000000000001',
        name: 'GET /',
        startTimeUnixNano: String(caseEpochNanos),
        durationNanos: '120000000',
        attributes: [
          { key: 'service.name', value: { stringValue: 'web' } },
          { key: 'code', value: { intValue: '200' } },
          { key: 'load', value: { doubleValue: 0.5 } },
          { key: 'kind', value: { stringValue: 'server' } },
        ],
      },
    ],
    matched: 1,
  };
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      traces: [
        {
          traceID: '1',
          rootServiceName: 'web',
          rootTraceName: 'GET /',
          startTimeUnixNano: String(caseEpochNanos),
          durationMs: 120,
          spanSet,
          spanSets: [spanSet],
          serviceStats: { web: { spanCount: 1 }, api: { spanCount: 1 } },
        },
      ],
      metrics: { completedJobs: 1, totalJobs: 1 },
    },
  });
});

test('newest first, limited, with all matches counted', async () => {
  const { body } = await api.json(`/api/search?q={}&spss=1&${window}`);
  expect(body.traces.map((trace: { traceID: string }) => trace.traceID)).toEqual(['a2', '1']);
  expect(
    body.traces.map((trace: { spanSet: { matched: number; spans: object[] } }) => [
      trace.spanSet.matched,
      trace.spanSet.spans.length,
    ]),
  ).toEqual([
    [2, 1],
    [2, 1],
  ]);
  expect((await api.json(`/api/search?limit=1&${window}`)).body.traces).toHaveLength(1);
  expect(body.traces[0].serviceStats).toEqual({
    web: { spanCount: 1, errorCount: 1 },
    late: { spanCount: 1 },
  });
});

test.each([
  ['tags=http.route%3D%2F', ['1']],
  ['tags=code%3D200%20ok%3Dtrue', ['1']],
  ['tags=name%3D%22post%20%22', ['a2']],
  ['tags=error%3Dtrue', ['a2']],
  ['minDuration=500ms', ['a2']],
  ['minDuration=1ms&maxDuration=200ms', ['1']],
  [`tags=${encodeURIComponent(`http.route="' OR 1=1 --"`)}`, []],
])('search by %s', async (parameters, expected) => {
  const { body } = await api.json(`/api/search?${parameters}&${window}`);
  expect(body.traces.map((trace: { traceID: string }) => trace.traceID)).toEqual(expected);
});

test.each([
  ['q={&', 'invalid TraceQL query: parse error at line 1, col 2'],
  ['q={}&limit=0&', 'cannot read parameter limit from "0"'],
  ['q={}&spss=x&', 'cannot read parameter spss from "x"'],
  ['q={}&tags=a=b&', 'q and tags cannot be used together'],
  ['tags=%22&', 'cannot read tags from'],
  ['minDuration=soon&', 'cannot read minDuration from "soon"'],
])('a bad search is 400 in plain text: %s', async (parameters, message) => {
  const { status, body } = await api.text(`/api/search?${parameters}${window}`);
  expect(status).toBe(400);
  expect(body).toContain(message);
  expect(body).not.toContain('\n');
});

test('an empty range is 400', async () => {
  const { status, body } = await api.text(`/api/search?q={}&start=${start}&end=${start}`);
  expect([status, body]).toEqual([400, `the range is empty: end (${start}) must be after start (${start})`]);
});

test('tag names by scope, in the range', async () => {
  const { body } = await api.json(`/api/v2/search/tags?${window}`);
  const byScope = Object.fromEntries(
    body.scopes.map(({ name, tags }: { name: string; tags: string[] }) => [name, tags]),
  );
  expect(byScope).toEqual({
    resource: ['pod', 'service.name'],
    span: ['big', 'code', 'http.route', 'list', 'load', 'ok'],
    event: ['attempt'],
    link: ['x'],
    instrumentation: ['lang'],
    intrinsic: expect.arrayContaining(['duration', 'trace:id', 'span:kind']),
  });
  expect((await api.json(`/api/v2/search/tags?scope=resource&limit=1&${window}`)).body).toEqual({
    scopes: [{ name: 'resource', tags: ['pod'] }],
    metrics: {},
  });
  expect((await api.json(`/api/v2/search/tags?scope=event&start=1000&end=2000`)).body.scopes).toEqual([]);
  expect((await api.json(`/api/search/tags?scope=span&${window}`)).body).toEqual({
    tagNames: ['big', 'code', 'http.route', 'list', 'load', 'ok'],
  });
  expect((await api.text('/api/v2/search/tags?scope=all')).status).toBe(400);
});

test('tag names of filtered spans; an unfinished filter counts as far as it is finished', async () => {
  const spanTags = async (q: string): Promise<readonly string[]> => {
    const { body } = await api.json(`/api/v2/search/tags?scope=span&q=${encodeURIComponent(q)}&${window}`);
    return body.scopes[0]?.tags;
  };
  const all = ['big', 'code', 'http.route', 'list', 'load', 'ok'];
  expect(await spanTags('{ kind = client }')).toEqual(['list']);
  expect(await spanTags('{ kind = client && span.foo = }')).toEqual(['list']);
  expect(await spanTags('{ kind = client && span.foo = "ba')).toEqual(['list']);
  expect(await spanTags('{ kind = }')).toEqual(all);
  expect(await spanTags('{{{ #')).toEqual(all);
});

test.each([
  [
    'resource.service.name',
    [
      ['string', 'api'],
      ['string', 'late'],
      ['string', 'web'],
    ],
  ],
  ['.http.route', [['string', '/']]],
  ['span.code', [['int', '200']]],
  ['span.load', [['float', '0.5']]],
  ['span.ok', [['bool', 'true']]],
  ['.pod', [['string', 'a']]],
  [
    'name',
    [
      ['string', 'GET /'],
      ['string', 'POST /login'],
      ['string', 'orphan'],
      ['string', 'query'],
    ],
  ],
  [
    'rootName',
    [
      ['string', 'GET /'],
      ['string', 'POST /login'],
    ],
  ],
  ['event:name', [['string', 'exception']]],
  ['event.attempt', [['float', '2']]],
  [
    'status',
    [
      ['keyword', 'ok'],
      ['keyword', 'error'],
      ['keyword', 'unset'],
    ],
  ],
  ['duration', []],
  ['span.absent', []],
  [`span."' OR 1=1 --"`, []],
])('values of %s', async (tag, expected) => {
  const { body } = await api.json(`/api/v2/search/tag/${encodeURIComponent(tag)}/values?${window}&tag=`);
  expect(body).toEqual({ tagValues: expected.map(([type, value]) => ({ type, value })), metrics: {} });
});

test('values: filtered, limited, the first version, and a name that is none', async () => {
  const values = '/api/v2/search/tag/resource.service.name/values';
  expect(
    (await api.json(`${values}?q=${encodeURIComponent('{ kind = client }')}&${window}`)).body.tagValues,
  ).toEqual([{ type: 'string', value: 'api' }]);
  expect((await api.json(`${values}?limit=1&${window}`)).body.tagValues).toHaveLength(1);
  expect((await api.json(`/api/search/tag/service.name/values?${window}`)).body).toEqual({
    tagValues: ['api', 'late', 'web'],
  });
  expect((await api.text('/api/v2/search/tag/nonsense/values')).status).toBe(400);
  expect((await api.text('/api/v2/search/tag/a/b')).status).toBe(404);
});
