import type { Signal } from '@maru/otlp';
import type { Lends } from '../engine/lane.ts';
import { decodeNative } from '../native/decode.ts';
import type { Sql } from '../sql.ts';
import { KnownSeries } from './known-series.ts';
import {
  exemplarStatement,
  type LoadStatement,
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

/** Puts segments into the store, each exactly once however often it is asked to. */
export class Loader {
  readonly #lane: Lends;
  readonly #knownSeries: KnownSeries = new KnownSeries();
  readonly #knownResources: KnownSeries<number> = new KnownSeries();

  constructor(lane: Lends) {
    this.#lane = lane;
  }

  /**
   * Loads one segment. Resources and series go first: a row that can be seen can be joined. Rejects with the
   * engine's error when it refuses; nothing of that table is in then (see `mayPass` for whether to try again).
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
    for (const kind of kindsOf(segment.kinds)) {
      await this.#loadSeries(kind, segment);
      await this.#run(pointStatement(kind), segment);
      if (segment.kinds.exemplars > 0 && kind !== 'summary')
        await this.#run(exemplarStatement(kind), segment);
    }
  }

  /**
   * Series are written when one is new or was last written ten minutes ago. To analyse the statement that names them
   * takes the engine 60 to 140 ms, whatever the segment's size; to list a segment's ids takes 9.
   */
  async #loadSeries(kind: MetricKind, segment: Segment): Promise<void> {
    const ids = await this.#seriesIds(kind, segment);
    if (this.#knownSeries.hasAll(ids)) return;
    await this.#run(seriesStatement(kind), segment);
    this.#knownSeries.add(ids);
  }

  async #seriesIds(kind: MetricKind, segment: Segment): Promise<BigUint64Array> {
    const query = seriesIdsQuery(kind, segment.path);
    const bytes = await this.#lane.lend((session) => session.run(query.text, 'Native'));
    const column = decodeNative(bytes).column('series_id');
    return column.kind === 'uint' ? column.values : new BigUint64Array();
  }

  async #run(statement: LoadStatement, segment: Segment): Promise<void> {
    const text: Sql = statement.statement(segment.path, segment.token);
    await this.#lane.lend((session) => session.run(text.text, 'Null'));
  }
}

function kindsOf(kinds: SegmentKinds): readonly MetricKind[] {
  const counts: readonly (readonly [MetricKind, number])[] = [
    ['number', kinds.number],
    ['histogram', kinds.histogram],
    ['exponential_histogram', kinds.exponentialHistogram],
    ['summary', kinds.summary],
    ['native_histogram', kinds.nativeHistogram],
  ];
  return counts.filter(([, count]) => count > 0).map(([kind]) => kind);
}
