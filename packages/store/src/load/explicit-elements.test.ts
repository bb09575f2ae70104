import { expect, test } from 'vitest';
import { explicitElements } from './explicit-elements.ts';

test('a field of an unfolded row is named as an element of a tuple, at every depth', () => {
  expect(explicitElements('span.name, metric.sum.data_points')).toBe(
    "tupleElement(span, 'name'), tupleElement(tupleElement(metric, 'sum'), 'data_points')",
  );
});

test('other dotted names stay: lambda arguments, columns with a dot, elements by number', () => {
  const text = 'arrayMap(x -> x.key, a), `events.time`, pair.1, my_span.name';
  expect(explicitElements(text)).toBe(text);
});
