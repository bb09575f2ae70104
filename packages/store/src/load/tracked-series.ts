import type { Lends } from '../engine/lane.ts';
import { decodeNative } from '../native/decode.ts';
import type { Columns } from '../reader.ts';
import type { Sql } from '../sql.ts';
import { KnownSeries } from './known-series.ts';
import type { Segment } from './segment.ts';
import type { SeriesWriter } from './series-writer.ts';
import {
  explicitAsNativeSeries,
  forgetInsertedSeries,
  insertedSeriesQuery,
  seriesIdsQuery,
  seriesStatement,
} from './statements.ts';
import type { MetricKind } from './structure.ts';

const idsAtOnce = 2_000;

/**
 * Where nobody else loads: a view tells which series the points inserted last were of, and this process knows what it has
 * written lately. Series are written when one is new or was last written ten minutes ago. To analyse the statement that
 * names them takes the engine 60 to 140 ms, whatever the segment's size; to see that none is new takes 3.
 */
export class TrackedSeries implements SeriesWriter {
  readonly #lane: Lends;
  readonly #written: () => void;
  readonly #known: KnownSeries = new KnownSeries();

  /** @param written told after rows of `metric_series` were written */
  constructor(lane: Lends, written: () => void) {
    this.#lane = lane;
    this.#written = written;
  }

  async write(kind: MetricKind, points: number, segment: Segment, asNative: boolean): Promise<void> {
    const ids = (await this.#inserted(kind, points)) ?? (await this.#ofFile(kind, segment));
    if (!this.#known.hasAll(ids)) {
      await this.#writing(() => this.#lane.lend((session) => session.insert(seriesStatement(kind), segment)));
      this.#known.add(ids);
    }
    if (asNative) await this.#writeNative(ids);
  }

  forget(): void {
    this.#known.clear();
  }

  /**
   * The series of the points that were inserted just now, unless these are not all of the segment's points: those of a
   * segment that is loaded again were left out by the engine, and a load that failed half way may have left some.
   */
  async #inserted(kind: MetricKind, points: number): Promise<BigUint64Array | undefined> {
    const inserted = await this.#columns(insertedSeriesQuery(kind));
    await this.#run(forgetInsertedSeries(kind));
    const counted = uints(inserted, 'points').reduce((sum, count) => sum + count, 0n);
    return counted === BigInt(points) ? uints(inserted, 'series_id') : undefined;
  }

  async #ofFile(kind: MetricKind, segment: Segment): Promise<BigUint64Array> {
    return uints(await this.#columns(seriesIdsQuery(kind, segment.path)), 'series_id');
  }

  /** A list of ids may not be longer than the engine parses at once. */
  async #writeNative(ids: BigUint64Array): Promise<void> {
    await this.#run(forgetInsertedSeries('native_histogram'));
    for (let from = 0; from < ids.length; from += idsAtOnce)
      await this.#writing(() => this.#run(explicitAsNativeSeries(ids.subarray(from, from + idsAtOnce))));
  }

  /** Whatever became of the write, part of it may be there. */
  async #writing(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } finally {
      this.#written();
    }
  }

  async #columns(query: Sql): Promise<Columns> {
    return decodeNative(await this.#lane.lend((session) => session.run(query.text, 'Native')));
  }

  async #run(statement: Sql): Promise<void> {
    await this.#lane.lend((session) => session.run(statement.text, 'Null'));
  }
}

/** A column of 64-bit numbers; an empty result has no column at all. */
function uints(columns: Columns, name: string): BigUint64Array {
  if (columns.rowCount === 0) return new BigUint64Array();
  const column = columns.column(name);
  return column.kind === 'uint' ? column.values : new BigUint64Array();
}
