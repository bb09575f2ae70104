import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  gauge,
  pointAttributes,
  processed,
  requestOf,
  resourceAttributes,
  span,
  spanAttributes,
} from '../test-telemetry.ts';

const request = requestOf(
  [span({ attributes: { a: 'x', b: 2, 'http.header.cookie': 's', 'http.header.host': 'h' } })],
  {
    'service.name': 'board',
    'host.ip': '10.0.0.1',
  },
);

function after(yaml: string): Record<string, string> | undefined {
  return spanAttributes(processed(`attributes: ${yaml}`, request))[0];
}

test.each([
  ['{drop: [a, "http.header.*"]}', { b: '2' }],
  ['{drop: ["http.header.*", b], rename: {a: c}}', { c: 'x' }],
  ['{drop: ["http.header.*"], rename: {a: b}}', { b: 'x' }],
  ['{drop: ["http.header.*"], insert: {a: y, n: 1}}', { a: 'x', b: '2', n: '1' }],
  ['{drop: ["http.header.*"], update: {a: y, n: 1}}', { a: 'y', b: '2' }],
  ['{drop: ["http.header.*"], upsert: {a: true, n: 1.5}}', { a: 'true', b: '2', n: '1.5' }],
])('%s', (yaml, expected) => {
  expect(after(yaml)).toEqual(expected);
});

test('hashes cannot be looked up when there is a salt', () => {
  const hashed = after('{hash: [a, b], salt: pepper}');
  expect(hashed?.a).toBe(createHash('sha256').update('pepperx').digest('hex'));
  expect(hashed?.b).toBe(createHash('sha256').update('pepper2').digest('hex'));
});

test('resources are changed where that is said, and then they alone', () => {
  const changed = processed('attributes: {on: [resource], drop: [host.ip, a]}', request);
  expect(resourceAttributes(changed)).toEqual({ 'service.name': 'board' });
  expect(spanAttributes(changed)[0]?.a).toBe('x');
});

test('data points have attributes, too', () => {
  const metrics = requestOf([gauge('up', [{ job: 'a', pod: 'p-1' }, { job: 'b' }])]);
  const changed = processed('attributes: {drop: [pod], upsert: {env: test}}', metrics, 'metrics');
  expect(pointAttributes(changed)).toEqual([
    { job: 'a', env: 'test' },
    { job: 'b', env: 'test' },
  ]);
});
