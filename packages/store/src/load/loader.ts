import type { SegmentInsert } from '../engine/engine.ts';
import type { Lends } from '../engine/lane.ts';
import { SpanLoader } from './columns/span-loader.ts';
import { KnownSeries } from './known-series.ts';
import { type MarkedResource, markedResources } from './resource-marks.ts';
import type { Segment, SegmentKinds } from './segment.ts';
import type { SeriesWriter } from './series-writer.ts';
import {
  exemplarStatement,
  explicitAsNativePoints,
  logStatement,
  pointStatement,
  resourceStatements,
} from './statements.ts';
import type { MetricKind } from './structure.ts';

/** Puts segments into the store, each exactly once however often it is asked to. */
export class Loader {
  readonly #lane: Lends;
  readonly #series: SeriesWriter;
  readonly #spans: SpanLoader;
  readonly #knownResources: KnownSeries = new KnownSeries();
  readonly #explicitAsNative: boolean;

  /** @param explicitAsNative whether explicit histograms are written as native ones, too */
  constructor(lane: Lends, series: SeriesWriter, explicitAsNative: boolean) {
    this.#lane = lane;
    this.#series = series;
    this.#spans = new SpanLoader(lane);
    this.#explicitAsNative = explicitAsNative;
  }

  /**
   * Loads one segment. Resources go first: a row that can be seen can be joined. Series follow their points at once; who
   * asks for points asks for series first, so none is seen without. Rejects with the engine's error when it refuses; nothing of that table is in then (see `mayPass` for whether to try again).
   */
  async load(segment: Segment): Promise<void> {
    const resources = segment.content && markedResources(segment.content);
    await this.#loadResources(segment, resources);
    if (segment.signal === 'traces') await this.#spans.load(segment, resources);
    else if (segment.signal === 'logs') await this.#run(logStatement, segment);
    else await this.#loadMetrics(segment);
  }

  /** Series are written anew when they come again: some may have been deleted. */
  forgetSeries(): void {
    this.#series.forget();
  }

  /** To be called when nothing waits to be loaded: lets large memory go. */
  rest(): void {
    this.#spans.rest();
  }

  /** As with series: to write the same few resources again costs 20 ms, and 0.4 CPU-seconds per million spans. */
  async #loadResources(segment: Segment, resources: readonly MarkedResource[] = []): Promise<void> {
    const marks = BigUint64Array.from(resources, ({ mark }) => BigInt(mark));
    if (marks.length > 0 && this.#knownResources.hasAll(marks)) return;
    await this.#run(resourceStatements[segment.signal], segment);
    this.#knownResources.add(marks);
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
