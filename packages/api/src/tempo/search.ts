import type { Reader } from '@maru/store';
import { type FoundSpan, type FoundTrace, planSearch, type ServiceStats, search } from '@maru/traceql';
import { json } from '../http/answer.ts';
import { RequestError } from '../http/failure.ts';
import type { Parameters } from '../http/parameters.ts';
import type { Handle } from '../http/router.ts';
import { unixSecondsRange } from '../http/unix-range.ts';
import { queryFromTags } from './tags-query.ts';
import { valueFromJson } from './trace/any-value.ts';
import { keyValue, withoutDefaults } from './trace/trace-json.ts';

/** What Tempo says in place of a root that has not arrived. */
const noRoot = '<root span not yet received>';

/**
 * `GET /api/search`. Grafana's data source refuses an answer with a field it does not know, so nothing may be added to
 * these shapes; values that are protobuf's defaults are left out.
 */
export function searchTraces(reader: Reader): Handle {
  return async ({ parameters, signal }) => {
    const plan = planSearch(queryOf(parameters), unixSecondsRange(parameters, 3600));
    const limits = {
      traces: parameters.integer('limit', { absent: 20, min: 1, max: 1_000 }),
      spansPerTrace: parameters.integer('spss', { absent: 3, min: 1, max: 1_000 }),
    };
    const traces = await search(reader, plan, limits, signal);
    return json({ traces: traces.map(traceMetadata), metrics: { completedJobs: 1, totalJobs: 1 } });
  };
}

function queryOf(parameters: Parameters): string {
  const query = parameters.get('q');
  const tags = parameters.get('tags');
  if (query !== undefined && tags !== undefined) {
    throw new RequestError('bad_request', 'q and tags cannot be used together: put the tags into q');
  }
  return query ?? queryFromTags(tags ?? '', parameters.get('minDuration'), parameters.get('maxDuration'));
}

function traceMetadata(trace: FoundTrace): object {
  const spanSet = {
    spans: trace.spans.map(foundSpan),
    ...withoutDefaults({ matched: trace.matched }),
  };
  return withoutDefaults({
    traceID: trace.traceId.replace(/^0+(?=.)/, ''),
    rootServiceName: trace.root?.service ?? noRoot,
    rootTraceName: trace.root?.name ?? '',
    startTimeUnixNano: String(trace.startTimeUnixNano),
    durationMs: Math.max(0, Number(trace.durationNanos / 1_000_000n)),
    spanSet,
    spanSets: [spanSet],
    serviceStats: Object.fromEntries(trace.services.map(serviceStats)),
  });
}

function foundSpan(span: FoundSpan): object {
  return withoutDefaults({
    spanID: span.spanId,
    name: span.name,
    startTimeUnixNano: String(span.startTimeUnixNano),
    durationNanos: span.durationNanos === 0n ? '' : String(span.durationNanos),
    attributes: span.attributes.map(({ key, json: text }) => keyValue({ key, value: valueFromJson(text) })),
  });
}

function serviceStats({ service, spanCount, errorCount }: ServiceStats): readonly [string, object] {
  return [service, withoutDefaults({ spanCount, errorCount })];
}
