import { expect, test } from 'vitest';
import { listAddress, parseRoute } from './router.ts';

test.each([
  ['/', '', { page: 'list', number: 1, q: '' }],
  ['/', 'page=3&q=%EB%A7%88%EB%A3%A8', { page: 'list', number: 3, q: '마루' }],
  ['/', 'page=-1', { page: 'list', number: 1, q: '' }],
  ['/', 'page=rubbish', { page: 'list', number: 1, q: '' }],
  ['/messages/12', '', { page: 'message', id: 12 }],
  ['/messages/12/edit', '', { page: 'edit', id: 12 }],
  ['/messages/x', '', { page: 'unknown' }],
  ['/messages/1234567890123456', '', { page: 'unknown' }],
  ['/login', '', { page: 'login' }],
  ['/admin', '', { page: 'admin' }],
  ['/admin/', '', { page: 'unknown' }],
])('%s?%s is a route', (path, query, route) => {
  expect(parseRoute(path, query)).toEqual(route);
});

test('a list address says only what differs from the first page, and reads back', () => {
  expect(listAddress(1, '')).toBe('/');
  expect(listAddress(2, '')).toBe('/?page=2');
  const address = listAddress(2, 'a&b=c');
  expect(parseRoute('/', address.slice(2))).toEqual({ page: 'list', number: 2, q: 'a&b=c' });
});
