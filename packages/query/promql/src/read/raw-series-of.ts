import type { Budget, LabelMatcher } from '@maru/query-core';
import type { Reader } from '@maru/store';
import type { TimeSpan } from './points.ts';
import { queryErrorOf } from './query-error.ts';
import type { RawSeries } from './raw-series.ts';
import { selectSeries } from './read-series.ts';

/**
 * The series that matchers select with their samples as they are stored, in batches. A batch's samples are valid until the
 * next one is asked for.
 *
 * @throws QueryError when the query's limits are passed
 */
export async function* rawSeries(
  reader: Reader,
  matchers: readonly LabelMatcher[],
  span: TimeSpan,
  budget: Budget,
): AsyncGenerator<readonly RawSeries[]> {
  try {
    const { batches } = await selectSeries(reader, matchers, span, budget);
    yield* batches();
  } catch (error) {
    throw queryErrorOf(error);
  }
}
