import { type Labels, labelsKey, onlyLabels, QueryError, withoutLabels } from '@maru/query-core';
import type { BinaryOperation, BinaryOperator, Matching } from '../syntax/ast.ts';
import type { Series, Value } from './matrix.ts';

type Operate = (left: number, right: number) => number;

const arithmetic: ReadonlyMap<BinaryOperator, Operate> = new Map<BinaryOperator, Operate>([
  ['+', (left, right) => left + right],
  ['-', (left, right) => left - right],
  ['*', (left, right) => left * right],
  ['/', (left, right) => left / right],
  ['%', (left, right) => left % right],
  ['^', (left, right) => left ** right],
]);

const comparisons: ReadonlyMap<BinaryOperator, (left: number, right: number) => boolean> = new Map([
  ['==', (left, right) => left === right],
  ['!=', (left, right) => left !== right],
  ['<', (left, right) => left < right],
  ['<=', (left, right) => left <= right],
  ['>', (left, right) => left > right],
  ['>=', (left, right) => left >= right],
]);

/** Evaluates an operator between two values. The step has no value where a side has none. */
export function evaluateBinary(operation: BinaryOperation, left: Value, right: Value): Value {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    return {
      kind: 'scalar',
      values: zip(operateOn({ ...operation, returnBool: true }), left.values, right.values),
    };
  }
  if (right.kind === 'scalar')
    return eachSeries(left, (values) => zip(operateOn(operation), values, right.values));
  if (left.kind === 'scalar')
    return eachSeries(right, (values) => zip(scalarFirst(operation), left.values, values));
  return { kind: 'vector', series: combineVectors(operation, left.series, right.series) };
}

function operateOn({ operator, returnBool }: BinaryOperation): Operate {
  const compare = comparisons.get(operator);
  if (compare === undefined) return arithmetic.get(operator) ?? (() => Number.NaN);
  if (returnBool) return (left, right) => (compare(left, right) ? 1 : 0);
  return (left, right) => (compare(left, right) ? left : Number.NaN);
}

/** A comparison keeps the vector's value, on whichever side it stands. */
function scalarFirst(operation: BinaryOperation): Operate {
  const operate = operateOn({ ...operation, returnBool: true });
  if (operation.returnBool || !comparisons.has(operation.operator)) return operate;
  return (left, right) => (operate(left, right) === 1 ? right : Number.NaN);
}

function zip(operate: Operate, left: Float64Array, right: Float64Array): Float64Array {
  return left.map((value, step) => {
    const other = right[step] ?? Number.NaN;
    return Number.isNaN(value) || Number.isNaN(other) ? Number.NaN : operate(value, other);
  });
}

function eachSeries(value: Value, change: (values: Float64Array) => Float64Array): Value {
  const series = value.kind === 'vector' ? value.series : [];
  return { kind: 'vector', series: series.map(({ labels, values }) => ({ labels, values: change(values) })) };
}

function combineVectors(
  operation: BinaryOperation,
  left: readonly Series[],
  right: readonly Series[],
): readonly Series[] {
  const keyOf = (series: Series): string => labelsKey(matchedLabels(series.labels, operation.matching));
  switch (operation.operator) {
    case 'and':
      return masked(left, right, keyOf, (isOther) => isOther);
    case 'unless':
      return masked(left, right, keyOf, (isOther) => !isOther);
    case 'or':
      return [...left, ...masked(right, left, keyOf, (isOther) => !isOther)];
    default:
      return oneToOne(operation, left, right, keyOf);
  }
}

function matchedLabels(labels: Labels, matching: Matching | undefined): Labels {
  const names = new Set(matching?.labels);
  return matching?.on ? onlyLabels(labels, names) : withoutLabels(labels, names);
}

/** The series at the steps where a series of the other side with the same key has (or has not) a value. */
function masked(
  series: readonly Series[],
  others: readonly Series[],
  keyOf: (series: Series) => string,
  keeps: (isOther: boolean) => boolean,
): readonly Series[] {
  const byKey = Map.groupBy(others, keyOf);
  return series.map((each) => {
    const matching = byKey.get(keyOf(each)) ?? [];
    const isOther = (step: number): boolean =>
      matching.some(({ values }) => !Number.isNaN(values[step] ?? Number.NaN));
    return { ...each, values: each.values.map((value, step) => (keeps(isOther(step)) ? value : Number.NaN)) };
  });
}

function oneToOne(
  operation: BinaryOperation,
  left: readonly Series[],
  right: readonly Series[],
  keyOf: (series: Series) => string,
): readonly Series[] {
  const rightByKey = uniqueByKey(right, keyOf);
  uniqueByKey(left, keyOf);
  const keepsLabels = comparisons.has(operation.operator) && !operation.returnBool;
  return left.flatMap((each) => {
    const other = rightByKey.get(keyOf(each));
    if (other === undefined) return [];
    const labels = keepsLabels ? each.labels : matchedLabels(each.labels, operation.matching);
    return [{ labels, values: zip(operateOn(operation), each.values, other.values) }];
  });
}

function uniqueByKey(
  series: readonly Series[],
  keyOf: (series: Series) => string,
): ReadonlyMap<string, Series> {
  const byKey = new Map<string, Series>();
  for (const each of series) {
    if (byKey.has(keyOf(each))) {
      throw new QueryError(
        'bad_data',
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
      );
    }
    byKey.set(keyOf(each), each);
  }
  return byKey;
}
