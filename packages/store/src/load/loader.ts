import type { Signal } from '@maru/otlp';
import type { SegmentInsert } from '../engine/engine.ts';
import type { Lends } from '../engine/lane.ts';
import { decodeNative } from '../native/decode.ts';
import type { Columns } from '../reader.ts';
import type { Sql } from '../sql.ts';
import { KnownSeries } from './known-series.ts';
import {
  exemplarStatement,
  explicitAsNativePoints,
  explicitAsNativeSeries,
  forgetInsertedSeries,
  insertedSeriesQuery,
  logStatement,
  pointStatement,
  resourceStatements,
  seriesIdsQuery,
  seriesStatement,
  spanStatement,
} from './statements.ts';
import type { MetricKind } from './structure.ts';

/** A sealed segment as the loader takes it: length-delimited export requests, checked. */
export interface Segment {
  readonly signal: Signal;
  /** Absolute path. */
  readonly path: string;
  /** The same for the same content and never for another: what a repeated load is recognised by. */
  readonly token: string;
  /** Which kinds of points a metrics segment holds, so that no statement runs for nothing. */
  readonly kinds: SegmentKinds;
  /** A number for each resource, the same for the same content. When left out the resources are always written. */
  readonly resources?: readonly number[];
}

/** Points by kind and exemplars in a metrics segment. */
export interface SegmentKinds {
  readonly number: number;
  readonly histogram: number;
  readonly exponentialHistogram: number;
  readonly summary: number;
  readonly exemplars: number;
  readonly nativeHistogram: number;
}

const idsAtOnce = 2_000;

export interface LoaderOptions {
  /** Whether explicit histograms are written as native ones, too. */
  readonly explicitAsNative: boolean;
  /** Told after rows of `metric_series` were written. */
  readonly seriesWritten: () => void;
}

/** Puts segments into the store, each exactly once however often it is asked to. */
export class Loader {
  readonly #lane: Lends;
  readonly #knownSeries: KnownSeries = new KnownSeries();
  readonly #knownResources: KnownSeries<number> = new KnownSeries();

  readonly #options: LoaderOptions;

  constructor(lane: Lends, options: LoaderOptions) {
    this.#lane = lane;
    this.#options = options;
  }

  /**
   * Loads one segment. Resources go first: a row that can be seen can be joined. Series follow their points at once; who
   * asks for points asks for series first, so none is seen without. Rejects with the engine's error when it refuses; nothing of that table is in then (see `mayPass` for whether to try again).
   */
  async load(segment: Segment): Promise<void> {
    await this.#loadResources(segment);
    if (segment.signal === 'traces') await this.#run(spanStatement, segment);
    else if (segment.signal === 'logs') await this.#run(logStatement, segment);
    else await this.#loadMetrics(segment);
  }

  /** Series are written anew when they come again: some may have been deleted. */
  forgetSeries(): void {
    this.#knownSeries.clear();
  }

  /** As with series: to write the same few resources again costs 20 ms, and 0.4 CPU-seconds per million spans. */
  async #loadResources(segment: Segment): Promise<void> {
    const { resources = [] } = segment;
    if (resources.length > 0 && this.#knownResources.hasAll(resources)) return;
    await this.#run(resourceStatements[segment.signal], segment);
    this.#knownResources.add(resources);
  }

  async #loadMetrics(segment: Segment): Promise<void> {
    for (const [kind, points] of kindsOf(segment.kinds)) {
      await this.#run(pointStatement(kind), segment);
      const ids = await this.#loadSeries(kind, points, segment);
      if (kind === 'histogram' && this.#options.explicitAsNative) await this.#loadAsNative(ids, segment);
      if (segment.kinds.exemplars > 0 && kind !== 'summary')
        await this.#run(exemplarStatement(kind), segment);
    }
  }

  /**
   * Series are written when one is new or was last written ten minutes ago. To analyse the statement that names them
   * takes the engine 60 to 140 ms, whatever the segment's size; to see that none is new takes 3.
   */
  async #loadSeries(kind: MetricKind, points: number, segment: Segment): Promise<BigUint64Array> {
    const ids = (await this.#insertedSeries(kind, points)) ?? (await this.#seriesOfFile(kind, segment));
    if (this.#knownSeries.hasAll(ids)) return ids;
    await this.#writeSeries(() => this.#run(seriesStatement(kind), segment));
    this.#knownSeries.add(ids);
    return ids;
  }

  /**
   * The series of the points that were inserted just now, unless these are not all of the segment's points: those of a
   * segment that is loaded again were left out by the engine, and a load that failed half way may have left some.
   */
  async #insertedSeries(kind: MetricKind, points: number): Promise<BigUint64Array | undefined> {
    const inserted = await this.#columns(insertedSeriesQuery(kind));
    await this.#lane.lend((session) => session.run(forgetInsertedSeries(kind).text, 'Null'));
    const counted = uints(inserted, 'points').reduce((sum, count) => sum + count, 0n);
    return counted === BigInt(points) ? uints(inserted, 'series_id') : undefined;
  }

  /** A list of ids may not be longer than the engine parses at once. */
  async #loadAsNative(ids: BigUint64Array, segment: Segment): Promise<void> {
    await this.#run(explicitAsNativePoints(), segment);
    await this.#lane.lend((session) => session.run(forgetInsertedSeries('native_histogram').text, 'Null'));
    for (let from = 0; from < ids.length; from += idsAtOnce) {
      const statement = explicitAsNativeSeries(ids.subarray(from, from + idsAtOnce));
      await this.#writeSeries(() => this.#lane.lend((session) => session.run(statement.text, 'Null')));
    }
  }

  /** Whatever became of the write, part of it may be there. */
  async #writeSeries(write: () => Promise<unknown>): Promise<void> {
    try {
      await write();
    } finally {
      this.#options.seriesWritten();
    }
  }

  async #seriesOfFile(kind: MetricKind, segment: Segment): Promise<BigUint64Array> {
    return uints(await this.#columns(seriesIdsQuery(kind, segment.path)), 'series_id');
  }

  async #columns(query: Sql): Promise<Columns> {
    return decodeNative(await this.#lane.lend((session) => session.run(query.text, 'Native')));
  }

  async #run(statement: SegmentInsert, segment: Segment): Promise<void> {
    await this.#lane.lend((session) => session.insert(statement, segment));
  }
}

/** A column of 64-bit numbers; an empty result has no column at all. */
function uints(columns: Columns, name: string): BigUint64Array {
  if (columns.rowCount === 0) return new BigUint64Array();
  const column = columns.column(name);
  return column.kind === 'uint' ? column.values : new BigUint64Array();
}

/** The kinds that a segment has points of, with their number. */
function kindsOf(kinds: SegmentKinds): readonly (readonly [MetricKind, number])[] {
  const counts: readonly (readonly [MetricKind, number])[] = [
    ['number', kinds.number],
    ['histogram', kinds.histogram],
    ['exponential_histogram', kinds.exponentialHistogram],
    ['summary', kinds.summary],
    ['native_histogram', kinds.nativeHistogram],
  ];
  return counts.filter(([, count]) => count > 0);
}
