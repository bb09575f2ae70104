import { typeOf, type ValueType } from '../check/types.ts';
import type { Expression } from '../syntax/ast.ts';
import type { FunctionDefinition } from './definition.ts';
import { nativeHistogramFunctions } from './histogram/each-histogram.ts';
import { histogramFraction } from './histogram/histogram-fraction.ts';
import { histogramQuantile, histogramQuantiles } from './histogram/histogram-quantile.ts';
import { labelJoin } from './label/label-join.ts';
import { labelReplace } from './label/label-replace.ts';
import { maxOf, minOf, pi } from './query/constants.ts';
import { queryRangeFunctions } from './query/query-range.ts';
import { avgOverTime } from './range/avg-over-time.ts';
import { changes } from './range/changes.ts';
import { countOverTime } from './range/count-over-time.ts';
import { delta } from './range/delta.ts';
import { deriv } from './range/deriv.ts';
import { doubleExponentialSmoothing } from './range/double-exponential-smoothing.ts';
import { firstOverTime } from './range/first-over-time.ts';
import { idelta } from './range/idelta.ts';
import { increase } from './range/increase.ts';
import { irate } from './range/irate.ts';
import { lastOverTime } from './range/last-over-time.ts';
import { madOverTime } from './range/mad-over-time.ts';
import { maxOverTime } from './range/max-over-time.ts';
import { minOverTime } from './range/min-over-time.ts';
import { predictLinear } from './range/predict-linear.ts';
import { presentOverTime } from './range/present-over-time.ts';
import { quantileOverTime } from './range/quantile-over-time.ts';
import { rate } from './range/rate.ts';
import { resets } from './range/resets.ts';
import {
  tsOfFirstOverTime,
  tsOfLastOverTime,
  tsOfMaxOverTime,
  tsOfMinOverTime,
} from './range/sample-times.ts';
import { stddevOverTime } from './range/stddev-over-time.ts';
import { stdvarOverTime } from './range/stdvar-over-time.ts';
import { sumOverTime } from './range/sum-over-time.ts';
import { calendarFunctions } from './sample/calendar.ts';
import { clamp, clampMax, clampMin } from './sample/clamp.ts';
import { mathFunctions } from './sample/math.ts';
import { round } from './sample/round.ts';
import { absent, absentOverTime } from './vector/absent.ts';
import { scalar, time, vector } from './vector/convert.ts';
import { info } from './vector/info.ts';
import { sort, sortByLabel, sortByLabelDesc, sortDesc } from './vector/sort.ts';
import { startTimestamp } from './vector/start-timestamp.ts';
import { timestamp } from './vector/timestamp.ts';

/** Every PromQL function: the one table for the checker, the evaluator, completion and the reference page. */
export const functions: readonly FunctionDefinition[] = [
  ...[
    rate,
    increase,
    irate,
    delta,
    idelta,
    deriv,
    predictLinear,
    doubleExponentialSmoothing,
    resets,
    changes,
  ],
  ...[sumOverTime, avgOverTime, countOverTime, minOverTime, maxOverTime, lastOverTime, firstOverTime],
  ...[presentOverTime, quantileOverTime, stddevOverTime, stdvarOverTime, madOverTime],
  ...[tsOfFirstOverTime, tsOfLastOverTime, tsOfMinOverTime, tsOfMaxOverTime],
  ...[absent, absentOverTime, scalar, vector, time, timestamp, startTimestamp, info],
  ...[sort, sortDesc, sortByLabel, sortByLabelDesc],
  ...[labelReplace, labelJoin, clamp, clampMin, clampMax, round],
  ...mathFunctions,
  ...calendarFunctions,
  ...[histogramQuantile, histogramQuantiles, histogramFraction],
  ...nativeHistogramFunctions,
  ...[pi, minOf, maxOf],
  ...queryRangeFunctions,
];

const byName: ReadonlyMap<string, FunctionDefinition> = new Map(functions.map((one) => [one.name, one]));

/** The function of that name, in its exact spelling. */
export function functionNamed(name: string): FunctionDefinition | undefined {
  return byName.get(name);
}

/** The type of a checked expression. */
export function valueTypeOf(expression: Expression): ValueType {
  return typeOf(expression, (name) => functionNamed(name)?.returns);
}
