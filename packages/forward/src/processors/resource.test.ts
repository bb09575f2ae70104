import { expect, test } from 'vitest';
import { processed, requestOf, resourceAttributes, span } from '../test-telemetry.ts';
import { fromEnvironment } from './resource.ts';

const request = requestOf([span()], { 'service.name': 'board', 'host.name': 'pod-1' });

test('attributes are added, and what is there stays', () => {
  const changed = processed('resource: {detect: [host], attributes: {cluster: aks-1}}', request);
  expect(resourceAttributes(changed)).toMatchObject({
    'service.name': 'board',
    'host.name': 'pod-1',
    cluster: 'aks-1',
    'os.type': 'linux',
  });
});

test('what is there is replaced where that is said', () => {
  const changed = processed('resource: {attributes: {host.name: x}, overwrite: true}', request);
  expect(resourceAttributes(changed)).toEqual({ 'service.name': 'board', 'host.name': 'x' });
});

test('OTEL_RESOURCE_ATTRIBUTES are pairs with percent-encoding', () => {
  expect(fromEnvironment({ OTEL_RESOURCE_ATTRIBUTES: 'a=1, b=%EA%B0%80,=x,c' })).toEqual({ a: '1', b: '가' });
});
