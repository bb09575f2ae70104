import { seededRandom } from '@maru/testkit';
import { describe, expect, test } from 'vitest';
import { itemsIn, logRecord, processed, requestOf, span, textIn } from '../test-telemetry.ts';
import { readTraceState, thresholdOf, withThreshold } from './threshold.ts';

const random = seededRandom(7);

function traceId(): string {
  return Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('');
}

const many = Array.from({ length: 4000 }, () => span({ traceId: traceId() }));

describe('a share of traces', () => {
  test.each([0, 0.01, 0.1, 0.5, 1])('%f is kept, to within what chance allows', (ratio) => {
    const kept = itemsIn(processed(`sample: {ratio: ${ratio}}`, requestOf(many))).length;
    expect(Math.abs(kept - ratio * 4000)).toBeLessThanOrEqual(4 * Math.sqrt(4000 * ratio * (1 - ratio)));
  });

  test('is a part of every larger share', () => {
    const ids = (ratio: number): ReadonlySet<string> =>
      new Set(
        itemsIn(processed(`sample: {ratio: ${ratio}}`, requestOf(many))).map((item) =>
          Buffer.from(item.subarray(2, 18)).toString('hex'),
        ),
      );
    const half = ids(0.5);
    expect([...ids(0.1)].filter((id) => !half.has(id))).toEqual([]);
  });

  test('carries its threshold on, and heeds a higher one', () => {
    const [sampled] = itemsIn(
      processed('sample: {ratio: 0.5}', requestOf([span({ traceId: `${'0'.repeat(18)}${'f'.repeat(14)}` })])),
    );
    expect(textIn(sampled ?? Buffer.alloc(0), 3)).toBe('ot=th:8');
    const higher = span({ traceId: `${'0'.repeat(18)}${'f'.repeat(14)}`, traceState: 'ot=th:c,x=y' });
    expect(
      textIn(itemsIn(processed('sample: {ratio: 0.5}', requestOf([higher])))[0] ?? Buffer.alloc(0), 3),
    ).toBe('ot=th:c,x=y');
  });

  test('goes by the randomness of the trace state where there is one', () => {
    const at = (rv: string): number =>
      itemsIn(processed('sample: {ratio: 0.5}', requestOf([span({ traceState: `ot=rv:${rv}` })]))).length;
    expect([at('7fffffffffffff'), at('80000000000000')]).toEqual([0, 1]);
  });

  test('of log records goes by their trace, else by their content', () => {
    const records = Array.from({ length: 2000 }, (_, index) => logRecord(`line ${index}`));
    const kept = itemsIn(processed('sample: {ratio: 0.5}', requestOf(records), 'logs')).length;
    expect(Math.abs(kept - 1000)).toBeLessThan(150);
  });
});

describe('thresholds as the specification writes them', () => {
  test.each([
    [1, '0'],
    [0.5, '8'],
    [0.25, 'c'],
    [0.1, 'e66666666666'],
  ])('%f', (ratio, start) => {
    expect(withThreshold('', thresholdOf(ratio)).startsWith(`ot=th:${start}`)).toBe(true);
  });

  test('are read with the zeros that were left out', () => {
    expect(readTraceState('a=b, ot=rv:00000000000001;th:8')).toEqual({
      randomness: 1n,
      threshold: 2n ** 55n,
    });
    expect(readTraceState('ot=th:xyz')).toEqual({ randomness: undefined, threshold: undefined });
  });
});
