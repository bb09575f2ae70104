import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '@maru/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../sql.ts';
import { openStore, type Store } from '../store.ts';
import type { MakerControl, MakerStep } from './chunk-maker.ts';
import type { WrittenChunks } from './chunk-writer.ts';
import { readAll, shown, type WrittenSample, writeSamples } from './numbers.fixture.ts';

const memoryBytes = 512 * 1024 * 1024;
const dayMs = 86_400_000;
const day = Date.UTC(2026, 0, 5);
const everything = { afterMs: 0, untilMs: day + 30 * dayMs };

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'maru-samples-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function withStore(name: string, use: (store: Store) => Promise<void>): Promise<void> {
  const store = openStore({ directory: join(directory, name), memoryBytes });
  try {
    await use(store);
  } finally {
    await store.close();
  }
}

async function pack({ chunks }: Store, control: MakerControl = {}): Promise<WrittenChunks> {
  if (chunks === undefined) throw new Error('a store in this process packs its samples');
  return chunks.pack(control);
}

/** Series of several metrics over two days: numbers of all kinds, stale markers, jitter, gaps, starts. */
function variedSamples(seed: number, series = 20, perSeries = 60): readonly WrittenSample[] {
  const random = seededRandom(seed);
  const bitsOf = (value: number) => new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
  const kinds: readonly ((index: number) => bigint)[] = [
    (index) => bitsOf(index * 7),
    () => bitsOf(Math.round(random() * 1000) / 100),
    () => bitsOf(random()),
    () => (random() < 0.1 ? 0x7ff0000000000002n : bitsOf(1)),
  ];
  return Array.from({ length: series }, (_, id) => id + 1).flatMap((seriesId) => {
    let timeMs = day + dayMs / 2 + Math.floor(random() * 1000);
    return Array.from({ length: perSeries }, (_, index) => {
      timeMs += 900_000 + Math.floor(random() * (index % 9 === 0 ? 1e6 : 50));
      const flags = random() < 0.02 ? 1 : 0;
      const startMs = seriesId % 2 === 0 ? day : 0;
      return { seriesId, timeMs, bits: kinds[seriesId % kinds.length]?.(index) ?? 0n, flags, startMs };
    });
  });
}

async function storedTwice({ reader }: Store): Promise<number> {
  const [row] = await reader.rows<{ twice: string }>(
    sql`SELECT count() - uniqExact(metric_name, series_id, first_time) AS twice FROM number_chunks`,
  );
  return Number(row?.twice);
}

async function countOf({ reader }: Store, table: 'number_points' | 'number_points_sealed'): Promise<number> {
  const query =
    table === 'number_points'
      ? sql`SELECT count() AS count FROM number_points`
      : sql`SELECT count() AS count FROM number_points_sealed`;
  const [row] = await reader.rows<{ count: string }>(query);
  return Number(row?.count);
}

test('samples read the same as rows, as chunks, and after a restart', async () => {
  const samples = variedSamples(1);
  await withStore('same', async (store) => {
    await writeSamples(store, samples);
    expect(await readAll(store, everything)).toEqual(shown(samples));
    expect(await store.chunks?.waiting()).toBe(samples.length);
    expect(await pack(store)).toMatchObject({ samples: samples.length });
    expect(await store.chunks?.waiting()).toBe(0);
    expect(await countOf(store, 'number_points')).toBe(0);
    expect(await countOf(store, 'number_points_sealed')).toBe(0);
    expect(await readAll(store, everything)).toEqual(shown(samples));
    expect(await pack(store)).toEqual({ samples: 0, chunks: 0, bytes: 0 });
  });
  await withStore('same', async (store) => {
    expect(await readAll(store, everything)).toEqual(shown(samples));
  });
});

test('a read gets the samples of its span and no others, wherever it cuts', async () => {
  const samples = variedSamples(2);
  const random = seededRandom(5);
  await withStore('spans', async (store) => {
    await writeSamples(store, samples);
    await pack(store);
    for (let round = 0; round < 40; round += 1) {
      const afterMs = day + Math.floor(random() * 2 * dayMs);
      // Ends now and then on a sample.
      const edge = samples[Math.floor(random() * samples.length)]?.timeMs ?? 0;
      const untilMs = round % 3 === 0 ? edge : afterMs + Math.floor(random() * 10_000_000);
      const within = samples.filter(({ timeMs }) => timeMs > afterMs && timeMs <= untilMs);
      expect(await readAll(store, { afterMs, untilMs })).toEqual(shown(within));
    }
  });
});

test('what comes late is read at once, beside the chunks of its time, and packed later', async () => {
  const samples = variedSamples(3);
  const late = samples.filter((_, index) => index % 7 === 3);
  const early = samples.filter((sample) => !late.includes(sample));
  await withStore('late', async (store) => {
    await writeSamples(store, early);
    await pack(store);
    await writeSamples(store, late);
    expect(await readAll(store, everything)).toEqual(shown(samples));
    await pack(store);
    expect(await readAll(store, everything)).toEqual(shown(samples));
  });
});

test('of samples that came twice a chunk keeps one', async () => {
  const samples = variedSamples(4, 5);
  await withStore('twice', async (store) => {
    await writeSamples(store, samples);
    await writeSamples(store, samples);
    expect(await pack(store)).toMatchObject({ samples: samples.length });
    expect(await readAll(store, everything)).toEqual(shown(samples));
  });
});

test('the same samples, packed, deleted and sent again, are there again', async () => {
  const samples = variedSamples(6, 3);
  await withStore('again', async (store) => {
    for (let round = 0; round < 2; round += 1) {
      await writeSamples(store, samples);
      await pack(store);
      expect(await readAll(store, everything)).toEqual(shown(samples));
      await store.write(sql`DELETE FROM number_chunks WHERE true`);
      expect(await readAll(store, everything)).toEqual([]);
    }
  });
});

test('deletion takes the samples of its series and span, of chunks that reach beyond it a part', async () => {
  const samples = variedSamples(9);
  const random = seededRandom(10);
  await withStore('deleted', async (store) => {
    let left = samples.filter((_, index) => index % 5 !== 0);
    await writeSamples(store, left);
    await pack(store);
    // Some lie as rows beside the chunks of their time.
    const late = samples.filter((_, index) => index % 5 === 0);
    await writeSamples(store, late);
    left = [...left, ...late];
    for (let round = 0; round < 8; round += 1) {
      const modulus = 2 + Math.floor(random() * 6);
      const startMs = round === 0 ? Number.NEGATIVE_INFINITY : day + Math.floor(random() * 2 * dayMs);
      const endMs = Math.max(startMs, day + dayMs / 2) + Math.floor(random() * 12_000_000);
      await store.deleteNumbers({ series: sql`series_id % ${modulus} = 1`, startMs, endMs });
      left = left.filter(
        ({ seriesId, timeMs }) => seriesId % modulus !== 1 || timeMs < startMs || timeMs > endMs,
      );
      expect(await readAll(store, everything)).toEqual(shown(left));
    }
    expect(left.length).toBeLessThan(samples.length - 20);
    await store.deleteNumbers({
      series: sql`true`,
      startMs: Number.NEGATIVE_INFINITY,
      endMs: Number.POSITIVE_INFINITY,
    });
    expect(await readAll(store, everything)).toEqual([]);
  });
});

test('a reader finds every sample while days are being packed', async () => {
  const samples = variedSamples(7, 60);
  const distinct = shown(samples);
  await withStore('meanwhile', async (store) => {
    await writeSamples(store, samples);
    let isPacking = true;
    let reads = 0;
    const found: (readonly string[])[] = [];
    // Each day rests between its chunks and its end until two more reads are done.
    const rest = async (): Promise<void> => {
      const enough = reads + 2;
      while (reads < enough) await new Promise((resolve) => setImmediate(resolve));
    };
    const packing = pack(store, { rest }).finally(() => {
      isPacking = false;
    });
    while (isPacking) {
      found.push([...new Set(await readAll(store, everything))]);
      reads += 1;
    }
    await packing;
    expect(reads).toBeGreaterThanOrEqual(4);
    for (const one of found) expect(one).toEqual(distinct);
    expect(await readAll(store, everything)).toEqual(distinct);
  });
});

describe('what was read of chunks is kept', () => {
  /** By way of another database, so that the store itself does not know of it. */
  async function deleteBehind(store: Store): Promise<void> {
    const other = await store.database('other');
    await other.write(sql`DELETE FROM default.number_chunks WHERE true`);
  }

  function within(samples: readonly WrittenSample[], afterMs: number, untilMs: number): readonly string[] {
    return shown(samples.filter(({ timeMs }) => timeMs > afterMs && timeMs <= untilMs));
  }

  test('for windows that move on within their hours, each of which gets its own samples', async () => {
    const samples = variedSamples(12);
    const random = seededRandom(13);
    const hourMs = dayMs / 24;
    const from = day + 16 * hourMs;
    await withStore('kept', async (store) => {
      await writeSamples(store, samples);
      await pack(store);
      await readAll(store, { afterMs: from, untilMs: from + 2 * hourMs });
      await deleteBehind(store);
      for (let round = 0; round < 20; round += 1) {
        const afterMs = from + Math.floor(random() * hourMs);
        const untilMs = from + 2 * hourMs + Math.floor(random() * hourMs);
        expect(await readAll(store, { afterMs, untilMs })).toEqual(within(samples, afterMs, untilMs));
      }
      const nextHour = { afterMs: from + hourMs, untilMs: from + 2 * hourMs };
      expect(await readAll(store, nextHour), 'other hours are another read').toEqual([]);
    });
  });

  test('and counted as the samples of the window that is asked for', async () => {
    const samples = [1, 2, 3, 4].flatMap((seriesId) =>
      Array.from({ length: 480 }, (_, index) => ({
        seriesId,
        timeMs: day + index * 15_000,
        bits: BigInt(index),
        flags: 0,
        startMs: 0,
      })),
    );
    const minute70 = day + 70 * 60_000;
    await withStore('counted', async (store) => {
      // Chunks up to minute 70, and chunks from there on.
      for (const isLater of [false, true]) {
        await writeSamples(
          store,
          samples.filter(({ timeMs }) => timeMs >= minute70 === isLater),
        );
        await pack(store);
      }
      for (const [fromMinute, toMinute] of [
        [62, 63],
        [80, 110],
        [65, 95],
        [61, 119],
      ] as const) {
        const [afterMs, untilMs] = [day + fromMinute * 60_000, day + toMinute * 60_000];
        let held = 0;
        await store.reader.numbers(
          { selection: sql`true`, afterMs, untilMs, withStarts: false },
          {
            held: (count) => {
              held += count;
            },
          },
        );
        const count = within(samples, afterMs, untilMs).length;
        expect(held).toBeGreaterThanOrEqual(count);
        // An estimate, rounded up for each chunk.
        expect(held).toBeLessThan(count * 1.02 + 16);
      }
    });
  });

  test('in memory of its own, not in that of who asked first', async () => {
    const samples = variedSamples(17);
    await withStore('arena', async (store) => {
      await writeSamples(store, samples);
      await pack(store);
      const allocated: Uint8Array[] = [];
      const allocate = (byteLength: number): Uint8Array<ArrayBuffer> => {
        const bytes = new Uint8Array(byteLength);
        allocated.push(bytes);
        return bytes;
      };
      await store.reader.numbers({ selection: sql`true`, ...everything, withStarts: true }, { allocate });
      await deleteBehind(store);
      for (const bytes of allocated) bytes.fill(255);
      expect(await readAll(store, everything)).toEqual(shown(samples));
    });
  });

  const samples = variedSamples(14);
  const secondDay = day + dayMs;
  const changes: readonly (readonly [string, (store: Store) => Promise<unknown>, typeof samples])[] = [
    [
      'samples that came late are packed',
      async (store) => {
        await writeSamples(store, variedSamples(15));
        await readAll(store, everything);
        await pack(store);
      },
      [...samples, ...variedSamples(15)],
    ],
    [
      'samples are deleted',
      (store) =>
        store.deleteNumbers({ series: sql`series_id = 3`, startMs: day, endMs: Number.POSITIVE_INFINITY }),
      samples.filter(({ seriesId }) => seriesId !== 3),
    ],
    [
      'days are dropped',
      (store) => store.dropDaysBefore(20260106),
      samples.filter(({ timeMs }) => timeMs >= secondDay),
    ],
    [
      'rows of the table are deleted',
      (store) => store.deleteRows('number_chunks', sql`series_id = 4`),
      samples.filter(({ seriesId }) => seriesId !== 4),
    ],
  ];

  test.each(changes)('until %s', async (name, change, left) => {
    await withStore(`until-${name}`, async (store) => {
      await writeSamples(store, samples);
      await pack(store);
      expect(await readAll(store, everything)).toEqual(shown(samples));
      await change(store);
      expect(await readAll(store, everything)).toEqual(shown(left));
    });
  });

  test('and forgotten before the samples that were packed leave the table before', async () => {
    const late = variedSamples(16);
    await withStore('moving', async (store) => {
      await writeSamples(store, samples);
      await pack(store);
      await readAll(store, everything);
      await writeSamples(store, late);
      const steps: MakerStep[] = [];
      const found: Promise<readonly string[]>[] = [];
      await pack(store, {
        reached: (step) => {
          steps.push(step);
          found.push(readAll(store, everything));
        },
      });
      expect(steps.filter((step) => step === 'dropped')).toHaveLength(2);
      for (const one of await Promise.all(found))
        expect([...new Set(one)]).toEqual(shown([...samples, ...late]));
    });
  });
});

describe('kill -9 in the middle of packing', () => {
  const samples = variedSamples(8, 30);
  const steps: readonly (readonly [MakerStep, number])[] = [
    ['marked', 1],
    ['sealed', 1],
    ['written', 1],
    ['packed', 1],
    ['dropped', 1],
    ['done', 1],
    ['marked', 2],
    ['sealed', 2],
    ['packed', 2],
  ];

  beforeAll(() => withStore('whole', (store) => writeSamples(store, samples)));

  test.each(steps)(
    'after "%s" for the %i. time: nothing is lost, nothing stays twice',
    async (step, times) => {
      const name = `killed-${step}-${times}`;
      cpSync(join(directory, 'whole'), join(directory, name), { recursive: true });
      await packAndDie(join(directory, name), step, times);
      await withStore(name, async (store) => {
        expect([...new Set(await readAll(store, everything))]).toEqual(shown(samples));
        await pack(store);
        expect(await readAll(store, everything)).toEqual(shown(samples));
        expect(await storedTwice(store)).toBe(0);
        expect(await countOf(store, 'number_points')).toBe(0);
        expect(await countOf(store, 'number_points_sealed')).toBe(0);
      });
    },
  );
});

async function packAndDie(name: string, step: MakerStep, times: number): Promise<void> {
  const script = fileURLToPath(new URL('./pack-and-die.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [script, name, step, String(times)], { stdio: 'inherit' });
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

test('packed samples tell of their series whether all lie alike and none falls, over all chunks', async () => {
  const places = Array.from({ length: 400 }, (_, index) => index);
  const bitsOf = (value: number): bigint => new BigUint64Array(Float64Array.of(value).buffer)[0] ?? 0n;
  const evenly = (index: number): number => day + index * 15_000;
  const series = (
    seriesId: number,
    timeOf: (index: number) => number,
    numberOf: (index: number) => number,
  ): readonly WrittenSample[] =>
    places.map((index) => ({
      ...{ seriesId, timeMs: timeOf(index), bits: bitsOf(numberOf(index)), flags: 0, startMs: 0 },
    }));
  const samples = [
    ...series(1, evenly, (index) => index * 3),
    ...series(2, evenly, () => 7).filter((_, index) => index !== 300),
    ...series(
      3,
      (index) => evenly(index) + (index === 7 ? 1 : 0),
      (index) => (index === 100 ? 1 : index),
    ),
    // Every hour a chunk of one sample, the last one less.
    ...series(
      4,
      (index) => day + index * 3_600_000,
      (index) => (index === 399 ? 0 : index),
    ),
    ...series(5, evenly, (index) => index / 100),
    ...series(6, evenly, (index) => (index === 350 ? Number.NaN : index)),
    ...series(7, evenly, (index) => Math.sin(index) * 1e-9),
  ];
  await withStore('shape', async (store) => {
    await writeSamples(store, samples);
    await pack(store);
    const slice = await store.reader.numbers({ selection: sql`true`, ...everything, withStarts: false });
    const found: unknown[] = [];
    for (const batch of slice.batches())
      for (const { seriesId, shape } of batch)
        found.push([Number(seriesId), shape.distanceMs, shape.neverFalls]);
    expect(found.toSorted()).toEqual([
      [1, 15_000, true],
      [2, undefined, true],
      [3, undefined, false],
      [4, 3_600_000, false],
      [5, 15_000, true],
      [6, 15_000, false],
      [7, 15_000, false],
    ]);
  });
});
