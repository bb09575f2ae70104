import type { Lends } from '../engine/lane.ts';
import type { Segment } from './segment.ts';
import type { SeriesWriter } from './series-writer.ts';
import { missingNativeSeries, missingSeriesStatement } from './statements.ts';
import type { MetricKind } from './structure.ts';

/**
 * Where others load into the same tables: the statement itself leaves out the series that are in the store. So it does not
 * matter who wrote them, nor which node took the points, and nothing has to be known here.
 */
export class MissingSeries implements SeriesWriter {
  readonly #lane: Lends;

  constructor(lane: Lends) {
    this.#lane = lane;
  }

  async write(kind: MetricKind, _points: number, segment: Segment, asNative: boolean): Promise<void> {
    await this.#lane.lend((session) => session.insert(missingSeriesStatement(kind), segment));
    if (asNative) await this.#lane.lend((session) => session.run(missingNativeSeries().text, 'Null'));
  }

  forget(): void {
    // What is deleted is missing.
  }
}
