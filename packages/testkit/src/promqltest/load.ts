import { type Labels, labelsKey, labelsOf, metricName } from '@maru/query-core';
import { join, type Sql, type Store, sql } from '@maru/store';
import { nameOf, type Point, type SeriesLine } from './notation.ts';
import type { LoadCommand } from './script.ts';

/** Puts the series of scripts into a store, as a receiver of remote write would. */
export class ScriptLoader {
  readonly #store: Store;
  readonly #ids = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** Forgets all series. */
  async clear(): Promise<void> {
    this.#ids.clear();
    await this.#store.write(sql`TRUNCATE TABLE metric_series`);
    await this.#store.write(sql`TRUNCATE TABLE number_points`);
  }

  /**
   * Loads series. Native histograms are kept as series without points: a query that would find one is refused, which
   * is what the engine does with them.
   */
  async load({ series, stepMs, withNative }: LoadCommand): Promise<void> {
    const natives = series.filter((line) => line.points.includes('histogram')).map((line) => line.labels);
    if (withNative) natives.push(...series.flatMap((line) => nativeOf(line.labels)));
    await this.#addSeries(
      series.map((line) => line.labels),
      'gauge',
    );
    await this.#addSeries(natives, 'exponential_histogram');
    await this.#addPoints(series, stepMs);
  }

  async #addSeries(labels: readonly Labels[], type: 'gauge' | 'exponential_histogram'): Promise<void> {
    const fresh = labels.filter((one) => !this.#ids.has(type + labelsKey(one)));
    const rows = fresh.map((one) => seriesRow(one, type, this.#idOf(one, type)));
    if (rows.length === 0) return;
    const columns = sql`metric_name, series_id, metric_type, prometheus_name, labels`;
    await this.#store.write(sql`INSERT INTO metric_series (${columns}) ${join(rows, ' UNION ALL ')}`);
  }

  #idOf(labels: Labels, type: string): number {
    const key = type + labelsKey(labels);
    const id = this.#ids.get(key) ?? this.#ids.size + 1;
    this.#ids.set(key, id);
    return id;
  }

  async #addPoints(series: readonly SeriesLine[], stepMs: number): Promise<void> {
    for (const line of series) {
      const samples = line.points
        .map((point, index) => ({ point, time: index * stepMs }))
        .filter(({ point }) => point !== 'none' && point !== 'histogram');
      // One statement holds no more than the engine parses at once (256 KiB).
      for (let from = 0; from < samples.length; from += 2000) {
        await this.#store.write(
          pointsStatement(line, this.#idOf(line.labels, 'gauge'), samples.slice(from, from + 2000)),
        );
      }
    }
  }
}

function seriesRow(labels: Labels, type: string, id: number): Sql {
  const pairs = [...labels].filter(([name]) => name !== metricName);
  const keys = list(pairs.map(([name]) => sql`${name}`));
  const values = list(pairs.map(([, value]) => sql`${value}`));
  const map = sql`CAST(mapFromArrays(CAST(${keys}, 'Array(String)'), CAST(${values}, 'Array(String)')), 'Map(String, String)')`;
  return sql`SELECT ${nameOf(labels)}, ${id}, ${type}, ${nameOf(labels)}, ${map}`;
}

interface Sample {
  readonly point: Point;
  readonly time: number;
}

function pointsStatement(line: SeriesLine, id: number, samples: readonly Sample[]): Sql {
  const times = list(samples.map(({ time }) => sql`${time}`));
  const values = list(samples.map(({ point }) => sql`${typeof point === 'number' ? point : 0}`));
  const flags = list(samples.map(({ point }) => sql`${point === 'stale' ? 1 : 0}`));
  return sql`INSERT INTO number_points (metric_name, series_id, time, start_time, value, flags)
    SELECT ${nameOf(line.labels)}, ${id}, fromUnixTimestamp64Milli(CAST(s.1, 'Int64'), 'UTC'), 0, toFloat64(s.2), s.3
    FROM (SELECT arrayJoin(arrayZip(${times}, ${values}, ${flags})) AS s)`;
}

function list(items: readonly Sql[]): Sql {
  return sql`[${join(items, ', ')}]`;
}

/** The native histogram that a classic series belongs to. */
function nativeOf(labels: Labels): readonly Labels[] {
  const base = /^(.*)_(?:bucket|count|sum)$/.exec(nameOf(labels))?.[1];
  if (base === undefined) return [];
  const rest = [...labels].filter(([name]) => name !== 'le' && name !== metricName);
  return [labelsOf([...rest, [metricName, base]])];
}
