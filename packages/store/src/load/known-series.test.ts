import { expect, test } from 'vitest';
import { KnownSeries, seriesRefreshMilliseconds } from './known-series.ts';

/** Ids that look like hashes, the same for the same numbers. */
function idsFrom(first: number, count: number): BigUint64Array {
  return BigUint64Array.from({ length: count }, (_, index) =>
    BigInt.asUintN(64, BigInt(first + index) * 0x9e37_79b9_7f4a_7c15n),
  );
}

test('series are known until they have to be written again', () => {
  let now = 5;
  const known = new KnownSeries(() => now);
  expect(known.hasAll(idsFrom(0, 1))).toBe(false);
  known.add(idsFrom(0, 10_000));
  expect(known.hasAll(idsFrom(0, 10_000))).toBe(true);
  expect(known.hasAll(idsFrom(9_999, 2))).toBe(false);
  now += seriesRefreshMilliseconds / 2;
  known.add(idsFrom(0, 100));
  now += seriesRefreshMilliseconds / 2 + 2000;
  expect(known.hasAll(idsFrom(100, 1)), 'written ten minutes ago').toBe(false);
  expect(known.hasAll(idsFrom(0, 100)), 'written since').toBe(true);
});

test('series of long ago make room for others, and all are forgotten beyond the limit', () => {
  let now = 0;
  const known = new KnownSeries(() => now, 5000);
  for (let round = 0; round < 20; round += 1) {
    now += seriesRefreshMilliseconds + 2000;
    known.add(idsFrom(round * 4000, 4000));
    expect(known.hasAll(idsFrom(round * 4000, 4000))).toBe(true);
  }
  known.add(idsFrom(1_000_000, 20_000));
  expect(known.hasAll(idsFrom(1_000_000, 20_000))).toBe(false);
});

test('all series are known one by one, also where their halves are alike', () => {
  const known = new KnownSeries();
  const ids = BigUint64Array.of(0n, 1n, 1n << 32n, (1n << 32n) + 1n, 2n ** 64n - 1n);
  for (const id of ids) {
    expect(known.hasAll(BigUint64Array.of(id))).toBe(false);
    known.add(BigUint64Array.of(id));
  }
  known.clear();
  expect(known.hasAll(BigUint64Array.of(0n))).toBe(false);
});
