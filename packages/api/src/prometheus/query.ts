import type { PromqlEngine, QueryOptions, QueryResult, ResultValue } from '@maru/promql';
import type { Answer } from '../http/answer.ts';
import type { Parameters } from '../http/parameters.ts';
import type { Handle, RequestContext } from '../http/router.ts';
import { answeringQueryErrors, success } from './envelope.ts';
import { durationParameter, invalid, limitParameter, requiredTime, timeParameter } from './parameters.ts';
import { writeResult } from './write-result.ts';

/** Prometheus's own limit on the points of one series in one answer. */
const maxPoints = 11_000;

/** `GET` and `POST /api/v1/query`: the value of a query at one moment, now by default. */
export function instantQuery(engine: PromqlEngine): Handle {
  return answeringQueryErrors('query', async (context) => {
    const { parameters } = context;
    const limit = limitParameter(parameters);
    const time = timeParameter(parameters, 'time') ?? Date.now();
    return answerResult(await engine.instant(queryText(parameters), time, optionsOf(context)), limit);
  });
}

/** `GET` and `POST /api/v1/query_range`: the value of a query at each step of a range. */
export function rangeQuery(engine: PromqlEngine): Handle {
  return answeringQueryErrors('query', async (context) => {
    const { parameters } = context;
    const limit = limitParameter(parameters);
    const range = rangeOf(parameters);
    return answerResult(await engine.range(queryText(parameters), range, optionsOf(context)), limit);
  });
}

function queryText(parameters: Parameters): string {
  return parameters.get('query') ?? '';
}

function rangeOf(parameters: Parameters): QueriedRange {
  const startMs = requiredTime(parameters, 'start');
  const endMs = requiredTime(parameters, 'end');
  if (endMs < startMs) throw invalid('end', 'end timestamp must not be before start time');
  const stepMs = durationParameter(parameters, 'step');
  if (stepMs === undefined) throw invalid('step', 'cannot parse "" to a valid duration');
  if (stepMs <= 0) {
    throw invalid(
      'step',
      'zero or negative query resolution step widths are not accepted. Try a positive integer',
    );
  }
  if ((endMs - startMs) / stepMs > maxPoints) {
    throw invalid(
      'step',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  return { startMs, endMs, stepMs };
}

interface QueriedRange {
  readonly startMs: number;
  readonly endMs: number;
  readonly stepMs: number;
}

function optionsOf({ parameters, signal }: RequestContext): QueryOptions {
  const timeoutMs = durationParameter(parameters, 'timeout');
  const lookbackMs = durationParameter(parameters, 'lookback_delta');
  return {
    signal,
    ...(timeoutMs === undefined ? {} : { timeoutSeconds: Math.max(0, timeoutMs / 1000) }),
    ...(lookbackMs === undefined || lookbackMs <= 0 ? {} : { lookbackMilliseconds: lookbackMs }),
  };
}

function answerResult({ value, warnings, infos }: QueryResult, limit: number): Answer {
  const truncated = truncate(value, limit);
  const all = truncated === value ? warnings : [...warnings, 'results truncated due to limit'];
  return success(writeResult(truncated), { warnings: all, infos });
}

function truncate(value: ResultValue, limit: number): ResultValue {
  if (limit === 0 || value.type === 'scalar' || value.type === 'string') return value;
  return value.series.length <= limit ? value : { ...value, series: value.series.slice(0, limit) };
}
