import { findCardinality } from '@maru/promql';
import type { Reader } from '@maru/store';
import type { Handle } from '../http/router.ts';
import { successOf } from './envelope.ts';
import { limitParameter } from './parameters.ts';

/** As many of each kind as Prometheus names by default, and at most. */
const defaultCount = 10;
const maxCount = 10_000;

/**
 * `GET /api/v1/status/tsdb`: how many series there are, and which metrics and labels have the most. Over all that is
 * stored, as there is no head block; nor are there chunks. `limit` is the length of the lists.
 */
export function tsdbStatus(reader: Reader): Handle {
  return async ({ parameters, signal }) => {
    const limit = Math.min(limitParameter(parameters) || defaultCount, maxCount);
    const found = await findCardinality(reader, { limit, signal });
    return successOf({
      headStats: {
        numSeries: found.series,
        numLabelPairs: found.labelPairs,
        chunkCount: 0,
        minTime: found.times?.firstMs ?? 0,
        maxTime: found.times?.lastMs ?? 0,
      },
      seriesCountByMetricName: found.seriesByMetric,
      labelValueCountByLabelName: found.valuesByLabel,
      memoryInBytesByLabelName: found.valueBytesByLabel,
      seriesCountByLabelValuePair: found.seriesByLabelPair,
    });
  };
}
