import { concat, lengthDelimited, stringField } from '@maru/otlp';
import { expect, test } from 'vitest';
import { markedResources } from './resource-marks.ts';

function marks(...groups: readonly Uint8Array[]): readonly number[] {
  const bytes = concat(...groups.map((group) => lengthDelimited(1, group)), stringField(1002, 'account'));
  const requests = [{ start: 0, end: bytes.length, receivedTimeUnixNano: 0n }];
  return markedResources({ bytes, requests })?.map(({ mark }) => mark) ?? [];
}

function resource(service: string): Uint8Array {
  const value = lengthDelimited(2, stringField(1, service));
  return lengthDelimited(1, lengthDelimited(1, stringField(1, 'service.name'), value));
}

const spans = (name: string): Uint8Array => lengthDelimited(2, lengthDelimited(2, stringField(5, name)));
const schemaUrl = (url: string): Uint8Array => stringField(3, url);

test('the same resource has the same mark, whatever it sends', () => {
  const [first, second] = marks(
    concat(resource('board-api'), spans('GET /')),
    concat(resource('board-api'), spans('POST /api/login'), spans('SELECT')),
  );
  expect(first).toBe(second);
});

test('another resource, another schema and no resource have other marks', () => {
  const all = marks(
    resource('board-api'),
    resource('board-web'),
    concat(resource('board-api'), schemaUrl('https://opentelemetry.io/schemas/1.37.0')),
    concat(resource('board-api'), schemaUrl('https://opentelemetry.io/schemas/1.38.0')),
    spans('GET /'),
  );
  expect(new Set(all).size).toBe(5);
  expect(all.every(Number.isSafeInteger)).toBe(true);
});

test('very many are not marked', () => {
  expect(marks(...Array.from({ length: 20_000 }, () => new Uint8Array()))).toHaveLength(20_000);
  expect(marks(...Array.from({ length: 20_001 }, () => new Uint8Array()))).toEqual([]);
});
