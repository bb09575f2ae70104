import {
  checkMetrics,
  concat,
  doubleField,
  fixed64Field,
  lengthDelimited,
  refusedPoints,
  stringField,
} from '@maru/otlp';
import { attribute, variedRequest } from '@maru/testkit';
import { describe, expect, test } from 'vitest';
import { createAccept } from './accept.ts';
import { ActiveSeries } from './active-series.ts';
import { anyone } from './authorize.ts';

const now = BigInt(Date.now()) * 1_000_000n;

function point(value: number, ...attributes: readonly (readonly [string, string])[]): Uint8Array {
  return lengthDelimited(
    1,
    fixed64Field(3, now),
    doubleField(4, value),
    ...attributes.map(([key, text]) => attribute(7, key, text)),
  );
}

function gauges(service: string, name: string, ...points: readonly Uint8Array[]): Uint8Array {
  const metric = lengthDelimited(2, stringField(1, name), lengthDelimited(5, ...points));
  return lengthDelimited(
    1,
    lengthDelimited(1, attribute(1, 'service.name', service)),
    lengthDelimited(2, metric),
  );
}

/** The marks of a request's points. */
function marks(request: Uint8Array): readonly number[] {
  const found: number[] = [];
  refusedPoints(request, (mark) => found.push(mark) > 0);
  return found;
}

describe('the mark of a series', () => {
  test('is the same whatever the value, the order of attributes and the request', () => {
    const [one, other] = marks(
      concat(gauges('s', 'm', point(1, ['a', 'x'], ['b', 'y']), point(2, ['b', 'y'], ['a', 'x']))),
    );
    expect(one).toBe(other);
    expect(marks(gauges('s', 'm', point(3, ['a', 'x'], ['b', 'y'])))).toEqual([one]);
  });

  test('differs by resource, name, key and value', () => {
    const requests = [
      gauges('s', 'm', point(1, ['a', 'x'])),
      gauges('t', 'm', point(1, ['a', 'x'])),
      gauges('s', 'n', point(1, ['a', 'x'])),
      gauges('s', 'm', point(1, ['b', 'x'])),
      gauges('s', 'm', point(1, ['a', 'y'])),
      gauges('s', 'm', point(1)),
      gauges('s', 'm', point(1, ['a', 'x'], ['b', 'x'])),
    ];
    expect(new Set(requests.flatMap(marks)).size).toBe(requests.length);
  });

  test('hardly ever is that of another: of 200,000 series some five are taken for one', () => {
    const seen = new Set<number>();
    for (let from = 0; from < 200_000; from += 1000) {
      const points = Array.from({ length: 1000 }, (_, index) =>
        point(1, ['user', `u${from + index}`], ['path', `/p/${(from + index) % 97}`]),
      );
      for (const mark of marks(gauges('s', 'm', ...points))) seen.add(mark);
    }
    expect(seen.size).toBeGreaterThan(199_950);
  });

  test('is found in whatever the check lets through', () => {
    for (let seed = 0; seed < 500; seed += 1) {
      const checked = checkMetrics(variedRequest(seed, 'metrics'));
      if (checked.malformed === undefined)
        expect(marks(checked.bytes).length, `seed ${seed}`).toBe(checked.items);
    }
  });
});

describe('active series', () => {
  test('come in up to the limit; those that are known always do', () => {
    const active = new ActiveSeries(3);
    expect([1, 2, 3, 4, 1, 2, 5].map(active.admit)).toEqual([true, true, true, false, true, true, false]);
    expect(active.size).toBe(3);
  });

  test('make room when they have not been seen for two generations', () => {
    let nowMs = 0;
    const active = new ActiveSeries(2, () => nowMs);
    active.admit(1);
    active.admit(2);
    nowMs += 15 * 60_000;
    active.age();
    expect([active.admit(1), active.admit(3), active.size]).toEqual([true, false, 2]);
    nowMs += 15 * 60_000;
    active.age();
    expect([active.size, active.admit(3), active.admit(2)]).toEqual([1, true, false]);
  });

  test('are counted as a plain set counts them', () => {
    const active = new ActiveSeries(50_000);
    const plain = new Set<number>();
    for (let at = 0; at < 200_000; at += 1) {
      const mark = Math.imul(1 + (at % 70_000), 2_654_435_761) >>> 0;
      const admitted = plain.has(mark) || plain.size < 50_000;
      if (admitted) plain.add(mark);
      expect(active.admit(mark)).toBe(admitted);
    }
    expect(active.size).toBe(plain.size);
  });
});

test('points of further series are cut out one by one, with partial success, and each tenant has a limit of its own', async () => {
  const journaled: number[] = [];
  const reasons: string[] = [];
  const limits = new Map<string, ActiveSeries>();
  const accept = createAccept({
    append: async (_tenant, _signal, request) => void journaled.push(checkMetrics(request).items),
    rejected: (_tenant, { samples }) =>
      void reasons.push(...samples.map(({ reason, count }) => `${count} ${reason}`)),
    series: (tenant) => {
      const active = limits.get(tenant) ?? new ActiveSeries(3);
      limits.set(tenant, active);
      return active;
    },
  });
  const send = (tenant: string, ...values: readonly string[]): ReturnType<typeof accept> =>
    accept('metrics', gauges('s', 'm', ...values.map((value) => point(1, ['a', value]))), {
      source: 'test',
      sender: { ...anyone, tenant },
    });
  expect(await send('one', 'a', 'b')).toMatchObject({ items: 2, rejected: 0 });
  expect(await send('one', 'a', 'c', 'd', 'e', 'b')).toEqual({
    items: 3,
    rejected: 2,
    message: expect.stringContaining(
      '2 rejected (series_limit): resource_metrics[0].scope_metrics[0].metrics[0].gauge.data_points[2]',
    ),
  });
  expect(await send('two', 'd', 'e')).toMatchObject({ items: 2, rejected: 0 });
  expect(await send('one', 'x')).toMatchObject({ items: 0, rejected: 1 });
  expect(journaled).toEqual([2, 3, 2]);
  expect(reasons).toEqual(['2 series_limit', '1 series_limit']);
});
