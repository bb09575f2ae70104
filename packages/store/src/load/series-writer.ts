import type { Segment } from './segment.ts';
import type { MetricKind } from './structure.ts';

/** Puts the series of a segment's points into the store, where those that are new are told in one of two ways. */
export interface SeriesWriter {
  /**
   * Writes the series of one kind, after its points; with their native form, when that was written, too.
   *
   * @param points how many the segment has of that kind
   */
  write(kind: MetricKind, points: number, segment: Segment, asNative: boolean): Promise<void>;
  /** Some series may have been deleted: they are written anew when they come again. */
  forget(): void;
}
