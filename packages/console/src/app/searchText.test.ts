import { expect, test } from 'vitest';
import { listOf, parseSearch, stringifySearch, textOf } from './searchText.ts';

test('a state survives the address', () => {
  const state = { q: '{ .a = "b&c" }', where: ['span.x = 1', 'y != 2'], from: 'now-1h' };
  expect(parseSearch(stringifySearch(state))).toEqual(state);
});

test('numbers, booleans and brackets stay the text they are', () => {
  expect(parseSearch('?a=1&b=true&c=[1]')).toEqual({ a: '1', b: 'true', c: '[1]' });
});

test('empty fields leave no trace in the address', () => {
  expect(stringifySearch({ a: undefined, b: '', c: [] })).toBe('');
});

test('fields are read as what the page expects', () => {
  expect(textOf({ a: ['x', 'y'] }, 'a')).toBeUndefined();
  expect(textOf({ a: 'x' }, 'a')).toBe('x');
  expect(listOf({ a: 'x' }, 'a')).toEqual(['x']);
  expect(listOf({}, 'a')).toBeUndefined();
});
