import {
  findExemplars,
  type PromqlSettings,
  parseChecked,
  type SeriesExemplars,
  selectorsOf,
} from '@maru/promql';
import { printFloat } from '@maru/query-core';
import type { Reader } from '@maru/store';
import type { Handle } from '../http/router.ts';
import { answeringQueryErrors, success } from './envelope.ts';
import { invalid, timeParameter } from './parameters.ts';
import { printTime } from './print-time.ts';
import { writeLabels } from './write-result.ts';

/**
 * `GET` and `POST /api/v1/query_exemplars`. Grafana probes it with times in milliseconds, some 56,000 years ahead;
 * that is simply a time without exemplars.
 */
export function queryExemplars(reader: Reader, settings: PromqlSettings): Handle {
  return answeringQueryErrors('query', async ({ parameters, signal }) => {
    const startMs = timeParameter(parameters, 'start') ?? Number.MIN_SAFE_INTEGER;
    const endMs = timeParameter(parameters, 'end') ?? Number.MAX_SAFE_INTEGER;
    if (endMs < startMs) throw invalid('end', 'end timestamp must not be before start timestamp');
    const selectors = selectorsOf(parseChecked(parameters.get('query') ?? '', settings));
    const span = { afterMs: startMs - 1, untilMs: endMs };
    const matchers = selectors.map((selector) => selector.matchers);
    return success(writeSeries(await findExemplars(reader, matchers, span, signal)));
  });
}

function* writeSeries(series: readonly SeriesExemplars[]): Iterable<string> {
  yield '[';
  for (const [index, one] of series.entries()) {
    if (index > 0) yield ',';
    const exemplars = one.exemplars.map(
      ({ labels, value, timeMs }) =>
        `{"labels":${writeLabels(labels)},"value":"${printFloat(value)}","timestamp":${printTime(timeMs)}}`,
    );
    yield `{"seriesLabels":${writeLabels(one.seriesLabels)},"exemplars":[${exemplars.join(',')}]}`;
  }
  yield ']';
}
