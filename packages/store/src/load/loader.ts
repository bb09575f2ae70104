import type { SegmentInsert } from '../engine/engine.ts';
import type { Lends } from '../engine/lane.ts';
import { ColumnLoader } from './columns/column-loader.ts';
import type { LogColumns } from './columns/log-columns.ts';
import { logSource } from './columns/log-reader.ts';
import type { SpanColumns } from './columns/span-columns.ts';
import { spanSource } from './columns/span-reader.ts';
import { KnownSeries } from './known-series.ts';
import { ResourceIdentities } from './resource-identities.ts';
import { type MarkedResource, markedResources } from './resource-marks.ts';
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
  readonly #identities: ResourceIdentities;
  readonly #spans: ColumnLoader<SpanColumns>;
  readonly #logs: ColumnLoader<LogColumns>;
  readonly #knownResources: KnownSeries = new KnownSeries();
  readonly #explicitAsNative: boolean;

  /** @param explicitAsNative whether explicit histograms are written as native ones, too */
  constructor(lane: Lends, series: SeriesWriter, explicitAsNative: boolean) {
    this.#lane = lane;
    this.#series = series;
    this.#identities = new ResourceIdentities(lane);
    this.#spans = new ColumnLoader(lane, spanSource(), spanStatement);
    this.#logs = new ColumnLoader(lane, logSource(), logStatement);
    this.#explicitAsNative = explicitAsNative;
  }

  /**
   * Loads one segment. Resources go first: a row that can be seen can be joined. Series follow their points at once; who
   * asks for points asks for series first, so none is seen without. Rejects with the engine's error when it refuses; nothing of that table is in then (see `mayPass` for whether to try again).
   */
  async load(segment: Segment): Promise<void> {
    const resources = segment.content && markedResources(segment.content);
    await this.#loadResources(segment, resources);
    if (segment.signal === 'metrics') return this.#loadMetrics(segment);
    const identities = resources && (await this.#identities.of(resources));
    if (segment.signal === 'traces') await this.#spans.load(segment, identities);
    else await this.#logs.load(segment, identities);
  }

  /** Series are written anew when they come again: some may have been deleted. */
  forgetSeries(): void {
    this.#series.forget();
  }

  /** To be called when nothing waits to be loaded: lets large memory go. */
  rest(): void {
    this.#spans.rest();
    this.#logs.rest();
  }

  /** As with series: to write the same few resources again costs 20 ms, and 0.4 CPU-seconds per million spans. */
  async #loadResources(segment: Segment, resources: readonly MarkedResource[] | undefined): Promise<void> {
    const marks = BigUint64Array.from(resources ?? [], ({ mark }) => BigInt(mark));
    if (resources !== undefined && this.#knownResources.hasAll(marks)) return;
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
