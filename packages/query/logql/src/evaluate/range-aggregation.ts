import { type Labels, labelsOf, QueryError } from '@maru/query-core';
import { join, type Sql, sql } from '@maru/store';
import { type LogPlan, logsWithin, planLog } from '../plan/plan-log.ts';
import { labelsReader, type RecordRow, recordColumns } from '../plan/record.ts';
import type { RangeAggregation, RangeFunction } from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';
import { mergeSeries, type Series } from './matrix.ts';
import type { EvaluateContext, Steps } from './request.ts';

/** The functions that count: what of a line is summed, and whether the sum is divided by the range. */
const counting: Readonly<
  Partial<Record<RangeFunction, { readonly what: Sql; readonly perSecond: boolean }>>
> = {
  count_over_time: { what: sql`count()`, perSecond: false },
  rate: { what: sql`count()`, perSecond: true },
  bytes_over_time: { what: sql`sum(length(body))`, perSecond: false },
  bytes_rate: { what: sql`sum(length(body))`, perSecond: true },
};

/** Buckets of one series, and of all series together: 8 bytes each. */
const maxBuckets = 100_000;
const maxCells = 20_000_000;

/** Groups that the engine may return for one aggregation. */
const maxGroups = 50_000;

/**
 * Evaluates a range aggregation at each step, over the window (T - range, T].
 *
 * The engine counts lines by bucket, whose length divides both the step and the range; a window is a sum of buckets.
 *
 * @param by only these labels, when what follows sums them up anyway: then the engine groups by them alone
 */
export async function evaluateRange(
  expression: RangeAggregation,
  steps: Steps,
  context: EvaluateContext,
  by: readonly string[] | undefined,
): Promise<readonly Series[]> {
  const counted = counting[expression.function];
  if (counted === undefined || expression.log.stages.some((stage) => stage.kind === 'unwrap')) {
    throw notSupported(
      context.text,
      expression.start,
      `${expression.function} ${counted ? 'with unwrap' : ''}`.trim(),
    );
  }
  const buckets = bucketsOf(expression, steps);
  const range = {
    startUnixNano: buckets.originUnixNano + 1n,
    endUnixNano: buckets.originUnixNano + BigInt(buckets.count) * buckets.lengthNanos + 1n,
  };
  const plan = await planLog(context.reader, expression.log, context.text, range, context.options, by);
  if (plan.streams.length === 0) return [];
  const where = sql`${logsWithin(range)} AND ${plan.where}`;
  const grouped =
    by === undefined
      ? await countByAllLabels(plan, where, counted.what, buckets, context)
      : await countByLabels(plan, by, where, counted.what, buckets, context);
  checkCells(grouped.length, buckets.count);
  const scale = counted.perSecond ? Number(expression.rangeNanos) / 1e9 : 1;
  return mergeSeries(
    grouped.map((group) => windowed(group, buckets, steps.count, scale)),
    (left, right) => left + right,
  );
}

interface Buckets {
  /** Bucket 1 is what comes after it, up to and with `lengthNanos` later. */
  readonly originUnixNano: bigint;
  readonly lengthNanos: bigint;
  readonly count: number;
  readonly perWindow: number;
  readonly perStep: number;
}

function bucketsOf({ rangeNanos, offsetNanos }: RangeAggregation, steps: Steps): Buckets {
  const stepNanos = steps.count === 1 ? rangeNanos : steps.stepNanos;
  const lengthNanos = greatestCommonDivisor(rangeNanos, stepNanos);
  const perWindow = Number(rangeNanos / lengthNanos);
  const perStep = Number(stepNanos / lengthNanos);
  const count = perWindow + (steps.count - 1) * perStep;
  if (count > maxBuckets) {
    throw new QueryError(
      'execution',
      `the range and the step of this query have no common divisor above ${lengthNanos} ns; choose a step that divides the range`,
    );
  }
  return {
    originUnixNano: steps.startUnixNano - rangeNanos - offsetNanos,
    lengthNanos,
    count,
    perWindow,
    perStep,
  };
}

function greatestCommonDivisor(left: bigint, right: bigint): bigint {
  return right === 0n ? left : greatestCommonDivisor(right, left % right);
}

function checkCells(groups: number, buckets: number): void {
  if (groups * buckets <= maxCells) return;
  throw new QueryError(
    'execution',
    'the query counts too many series over too many steps; aggregate with sum by, or use a longer step',
  );
}

/** What was counted for one label set: pairs of bucket number (from 1) and sum. */
interface Group {
  readonly labels: Labels;
  readonly buckets: readonly (readonly [bucket: number, sum: number])[];
}

/** The bucket of a row: rounding up keeps the window's right end inside. */
function bucketSql({ originUnixNano, lengthNanos }: Buckets): Sql {
  return sql`toUInt32(intDiv(toUnixTimestamp64Nano(time) - ${originUnixNano} + ${lengthNanos - 1n}, ${lengthNanos}))`;
}

async function countByLabels(
  plan: LogPlan,
  by: readonly string[],
  where: Sql,
  what: Sql,
  buckets: Buckets,
  { reader, options }: EvaluateContext,
): Promise<readonly Group[]> {
  const rows = await reader.rows<{ readonly labels: readonly string[]; readonly buckets: Group['buckets'] }>(
    sql`
    SELECT labels, groupArray((bucket, toFloat64(n))) AS buckets
    FROM (
      SELECT ${textList(by.map(plan.field))} AS labels, ${bucketSql(buckets)} AS bucket, ${what} AS n
      FROM logs WHERE ${where}
      GROUP BY labels, bucket)
    GROUP BY labels`,
    { ...options, maxResultRows: maxGroups },
  );
  return rows.map((row) => ({
    labels: labelsOf(by.map((name, index) => [name, row.labels[index] ?? ''])),
    buckets: row.buckets,
  }));
}

function textList(values: readonly Sql[]): Sql {
  return values.length === 0 ? sql`CAST([], 'Array(String)')` : sql`[${join(values, ', ')}]`;
}

type GroupRow = RecordRow & { readonly buckets: Group['buckets'] };

/** Every label counts: lines are grouped by all that their labels are made from. */
async function countByAllLabels(
  plan: LogPlan,
  where: Sql,
  what: Sql,
  buckets: Buckets,
  { reader, options }: EvaluateContext,
): Promise<readonly Group[]> {
  const columns = sql`resource, scope, attributes_string, attributes_int, attributes_double, attributes_bool,
    attributes_other, record, failed`;
  const rows = await reader.rows<GroupRow>(
    sql`
    SELECT ${columns}, groupArray((bucket, toFloat64(n))) AS buckets
    FROM (
      SELECT ${recordColumns(plan)}, ${bucketSql(buckets)} AS bucket, ${what} AS n
      FROM logs WHERE ${where}
      GROUP BY ${columns}, bucket)
    GROUP BY ${columns}`,
    { ...options, maxResultRows: maxGroups },
  );
  const read = labelsReader(plan);
  return rows.map((row) => {
    const { stream, metadata } = read(row);
    return { labels: labelsOf([...metadata, ...stream]), buckets: row.buckets };
  });
}

/** Sums of buckets over each step's window; a window without lines has no value. */
function windowed(group: Group, buckets: Buckets, steps: number, scale: number): Series {
  const before = new Float64Array(buckets.count + 1);
  for (const [bucket, sum] of group.buckets) before[bucket] = sum;
  for (let index = 1; index <= buckets.count; index += 1)
    before[index] = (before[index] ?? 0) + (before[index - 1] ?? 0);
  const values = new Float64Array(steps);
  for (let step = 0; step < steps; step += 1) {
    const first = step * buckets.perStep;
    const sum = (before[first + buckets.perWindow] ?? 0) - (before[first] ?? 0);
    values[step] = sum === 0 ? Number.NaN : sum / scale;
  }
  return { labels: group.labels, values };
}
