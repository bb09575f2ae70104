import { describe, expect, test } from 'vitest';
import {
  gauge,
  itemsIn,
  logRecord,
  pointAttributes,
  processed,
  requestOf,
  span,
  spanNames,
  textIn,
} from '../test-telemetry.ts';

const spans = requestOf([
  span({ name: 'GET /healthz', attributes: { 'http.route': '/healthz', 'http.response.status_code': 200 } }),
  span({ name: 'POST /api/login', attributes: { 'http.response.status_code': 500 }, error: 'no database' }),
  span({ name: 'SELECT', kind: 3, attributes: { 'db.system': 'mariadb', slow: true, took: 1.5 } }),
]);

function left(condition: string): readonly string[] {
  return spanNames(processed(`filter: {spans: [${JSON.stringify(condition)}]}`, spans));
}

describe('a filter leaves out spans for which a condition holds', () => {
  test.each([
    ['name == "GET /healthz"', [1, 2]],
    ['span.name != "SELECT"', [2]],
    ['attributes["http.route"] == "/healthz"', [1, 2]],
    ['attributes["http.response.status_code"] >= 500', [0, 2]],
    ['attributes["http.response.status_code"] < 500 and kind == SPAN_KIND_SERVER', [1, 2]],
    ['kind == SPAN_KIND_CLIENT or status.code == STATUS_CODE_ERROR', [0]],
    ['not (kind == SPAN_KIND_CLIENT)', [2]],
    ['IsMatch(name, "^(GET|POST) /")', [2]],
    ['IsMatch(attributes["missing"], ".*")', [0, 1, 2]],
    ['attributes["missing"] == nil', []],
    ['attributes["db.system"] != nil', [0, 1]],
    ['attributes["slow"] == true', [0, 1]],
    ['attributes["took"] > 1', [0, 1]],
    ['resource.attributes["service.name"] == "board"', []],
    ['resource.attributes["service.name"] == "other"', [0, 1, 2]],
    ['instrumentation_scope.name == "test" and status.message == "no database"', [0, 2]],
    ['trace_id.string == "0102030405060708090a0b0c0d0e0f10"', []],
    ['end_time_unix_nano < start_time_unix_nano', [0, 1, 2]],
    ['attributes["http.response.status_code"] == "500"', [0, 1, 2]],
    ['IsRootSpan()', []],
    ['not IsRootSpan()', [0, 1, 2]],
    ['false', [0, 1, 2]],
  ])('%s', (condition, expected) => {
    const names = ['GET /healthz', 'POST /api/login', 'SELECT'];
    expect(left(condition)).toEqual(expected.map((index) => names[index]));
  });

  test('a request without a hit is not written anew', () => {
    expect(processed('filter: {spans: ["name == \\"none\\""]}', spans)).toEqual(Buffer.from(spans));
  });
});

describe('a condition that cannot be read is refused with its place', () => {
  test.each([
    ['name = "x"', 'at its character 6: "=" has no meaning here'],
    ['name == ', 'at its character 9: a path or a value is expected here'],
    ['name == "x" name', 'at its character 13: "name" is not expected here'],
    [
      'IsString(name)',
      'at its character 1: the function IsString is not supported; IsMatch(path, "pattern") and IsRootSpan() are',
    ],
    ['IsMatch(name, "(")', 'at its character 15: this is no RE2 pattern'],
    ['IsMatch(name, "(?=x)")', 'at its character 15: this is no RE2 pattern'],
    ['body == "x"', 'at its character 1: there is no body of a span here: there are'],
    ['Len(name) > 3', 'at its character 1: the function Len is not supported'],
    ['attributes["a"]["b"] == 1', 'keys within values are not supported'],
    ['name', 'a comparison such as == "text" is expected here'],
  ])('%s', (condition, sentence) => {
    expect(() => left(condition)).toThrow(sentence);
  });
});

test('log records are filtered by body, severity and attributes', () => {
  const logs = requestOf([
    logRecord('debug noise', {}, 5),
    logRecord('관리자 로그인 성공', { user: 'admin' }, 9),
  ]);
  const filtered = processed('filter: {logs: ["severity_number < SEVERITY_NUMBER_INFO"]}', logs, 'logs');
  expect(itemsIn(filtered).map((item) => textIn(item, 5))).toEqual([
    expect.stringContaining('관리자 로그인 성공'),
  ]);
  expect(itemsIn(processed('filter: {logs: ["IsMatch(body, \\"로그인\\")"]}', logs, 'logs'))).toHaveLength(1);
});

test('metrics are filtered whole, and point by point', () => {
  const metrics = requestOf([gauge('up', [{ job: 'a' }, { job: 'b' }]), gauge('down', [{ job: 'a' }])]);
  const without = processed('filter: {metrics: ["name == \\"down\\""]}', metrics, 'metrics');
  expect(pointAttributes(without)).toEqual([{ job: 'a' }, { job: 'b' }]);
  const points = processed(
    'filter: {datapoints: ["attributes[\\"job\\"] == \\"a\\" and metric.type == METRIC_DATA_TYPE_GAUGE"]}',
    metrics,
    'metrics',
  );
  expect(pointAttributes(points)).toEqual([{ job: 'b' }]);
  expect(itemsIn(points)).toHaveLength(1);
});
