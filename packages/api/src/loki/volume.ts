import {
  evaluateRange,
  instant,
  type LogQL,
  logsWithin,
  parseSelector,
  readStreams,
  type Series,
  type Steps,
  stepsOf,
  streamsCondition,
} from '@maru/logql';
import type { labelsOf, NanoRange } from '@maru/query-core';
import { type Reader, sql } from '@maru/store';
import { json } from '../http/answer.ts';
import { RequestError } from '../http/failure.ts';
import { type Parameters, shown } from '../http/parameters.ts';
import type { Handle, RequestContext } from '../http/router.ts';
import { optionalSelector } from './labels.ts';
import { lokiRange, lokiStep } from './parameters.ts';
import { success } from './query.ts';
import { matrixData, vectorData } from './write-series.ts';

/** `index/stats`: how much a selector would read. The store has no chunks; a stream counts as one. */
export function indexStats(reader: Reader): Handle {
  return async ({ parameters, signal }) => {
    const range = lokiRange(parameters);
    const streams = await readStreams(reader, optionalSelector(parameters.get('query')), range, { signal });
    const [row] = await reader.rows<{
      readonly streams: string;
      readonly bytes: string;
      readonly entries: string;
    }>(
      sql`SELECT uniqExact(resource_id) AS streams, sum(length(body)) AS bytes, count() AS entries
        FROM logs WHERE ${logsWithin(range)} AND ${streamsCondition(streams)}`,
      { signal },
    );
    const [found, bytes, entries] = [Number(row?.streams), Number(row?.bytes), Number(row?.entries)];
    return json({ streams: found, chunks: found, bytes, entries });
  };
}

/** `index/volume`: bytes of the range by label set, the most first. */
export function volume(reader: Reader): Handle {
  return async (context) => {
    const range = lokiRange(context.parameters);
    // A window is open on the left and closed on the right; a range of lines is the other way round.
    const last = instant(range.endUnixNano - 1n);
    const series = await volumes(reader, context, last, range.endUnixNano - range.startUnixNano);
    const limit = volumeLimit(context.parameters);
    const ordered = [...series]
      .sort((left, right) => (right.values[0] ?? 0) - (left.values[0] ?? 0))
      .slice(0, limit);
    return success(vectorData(ordered, range.endUnixNano));
  };
}

/** `index/volume_range`: the same at each step, over the step before it. */
export function volumeRange(reader: Reader): Handle {
  return async (context) => {
    const range: NanoRange = lokiRange(context.parameters);
    const steps = stepsOf(range.startUnixNano, range.endUnixNano, lokiStep(context.parameters, range));
    const series = await volumes(reader, context, steps, steps.stepNanos);
    const total = (each: Series): number => each.values.reduce((sum, value) => sum + (value || 0), 0);
    const ordered = [...series]
      .sort((left, right) => total(right) - total(left))
      .slice(0, volumeLimit(context.parameters));
    return success(matrixData({ kind: 'vector', series: ordered }, steps));
  };
}

function volumeLimit(parameters: Parameters): number {
  return parameters.integer('limit', { absent: 100, min: 1, max: 10_000 });
}

/** Bytes are a range aggregation like any other; only its labels are chosen by the request. */
async function volumes(
  reader: Reader,
  { parameters, signal }: RequestContext,
  steps: Steps,
  rangeNanos: bigint,
): Promise<readonly Series[]> {
  const text = parameters.require('query');
  const log: LogQL.LogExpression = /^\s*\{\s*\}\s*$/.test(text)
    ? { kind: 'log', selector: [], stages: [], start: 0 }
    : parseSelector(text);
  const labels = targetLabels(parameters, log);
  const bytes: LogQL.RangeAggregation = {
    kind: 'rangeAggregation',
    function: 'bytes_over_time',
    parameter: undefined,
    log,
    rangeNanos: rangeNanos > 0n ? rangeNanos : 1n,
    offsetNanos: 0n,
    grouping: undefined,
    start: 0,
  };
  const series = await evaluateRange(bytes, steps, { reader, text, options: { signal } }, labels);
  const labelled = series.filter((each) => each.labels.size > 0);
  return aggregateBy(parameters) === 'series' ? labelled : byLabelName(labelled, labels);
}

function targetLabels(parameters: Parameters, log: LogQL.LogExpression): readonly string[] {
  const given = (parameters.get('targetLabels') ?? '').split(',').filter((label) => label !== '');
  return given.length > 0 ? given : [...new Set(log.selector.map((matcher) => matcher.name))];
}

function aggregateBy(parameters: Parameters): 'series' | 'labels' {
  const text = parameters.get('aggregateBy') ?? 'series';
  if (text === 'series' || text === 'labels') return text;
  throw new RequestError('bad_request', `invalid aggregateBy ${shown(text)}: it must be series or labels`);
}

/** One series a label's name, its value left empty, as Loki answers. */
function byLabelName(series: readonly Series[], labels: readonly string[]): readonly Series[] {
  return labels.flatMap((name) => {
    const having = series.filter((each) => each.labels.has(name));
    const [first] = having;
    if (first === undefined) return [];
    const values = first.values.map((_, step) =>
      having.reduce((sum, each) => sum + (each.values[step] || 0), 0),
    );
    return [{ labels: nameOnly(name), values }];
  });
}

/** `labelsOf` would drop a label without a value; here the value is meant to be empty. */
function nameOnly(name: string): ReturnType<typeof labelsOf> {
  return new Map([[name, '']]);
}
