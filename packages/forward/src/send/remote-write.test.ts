import { describe, expect, test } from 'vitest';
import type { WriteSeries } from '../remote-write/series.ts';
import { remoteWriteOutcome } from './remote-write.ts';

const sample = { timeMs: 1, startMs: 0, value: new Uint8Array(8) };
const metadata = { family: 'up', type: 'gauge', help: '', unit: '' } as const;
const series: readonly WriteSeries[] = [
  {
    labels: [['__name__', 'up']],
    metadata,
    samples: [sample, sample, sample],
    histograms: [],
    exemplars: [],
  },
];
const sent = { series, skipped: { delta: 2 } };

function written(count: number): Readonly<Record<string, string>> {
  return { 'x-prometheus-remote-write-samples-written': String(count) };
}

describe('an answer of remote write 1.0', () => {
  test.each([
    [200, 'accepted'],
    [204, 'accepted'],
    [301, 'refused'],
    [400, 'invalid'],
    [401, 'refused'],
    [413, 'too_large'],
    [415, 'refused'],
    [422, 'invalid'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
    [599, 'retry'],
  ])('%i is %s', (statusCode, kind) => {
    expect(remoteWriteOutcome({ statusCode, headers: {}, body: new Uint8Array(0) }, 1, sent).kind).toBe(kind);
  });

  test('with Retry-After says how long to wait', () => {
    const answer = {
      statusCode: 429,
      headers: { 'retry-after': '7' },
      body: Buffer.from('slow down\nplease'),
    };
    expect(remoteWriteOutcome(answer, 1, sent)).toEqual({
      kind: 'retry',
      detail: 'it answered 429: slow down',
      afterMs: 7_000,
    });
  });
});

describe('an answer of remote write 2.0', () => {
  test.each([
    [204, written(3), { kind: 'accepted', rejected: 0 }],
    [204, written(1), { kind: 'accepted', rejected: 2 }],
    [204, {}, { kind: 'refused' }],
    [204, written(0), { kind: 'accepted', rejected: 3 }],
    [400, written(2), { kind: 'accepted', rejected: 1 }],
    [400, written(0), { kind: 'invalid' }],
    [400, {}, { kind: 'invalid' }],
    [500, written(2), { kind: 'retry' }],
  ])('%i with %j', (statusCode, headers, expected) => {
    const outcome = remoteWriteOutcome({ statusCode, headers, body: new Uint8Array(0) }, 2, sent);
    expect(outcome).toMatchObject(expected);
    if (outcome.kind === 'accepted') expect(outcome.skipped).toEqual({ delta: 2 });
  });
});
