import { type Store, sql } from '@maru/store';

const samples = 480;
const stepMs = 15_000;

/** So many counters and as many buckets, made in the engine: growing by whole numbers, each from a start of its own. */
export async function fillCounters(store: Store, series: number): Promise<void> {
  await store.write(sql`INSERT INTO metric_series (metric_name, series_id, metric_type, prometheus_name, labels)
    SELECT 'requests_total', number + 1, 'sum', 'requests_total',
      map('code', toString(200 + number % 5), 'instance', concat('i', toString(number)))
    FROM numbers(${series})`);
  await store.write(sql`INSERT INTO metric_series (metric_name, series_id, metric_type, prometheus_name, labels)
    SELECT 'duration_bucket', number + 1000001, 'sum', 'duration_bucket',
      map('le', if(number % 10 = 9, '+Inf', toString(number % 10 + 1)), 'route', toString(intDiv(number, 10) % 20),
        'instance', concat('i', toString(intDiv(number, 10))))
    FROM numbers(${series})`);
  await fillPoints(store, 'requests_total', 1, series);
  await fillPoints(store, 'duration_bucket', 1_000_001, series);
}

function fillPoints(store: Store, name: string, firstId: number, series: number): Promise<unknown> {
  return store.write(sql`INSERT INTO number_points (metric_name, series_id, time, start_time, value, flags)
    SELECT ${name}, ${firstId} + intDiv(number, ${samples}),
      fromUnixTimestamp64Milli(toInt64((number % ${samples} + 1) * ${stepMs}), 'UTC'), 0,
      (number % ${samples} + 1) * (1 + intDiv(number, ${samples}) % 10) + cityHash64(number) % 2, 0
    FROM numbers(${series * samples})`);
}
