import type { SegmentInsert } from '../engine/engine.ts';
import type { Lends } from '../engine/lane.ts';
import { KnownSeries } from './known-series.ts';
import type { Segment, SegmentKinds } from './segment.ts';
import type { SeriesWriter } from './series-writer.ts';
import {
  exemplarStatement,
  explicitAsNativePoints,
  logStatement,
  pointStatement,
  resourceStatements,
  spanStatement,
} from './statements.ts';
import type { MetricKind } from './structure.ts';

/** Puts segments into the store, each exactly once however often it is asked to. */
export class Loader {
  readonly #lane: Lends;
  readonly #series: SeriesWriter;
  readonly #knownResources: KnownSeries = new KnownSeries();
  readonly #explicitAsNative: boolean;

  /** @param explicitAsNative whether explicit histograms are written as native ones, too */
  constructor(lane: Lends, series: SeriesWriter, explicitAsNative: boolean) {
    this.#lane = lane;
    this.#series = series;
    this.#explicitAsNative = explicitAsNative;
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
    this.#series.forget();
  }

  /** As with series: to write the same few resources again costs 20 ms, and 0.4 CPU-seconds per million spans. */
  async #loadResources(segment: Segment): Promise<void> {
    const resources = BigUint64Array.from(segment.resources ?? [], BigInt);
    if (resources.length > 0 && this.#knownResources.hasAll(resources)) return;
    await this.#run(resourceStatements[segment.signal], segment);
    this.#knownResources.add(resources);
  }

  async #loadMetrics(segment: Segment): Promise<void> {
    for (const [kind, points] of kindsOf(segment.kinds)) {
      const asNative = kind === 'histogram' && this.#explicitAsNative;
      await this.#run(pointStatement(kind), segment);
      if (asNative) await this.#run(explicitAsNativePoints(), segment);
      await this.#series.write(kind, points, segment, asNative);
      if (segment.kinds.exemplars > 0 && kind !== 'summary')
        await this.#run(exemplarStatement(kind), segment);
    }
  }

  async #run(statement: SegmentInsert, segment: Segment): Promise<void> {
    await this.#lane.lend((session) => session.insert(statement, segment));
  }
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
