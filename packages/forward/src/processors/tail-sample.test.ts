import type { Settled } from '@maru/ledger';
import { describe, expect, test } from 'vitest';
import type { Part } from '../part.ts';
import { Progress } from '../progress.ts';
import { itemsIn, processorOf, requestOf, span, spanNames, type TestSpan } from '../test-telemetry.ts';
import type { HoldingProcessor } from './processor.ts';

function holding(yaml: string): HoldingProcessor {
  const processor = processorOf(`tail_sample: ${yaml}`);
  if (processor?.kind !== 'holding') throw new Error('it does not hold anything back');
  return processor;
}

/** A sampler on its own, with a clock of its own. */
class Bench {
  readonly settled: Settled[] = [];
  readonly progress: Progress = new Progress((_, settled) => this.settled.push(settled));
  readonly #sampler: HoldingProcessor;
  #offset = 0;

  constructor(yaml: string) {
    this.#sampler = holding(yaml);
  }

  take(spans: readonly TestSpan[], nowMs = 0): readonly string[] {
    const bytes = requestOf(spans.map(span));
    const start = { segment: 1, offset: this.#offset };
    this.#offset += bytes.length;
    const token = this.progress.begin({ segment: 1, offset: this.#offset }, spans.length, 0);
    const part = {
      bytes,
      items: spans.length,
      isOwn: false,
      receivedTimeUnixNano: 0n,
      start,
      piece: 0,
      token,
    };
    return this.#sent(this.#sampler.take([part], this.progress, nowMs));
  }

  due(nowMs: number): readonly string[] {
    return this.#sent(this.#sampler.due(this.progress, nowMs));
  }

  nextDueInMs(nowMs: number): number {
    return this.#sampler.nextDueInMs(nowMs);
  }

  #sent(parts: readonly Part[]): readonly string[] {
    for (const { token, items, bytes } of parts) {
      expect(itemsIn(bytes)).toHaveLength(items);
      this.progress.settle(token, items, { forwarded: items });
    }
    return parts.flatMap(({ bytes }) => spanNames(bytes)).toSorted();
  }
}

function trace(number: number): string {
  return number.toString(16).padStart(32, '0');
}

describe('a trace', () => {
  test('is held until it is decided, and then sent whole or not at all', () => {
    const bench = new Bench('{wait: 10s, policies: [{errors: {}}]}');
    expect(
      bench.take([
        { traceId: trace(1), name: 'a' },
        { traceId: trace(2), name: 'x' },
      ]),
    ).toEqual([]);
    expect(bench.take([{ traceId: trace(1), name: 'b', error: 'no' }], 4000)).toEqual([]);
    expect(bench.nextDueInMs(4000)).toBe(6000);
    expect(bench.due(9999)).toEqual([]);
    expect(bench.settled).toEqual([]);
    expect(bench.due(10_000)).toEqual(['a', 'b']);
    expect(bench.settled.reduce((sum, { forwarded = 0 }) => sum + forwarded, 0)).toBe(2);
    expect(bench.settled.reduce((sum, { filtered = 0 }) => sum + filtered, 0)).toBe(1);
    expect(bench.nextDueInMs(10_000)).toBe(Number.POSITIVE_INFINITY);
  });

  test('that was decided stays so for spans that come late', () => {
    const bench = new Bench('{wait: 1s, policies: [{errors: {}}]}');
    bench.take([{ traceId: trace(1), error: 'no' }, { traceId: trace(2) }]);
    bench.due(1000);
    expect(
      bench.take(
        [
          { traceId: trace(1), name: 'late' },
          { traceId: trace(2), name: 'lost' },
        ],
        2000,
      ),
    ).toEqual(['late']);
    expect(bench.progress.itemsUnderWay).toBe(0);
  });

  test.each([['{max_traces: 3, policies: [{ratio: 1}]}'], ['{max_memory: 1000B, policies: [{ratio: 1}]}']])(
    'is decided early when there are too many: %s',
    (yaml) => {
      const bench = new Bench(yaml);
      const sent = [1, 2, 3, 4, 5, 6].flatMap((number) =>
        bench.take([{ traceId: trace(number), name: `t${number}` }]),
      );
      expect(sent[0]).toBe('t1');
      expect(sent).toHaveLength(3);
      expect(bench.settled.reduce((sum, { early = 0 }) => sum + early, 0)).toBe(3);
    },
  );
});

describe('a policy', () => {
  function kept(policy: string, spans: readonly TestSpan[]): readonly string[] {
    const bench = new Bench(`{wait: 0s, policies: [${policy}]}`);
    return [...bench.take(spans), ...bench.due(0)].toSorted();
  }

  const slow = {
    traceId: trace(1),
    name: 'slow',
    startMs: 1000,
    endMs: 2000,
    attributes: { 'user.id': 'kim', n: 5 },
  };
  const fast = {
    traceId: trace(2),
    name: 'fast',
    startMs: 1000,
    endMs: 1001,
    attributes: { 'user.id': 'lee', n: 50 },
  };
  const failed = { traceId: trace(3), name: 'failed', error: 'no' };

  test.each([
    ['{errors: {}}', ['failed']],
    ['{latency: {at_least: 500ms}}', ['slow']],
    ['{latency: {at_least: 0ms, below: 5ms}}', ['fast']],
    ['{attribute: {key: user.id, values: [kim]}}', ['slow']],
    ['{attribute: {key: user.id, pattern: "^(kim|lee)$"}}', ['fast', 'slow']],
    ['{attribute: {key: n, least: 10}}', ['fast']],
    ['{attribute: {key: user.id, values: [kim], invert: true}}', ['failed', 'fast']],
    ['{attribute: {key: service.name, values: [board]}}', ['failed', 'fast', 'slow']],
    ['{and: [{attribute: {key: user.id, pattern: .}}, {latency: {at_least: 1s}}]}', ['slow']],
    ['{rate: 2}', ['fast', 'slow']],
    ['{ratio: 0}', []],
    ['{ratio: 1}', ['failed', 'fast', 'slow']],
    ['{errors: {}}, {latency: {at_least: 500ms}}', ['failed', 'slow']],
    [
      '{composite: {spans_per_second: 2, of: [{policy: {errors: {}}, percent: 50}, {policy: {ratio: 1}, percent: 50}]}}',
      ['failed', 'slow'],
    ],
  ])('%s', (policy, expected) => {
    expect(kept(policy, [slow, fast, failed])).toEqual(expected);
  });

  test('that is not known is refused with its place', () => {
    expect(() => holding('{policies: [{luck: {}}]}')).toThrow(
      /there is no policy luck; there are errors, latency/,
    );
  });
});
