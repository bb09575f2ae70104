import { type Labels, labelsKey, metricName } from '@maru/query-core';
import { join, type Sql, type Store, sql } from '@maru/store';
import { customHistograms } from './custom-histograms.ts';
import type { NativeSeries } from './native-series.ts';
import { nameOf, type Point, type SeriesLine, type StartLine } from './notation.ts';
import type { LoadCommand } from './script.ts';

/** Puts the series of scripts into a store, as a receiver of remote write would. */
export class ScriptLoader {
  readonly #store: Store;
  readonly #ids = new Map<string, number>();

  readonly #natives: NativeSeries;

  constructor(store: Store, natives: NativeSeries) {
    this.#store = store;
    this.#natives = natives;
  }

  /** Forgets all series. */
  async clear(): Promise<void> {
    this.#ids.clear();
    this.#natives.clear();
    await this.#store.write(sql`TRUNCATE TABLE metric_series`);
    await this.#store.write(sql`TRUNCATE TABLE number_points`);
  }

  /** Loads series: numbers into the store, native histograms beside it. */
  async load({ series, starts, stepMs, withNative }: LoadCommand): Promise<void> {
    await this.#addSeries(series.map((line) => line.labels));
    const startAt = startFinder(starts, stepMs);
    await this.#addPoints(series, stepMs, startAt);
    for (const { labels, points } of withNative ? [...series, ...customHistograms(series)] : series) {
      for (const [index, point] of points.entries()) {
        if (typeof point === 'object') {
          this.#natives.add(labels, index * stepMs, point.histogram, startAt(labels, index));
        }
      }
    }
  }

  async #addSeries(labels: readonly Labels[]): Promise<void> {
    const fresh = labels.filter((one) => !this.#ids.has(labelsKey(one)));
    const rows = fresh.map((one) => seriesRow(one, this.#idOf(one)));
    if (rows.length === 0) return;
    const columns = sql`metric_name, series_id, metric_type, prometheus_name, labels`;
    await this.#store.write(sql`INSERT INTO metric_series (${columns}) ${join(rows, ' UNION ALL ')}`);
  }

  #idOf(labels: Labels): number {
    const key = labelsKey(labels);
    const id = this.#ids.get(key) ?? this.#ids.size + 1;
    this.#ids.set(key, id);
    return id;
  }

  async #addPoints(series: readonly SeriesLine[], stepMs: number, startAt: StartFinder): Promise<void> {
    for (const line of series) {
      const samples = line.points
        .map((point, index) => ({ point, time: index * stepMs, start: startAt(line.labels, index) }))
        .filter(({ point }) => point !== 'none' && typeof point !== 'object');
      // One statement holds no more than the engine parses at once (256 KiB).
      for (let from = 0; from < samples.length; from += 2000) {
        await this.#store.write(
          pointsStatement(line, this.#idOf(line.labels), samples.slice(from, from + 2000)),
        );
      }
    }
  }
}

function seriesRow(labels: Labels, id: number): Sql {
  const pairs = [...labels].filter(([name]) => name !== metricName);
  const keys = list(pairs.map(([name]) => sql`${name}`));
  const values = list(pairs.map(([, value]) => sql`${value}`));
  const map = sql`CAST(mapFromArrays(CAST(${keys}, 'Array(String)'), CAST(${values}, 'Array(String)')), 'Map(String, String)')`;
  return sql`SELECT ${nameOf(labels)}, ${id}, 'gauge', ${nameOf(labels)}, ${map}`;
}

interface Sample {
  readonly point: Point;
  readonly time: number;
  readonly start: number;
}

/** The start time of a sample by its series and place, in milliseconds; 0 when the script names none. */
type StartFinder = (labels: Labels, index: number) => number;

function startFinder(lines: readonly StartLine[], stepMs: number): StartFinder {
  const byKey = new Map(lines.map(({ labels, offsets }) => [labelsKey(labels), offsets]));
  return (labels, index) => {
    const offset = byKey.get(labelsKey(labels))?.[index];
    return offset === undefined ? 0 : index * stepMs + offset;
  };
}

function pointsStatement(line: SeriesLine, id: number, samples: readonly Sample[]): Sql {
  const times = list(samples.map(({ time }) => sql`${time}`));
  const values = list(samples.map(({ point }) => sql`${typeof point === 'number' ? point : 0}`));
  const starts = list(samples.map(({ start }) => sql`${start}`));
  const flags = list(samples.map(({ point }) => sql`${point === 'stale' ? 1 : 0}`));
  return sql`INSERT INTO number_points (metric_name, series_id, time, start_time, value, flags)
    SELECT ${nameOf(line.labels)}, ${id}, fromUnixTimestamp64Milli(CAST(s.1, 'Int64'), 'UTC'),
      fromUnixTimestamp64Milli(CAST(s.4, 'Int64'), 'UTC'), toFloat64(s.2), s.3
    FROM (SELECT arrayJoin(arrayZip(${times}, ${values}, ${flags}, ${starts})) AS s)`;
}

function list(items: readonly Sql[]): Sql {
  return sql`[${join(items, ', ')}]`;
}
