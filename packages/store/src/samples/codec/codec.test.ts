import { seededRandom } from '@maru/testkit';
import { describe, expect, test } from 'vitest';
import { ByteWriter } from './byte-writer.ts';
import { chunkHasFlags, decodeChunk, type SampleSink } from './decode.ts';
import { encodeChunk } from './encode.ts';
import { maxChunkSamples, type SampleArrays } from './layout.ts';

type Random = () => number;
const whole = (random: Random, below: number) => Math.floor(random() * below);
const pick = <Item>(random: Random, items: readonly Item[]): Item =>
  items[whole(random, items.length)] as Item;

function sinkOf(count: number, withStarts = true): SampleSink {
  const values = new Float64Array(count);
  return {
    times: new Float64Array(count),
    values,
    valueWords: new Uint32Array(values.buffer),
    flags: new Uint8Array(count),
    starts: withStarts ? new Float64Array(count) : undefined,
    neverFalls: false,
  };
}

function packed(samples: SampleArrays): Uint8Array {
  const out = new ByteWriter();
  encodeChunk(samples, 0, samples.times.length, out);
  return out.written.slice();
}

/** Unpacks between other samples, as readers do. */
function unpacked(bytes: Uint8Array, count: number): SampleArrays {
  const sink = sinkOf(count + 4);
  const framed = Uint8Array.of(9, 9, ...bytes, 0x85, 0xff);
  expect(decodeChunk(framed, 2, framed.length - 2, sink, 3)).toBe(count);
  expect([sink.times[2], sink.values[2], sink.times[count + 3]]).toEqual([0, 0, 0]);
  return {
    times: sink.times.slice(3, count + 3),
    values: sink.values.slice(3, count + 3),
    flags: sink.flags.slice(3, count + 3),
    starts: (sink.starts ?? new Float64Array()).slice(3, count + 3),
  };
}

function expectSame(samples: SampleArrays): void {
  const found = unpacked(packed(samples), samples.times.length);
  expect([...found.times]).toEqual([...samples.times]);
  // By their bits: NaNs differ in them, and -0 from 0.
  expect(new BigUint64Array(found.values.buffer)).toEqual(new BigUint64Array(samples.values.slice().buffer));
  expect([...found.flags]).toEqual([...samples.flags]);
  expect([...found.starts]).toEqual([...samples.starts]);
}

const staleMarker = 0x7ff0000000000002n;
const oddValues: readonly bigint[] = [
  staleMarker,
  0x7ff8000000000001n,
  0xfff8dead00000001n,
  0x7ff0000000000000n,
  0xfff0000000000000n,
  0x8000000000000000n,
  1n,
  0x7fefffffffffffffn,
];

const valueKinds: Readonly<Record<string, (random: Random) => (index: number) => bigint>> = {
  'bits at random': (random) => () =>
    BigInt(whole(random, 2 ** 32)) * 2n ** 32n + BigInt(whole(random, 2 ** 32)),
  'counters with resets': (random) => {
    let value = 0;
    return () => {
      value = random() < 0.02 ? 0 : value + whole(random, 10 ** whole(random, 9));
      return bitsOf(value);
    };
  },
  decimals: (random) => {
    const scale = 10 ** whole(random, 12);
    return () => bitsOf((whole(random, 1e6) - 5e5) / scale);
  },
  'whole numbers of any size': (random) => () =>
    bitsOf(Math.round((random() - 0.5) * 10 ** whole(random, 20))),
  fractions: (random) => () => bitsOf(random()),
  'one value': (random) => {
    const value = pick(random, [...oddValues, bitsOf(0), bitsOf(1.5)]);
    return () => value;
  },
  'one value, and now and then another': (random) => () =>
    random() < 0.1 ? pick(random, oddValues) : bitsOf(42),
  'values that no number is': (random) => () => pick(random, oddValues),
};

function bitsOf(value: number): bigint {
  return new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
}

const timeKinds: Readonly<Record<string, (random: Random) => (index: number) => number>> = {
  even: (random) => {
    const [first, step] = [whole(random, 2e12) - 1e11, whole(random, 60_000)];
    return (index) => first + index * step;
  },
  'with jitter and gaps': (random) => {
    let time = 1.7e12;
    return () => {
      time += 15_000 + whole(random, 20) - 10 + (random() < 0.05 ? whole(random, 1e8) : 0);
      return time;
    };
  },
  'in any order': (random) => () => whole(random, 4e12) - 2e12,
  'all the same': () => () => 1_700_000_000_000,
  'the ends of what the store holds': (random) => () =>
    pick(random, [-2_208_988_800_000, 10_413_791_999_999]),
};

const startKinds: Readonly<
  Record<string, (random: Random) => (index: number, times: Float64Array) => number>
> = {
  unknown: () => () => 0,
  'one that changes at times': (random) => {
    let start = 1.7e12;
    return () => {
      if (random() < 0.05) start += whole(random, 1e7);
      return start;
    };
  },
  'where the sample before ended': () => (index, times) => times[index - 1] ?? 1.7e12,
  any: (random) => () => whole(random, 4e12) - 2e12,
};

function samplesOf(random: Random, valueKind: string, timeKind: string): SampleArrays {
  const count = random() < 0.1 ? 1 : 1 + whole(random, random() < 0.1 ? maxChunkSamples : 300);
  const timeAt = timeKinds[timeKind]?.(random);
  const valueAt = valueKinds[valueKind]?.(random);
  const startAt = pick(random, Object.values(startKinds))(random);
  const flagged = pick(random, [0, 0, 0.05, 1]);
  const times = Float64Array.from({ length: count }, (_, index) => timeAt?.(index) ?? 0);
  const bits = BigUint64Array.from({ length: count }, (_, index) => valueAt?.(index) ?? 0n);
  return {
    times,
    values: new Float64Array(bits.buffer),
    flags: Uint8Array.from({ length: count }, () => (random() < flagged ? 1 + whole(random, 255) : 0)),
    starts: Float64Array.from({ length: count }, (_, index) => startAt(index, times)),
  };
}

describe.each(Object.keys(valueKinds))('values: %s', (valueKind) => {
  test.each(Object.keys(timeKinds))('times: %s; every bit comes back', (timeKind) => {
    for (let seed = 0; seed < 40; seed += 1)
      expectSame(samplesOf(seededRandom(seed * 7919 + 1), valueKind, timeKind));
  });
});

test('start times are left out when nobody asks, and flags are announced', () => {
  const samples: SampleArrays = {
    times: Float64Array.of(1, 2, 3),
    values: Float64Array.of(1, 2, 3),
    flags: Uint8Array.of(0, 1, 0),
    starts: Float64Array.of(1, 1, 1),
  };
  const bytes = packed(samples);
  const sink = sinkOf(3, false);
  expect(decodeChunk(bytes, 0, bytes.length, sink, 0)).toBe(3);
  expect([...sink.flags]).toEqual([0, 1, 0]);
  expect(chunkHasFlags(bytes, 0)).toBe(true);
  expect(chunkHasFlags(packed({ ...samples, flags: new Uint8Array(3) }), 0)).toBe(false);
});

/** Samples every 15 s. */
function everyQuarterMinute(count: number, value: (index: number) => number, jitterMs = 0): SampleArrays {
  const random = seededRandom(1);
  return {
    times: Float64Array.from(
      { length: count },
      (_, index) => 1.7e12 + index * 15_000 + whole(random, jitterMs + 1),
    ),
    values: Float64Array.from({ length: count }, (_, index) => value(index)),
    flags: new Uint8Array(count),
    starts: new Float64Array(count).fill(1.6e12),
  };
}

test.each([
  ['a value that stays', everyQuarterMinute(240, () => 1), 0.15],
  [
    'a counter that grows by about a hundred',
    everyQuarterMinute(240, (index) => index * 100 + (index % 7)),
    1.15,
  ],
  [
    'the same, its times not quite even',
    everyQuarterMinute(240, (index) => index * 100 + (index % 7), 20),
    2.15,
  ],
  ['percentages of two digits', everyQuarterMinute(240, (index) => ((index * 7919) % 100) / 100), 1.6],
])('%s: bytes a sample', (_, samples, most) => {
  expect(packed(samples).length / samples.times.length).toBeLessThan(most);
});

test('no samples, or more than a chunk holds, are refused', () => {
  for (const count of [0, maxChunkSamples + 1]) {
    const samples = everyQuarterMinute(count, () => 1);
    expect(() => packed(samples)).toThrow(`a chunk holds 1 to ${maxChunkSamples} samples, not ${count}`);
  }
});

test('bytes that are no chunk end in one sentence, never in a loop or a write beyond the samples', () => {
  const random = seededRandom(3);
  let refused = 0;
  const sink = sinkOf(maxChunkSamples);
  for (let round = 0; round < 2000; round += 1) {
    const bytes =
      round % 2 === 0
        ? Uint8Array.from({ length: 1 + whole(random, 60) }, () => whole(random, 256))
        : mutatedChunk(random);
    try {
      const count = decodeChunk(bytes, 0, bytes.length, sink, 0);
      expect(count).toBeGreaterThan(0);
      expect(count).toBeLessThanOrEqual(maxChunkSamples);
    } catch (error) {
      refused += 1;
      expect(error).toMatchObject({ name: 'RangeError', message: /^a chunk of samples cannot be read/ });
    }
  }
  expect(refused).toBeGreaterThan(700);
});

function mutatedChunk(random: Random): Uint8Array {
  const kind = pick(random, Object.keys(valueKinds));
  const bytes = packed(samplesOf(random, kind, pick(random, Object.keys(timeKinds))));
  bytes[whole(random, bytes.length)] = whole(random, 256);
  return bytes.subarray(0, random() < 0.5 ? bytes.length : whole(random, bytes.length));
}
