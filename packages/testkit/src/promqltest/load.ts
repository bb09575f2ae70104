import type { NativeHistogram } from '@maru/promql';
import { nameOf, type Point, type SeriesLine } from '@maru/promql';
import { type Labels, labelsKey, metricName } from '@maru/query-core';
import { join, type Sql, type Store, sql } from '@maru/store';
import { customHistograms } from './custom-histograms.ts';
import type { LoadCommand } from './script.ts';
import { type StartFinder, startFinder } from './start-times.ts';

type Kind = 'gauge' | 'native_histogram';

const tables: Readonly<Record<Kind, Sql>> = {
  gauge: sql`number_points (metric_name, series_id, time, start_time, value, flags)`,
  native_histogram: sql`native_histogram_points (metric_name, series_id, time, start_time, count, sum, schema,
    zero_count, zero_threshold, positive_indexes, positive_counts, negative_indexes, negative_counts, custom_bounds, reset_hint)`,
};

/**
 * Puts the series of scripts into a store's tables, as the loader does with what remote write sends. Every other load is
 * packed with what lies there, so that scripts meet samples as rows, as chunks, and as both.
 */
export class ScriptLoader {
  readonly #store: Store;
  readonly #ids = new Map<string, number>();
  #loads = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Forgets all series. */
  async clear(): Promise<void> {
    if (this.#ids.size === 0) return;
    this.#ids.clear();
    for (const table of [
      sql`metric_series`,
      sql`number_points`,
      sql`number_chunks`,
      sql`native_histogram_points`,
    ]) {
      await this.#store.write(sql`TRUNCATE TABLE ${table}`);
    }
  }

  async load({ series, starts, stepMs, withNative }: LoadCommand): Promise<void> {
    const lines = withNative ? [...series, ...customHistograms(series)] : series;
    const startAt = startFinder(starts, stepMs);
    await this.#addKind('gauge', lines, stepMs, startAt);
    await this.#addKind('native_histogram', lines, stepMs, startAt);
    this.#loads += 1;
    if (this.#loads % 2 === 0) await this.#store.chunks?.pack();
  }

  async #addKind(
    kind: Kind,
    lines: readonly SeriesLine[],
    stepMs: number,
    startAt: StartFinder,
  ): Promise<void> {
    const isOfKind = (point: Point) =>
      kind === 'gauge' ? typeof point === 'number' || point === 'stale' : typeof point === 'object';
    const found = lines.filter(({ points }) => points.some(isOfKind));
    await this.#addSeries(kind, found);
    const rows = found.flatMap(({ labels, points }) =>
      [...points.entries()]
        .filter(([, point]) => isOfKind(point))
        .map(([index, point]) =>
          pointRow(labels, this.#idOf(kind, labels), point, index * stepMs, startAt(labels, index)),
        ),
    );
    // One statement holds no more than the engine parses at once (256 KiB).
    for (let from = 0; from < rows.length; from += rowsAtOnce) {
      const some = join(rows.slice(from, from + rowsAtOnce), ', ');
      await this.#store.write(sql`INSERT INTO ${tables[kind]} VALUES ${some}`);
    }
  }

  async #addSeries(kind: Kind, lines: readonly SeriesLine[]): Promise<void> {
    const fresh = lines.filter(({ labels }) => !this.#ids.has(keyOf(kind, labels)));
    const rows = fresh.map(({ labels }) => seriesRow(kind, labels, this.#idOf(kind, labels)));
    if (rows.length === 0) return;
    await this.#store.write(
      sql`INSERT INTO metric_series (metric_name, series_id, metric_type, prometheus_name, labels) VALUES ${join(rows, ', ')}`,
    );
  }

  #idOf(kind: Kind, labels: Labels): number {
    const key = keyOf(kind, labels);
    const id = this.#ids.get(key) ?? this.#ids.size + 1;
    this.#ids.set(key, id);
    return id;
  }
}

const rowsAtOnce = 1000;

function keyOf(kind: Kind, labels: Labels): string {
  return `${kind} ${labelsKey(labels)}`;
}

function seriesRow(kind: Kind, labels: Labels, id: number): Sql {
  const pairs = [...labels].filter(([name]) => name !== metricName);
  const map = sql`map(${join(
    pairs.flat().map((text) => sql`${text}`),
    ', ',
  )})`;
  return sql`(${nameOf(labels)}, ${id}, ${kind}, ${nameOf(labels)}, ${map})`;
}

function pointRow(labels: Labels, id: number, point: Point, timeMs: number, startMs: number): Sql {
  const row = sql`${nameOf(labels)}, ${id}, ${timeOf(timeMs)}, ${timeOf(startMs)}`;
  if (typeof point === 'object') return sql`(${row}, ${histogramColumns(point.histogram)})`;
  return sql`(${row}, ${typeof point === 'number' ? point : 0}, ${point === 'stale' ? 1 : 0})`;
}

/** As text, which the engine reads without evaluating an expression for each row. */
function timeOf(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('T', ' ').replace('Z', '');
}

const hints: Readonly<Record<NativeHistogram['resetHint'], number>> = {
  unknown: 0,
  reset: 1,
  notReset: 0,
  gauge: 3,
};

function histogramColumns(histogram: NativeHistogram): Sql {
  const { count, sum, schema, zeroCount, zeroThreshold, positive, negative, customBounds, resetHint } =
    histogram;
  const numbers = sql`${count}, ${sum}, ${schema}, ${zeroCount}, ${zeroThreshold}`;
  const arrays = [positive.indexes, positive.counts, negative.indexes, negative.counts, customBounds].map(
    list,
  );
  return sql`${numbers}, ${join(arrays, ', ')}, ${hints[resetHint]}`;
}

function list(items: ArrayLike<number>): Sql {
  return sql`[${join(
    Array.from(items, (item) => sql`${item}`),
    ', ',
  )}]`;
}
