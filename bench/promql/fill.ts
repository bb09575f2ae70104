import { type Store, sql } from '@maru/store';
import { type BenchMetric, endMs, stepMs } from './metrics.ts';

/** Puts a metric into the store, made in the engine as `labelsOf` and `sampleValue` say. */
export async function fillStore(store: Store, { name, kind, series, samples }: BenchMetric): Promise<void> {
  const labels =
    kind === 'counter'
      ? sql`map('code', toString(200 + number % 5), 'instance', concat('i', toString(number)))`
      : sql`map('instance', concat('i', toString(intDiv(number, 10))),
          'le', if(number % 10 = 9, '+Inf', toString(number % 10 + 1)), 'route', toString(intDiv(number, 10) % 20))`;
  await store.write(sql`INSERT INTO metric_series (metric_name, series_id, metric_type, prometheus_name, labels, first_time, last_time)
    SELECT ${name}, cityHash64(${name}, number), 'sum', ${name}, ${labels},
      fromUnixTimestamp64Milli(toInt64(${endMs - samples * stepMs}), 'UTC'), fromUnixTimestamp64Milli(toInt64(${endMs}), 'UTC')
    FROM numbers(${series})`);
  await store.write(sql`INSERT INTO number_points (metric_name, series_id, time, start_time, value, flags)
    SELECT ${name}, cityHash64(${name}, series), fromUnixTimestamp64Milli(toInt64(${endMs} - (${samples} - 1 - sample) * ${stepMs}), 'UTC'), 0,
      (sample + 1) * (1 + series % 10) + (series * 13 + sample * 7) % 2, 0
    FROM (SELECT intDiv(number, ${samples}) AS series, number % ${samples} AS sample FROM numbers(${series * samples}))`);
}
