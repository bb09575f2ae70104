import { expect, test } from 'vitest';
import { attributesOf, attributeText, valueText } from './attributes.ts';

test.each([
  [{ stringValue: 'x' }, 'x'],
  [{ stringValue: '' }, ''],
  [{ boolValue: false }, 'false'],
  [{ intValue: '9007199254740993' }, '9007199254740993'],
  [{ doubleValue: 0.5 }, '0.5'],
  [{ bytesValue: '/wA=' }, '0xff00'],
  [{ arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } }, '["a","1"]'],
  [{ kvlistValue: { values: [{ key: 'k', value: { boolValue: true } }] } }, '{"k":true}'],
  [{}, ''],
])('value %j is shown as %s', (value, expected) => {
  expect(valueText(value)).toBe(expected);
});

test('attributes are ordered by name and remember what was text', () => {
  const attributes = attributesOf([
    { key: 'b', value: { intValue: '1' } },
    { key: 'a', value: { stringValue: '1' } },
  ]);
  expect(attributes).toEqual([
    { key: 'a', text: '1', isText: true },
    { key: 'b', text: '1', isText: false },
  ]);
  expect(attributeText(attributes, 'b')).toBe('1');
  expect(attributeText(attributes, 'c')).toBeUndefined();
});
