import { join, type Sql, sql } from '../sql.ts';
import type { Database } from '../store.ts';

/** One sample as it is written. */
export interface WrittenSample {
  readonly seriesId: number;
  readonly timeMs: number;
  /** The value's bits. */
  readonly bits: bigint;
  readonly flags: number;
  readonly startMs: number;
}

const metricOf = (seriesId: number): string => `metric_${seriesId % 3}`;

/** Puts samples into the table that is loaded into, in one part a day. */
export async function writeSamples(
  { write }: Pick<Database, 'write'>,
  samples: readonly WrittenSample[],
): Promise<void> {
  const rows = samples.map(
    ({ seriesId, timeMs, bits, flags, startMs }) =>
      sql`(${metricOf(seriesId)}, ${seriesId}, ${moment(timeMs)}, ${moment(startMs)}, reinterpretAsFloat64(toUInt64(${bits})), ${flags})`,
  );
  for (let from = 0; from < rows.length; from += 500) {
    const some = join(rows.slice(from, from + 500), ', ');
    await write(sql`INSERT INTO number_points (metric_name, series_id, time, start_time, value, flags)
      SELECT v.1, v.2, v.3, v.4, v.5, v.6 FROM (SELECT arrayJoin([${some}]) AS v)`);
  }
}

function moment(milliseconds: number): Sql {
  return sql`fromUnixTimestamp64Milli(toInt64(${milliseconds}), 'UTC')`;
}

/** What a read finds, in order of series and time, a sample that was found twice twice. */
export async function readAll(
  { reader }: Pick<Database, 'reader'>,
  { afterMs, untilMs }: { readonly afterMs: number; readonly untilMs: number },
): Promise<readonly string[]> {
  const slice = await reader.numbers({ selection: sql`true`, afterMs, untilMs, withStarts: true });
  const found: WrittenSample[] = [];
  for (const batch of slice.batches()) {
    for (const { seriesId, times, values, flags, starts } of batch) {
      const bits = new BigUint64Array(values.slice().buffer);
      for (const [index, timeMs] of times.entries()) {
        const [flag, startMs] = [flags[index] ?? 0, starts?.[index] ?? 0];
        found.push({ seriesId: Number(seriesId), timeMs, bits: bits[index] ?? 0n, flags: flag, startMs });
      }
    }
  }
  return shown(found);
}

/** Samples as texts, sorted. */
export function shown(samples: readonly WrittenSample[]): readonly string[] {
  return samples
    .map(
      ({ seriesId, timeMs, bits, flags, startMs }) =>
        `${String(seriesId).padStart(4)} ${new Date(timeMs).toISOString()} ${bits.toString(16)} ${flags} ${startMs}`,
    )
    .sort();
}
