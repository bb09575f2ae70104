import { applyAggregation } from '../aggregators/aggregate.ts';
import { functionNamed } from '../functions/table.ts';
import { applyBinary } from '../operators/binary.ts';
import {
  type Aggregation,
  type Call,
  type Expression,
  type Subquery,
  unwrapParentheses,
} from '../syntax/ast.ts';
import { applyCall } from './call.ts';
import type { EvaluationContext } from './context.ts';
import { foldOverTime } from './fold-over-time.ts';
import { mergeSameLabels, withoutName } from './names.ts';
import { applyOverTime, type OverTimeArguments, sourceOf } from './over-time.ts';
import { selectInstant } from './select-instant.ts';
import { rangeOfSubquery, rangeSource, selectRange } from './select-range.ts';
import { selectSmoothed } from './select-smoothed.ts';
import { subqueryGrid } from './times.ts';
import { applyUnary } from './unary.ts';
import { type MatrixValue, type StepSeries, sizeOf, type Value, type VectorValue } from './values.ts';

/**
 * Evaluates a checked expression at every step of the context's grid. Each node is computed once for all steps, from
 * the values of its children.
 */
export async function evaluate(context: EvaluationContext, expression: Expression): Promise<Value> {
  const heldBefore = context.budget.samples;
  const value = await evaluateNode(context, expression);
  context.budget.settle(heldBefore, sizeOf(value));
  return value;
}

async function evaluateNode(context: EvaluationContext, expression: Expression): Promise<Value> {
  switch (expression.kind) {
    case 'number':
      return { kind: 'scalar', values: new Float64Array(context.grid.count).fill(expression.value) };
    case 'string':
      return { kind: 'string', value: expression.value };
    case 'parentheses':
      return evaluateNode(context, expression.inner);
    case 'vectorSelector':
      if (expression.rangeMode === 'smoothed') return selectSmoothed(context, expression);
      return selectInstant(context, expression);
    case 'matrixSelector':
      return selectRange(context, expression);
    case 'subquery':
      return evaluateSubquery(context, expression);
    case 'call':
      return evaluateCall(context, expression);
    case 'unary':
      return applyUnary(context, expression, await evaluate(context, expression.operand));
    case 'aggregation':
      return evaluateAggregation(context, expression);
    case 'binary': {
      const left = await evaluate(context, expression.left);
      return applyBinary(context, expression, left, await evaluate(context, expression.right));
    }
  }
}

async function evaluateAggregation(context: EvaluationContext, aggregation: Aggregation): Promise<Value> {
  const { parameter, expression } = aggregation;
  const parameterValue = parameter === undefined ? undefined : await evaluate(context, parameter);
  const folded = await evaluateFolded(context, aggregation);
  return (
    folded ?? applyAggregation(context, aggregation, await evaluate(context, expression), parameterValue)
  );
}

/** An aggregation right over a function of a selector's windows, when its series need not be held. */
async function evaluateFolded(
  context: EvaluationContext,
  aggregation: Aggregation,
): Promise<VectorValue | undefined> {
  const call = unwrapParentheses(aggregation.expression);
  if (call.kind !== 'call') return undefined;
  const evaluation = functionNamed(call.name)?.evaluation;
  const isOfSelector = call.arguments.some((one) => unwrapParentheses(one).kind === 'matrixSelector');
  if (evaluation?.kind !== 'overTime' || !isOfSelector) return undefined;
  return foldOverTime(context, aggregation, evaluation, await overTimeArguments(context, call));
}

async function evaluateSubquery(context: EvaluationContext, subquery: Subquery): Promise<MatrixValue> {
  const grid = subqueryGrid(subquery, context.grid, context.query, context.settings);
  // The steps of the inside are all held at once; refuse what cannot fit before any array is made for it.
  const heldBefore = context.budget.samples;
  context.budget.addSamples(grid.count);
  const inside = await evaluate({ ...context, grid }, subquery.expression);
  context.budget.settle(heldBefore, sizeOf(inside));
  if (inside.kind !== 'vector') throw new TypeError('a subquery of no vector was not refused by the check');
  return rangeOfSubquery(context, subquery, inside, grid);
}

async function evaluateCall(context: EvaluationContext, call: Call): Promise<Value> {
  const [first] = call.arguments;
  const selector = first === undefined ? undefined : unwrapParentheses(first);
  const evaluation = functionNamed(call.name)?.evaluation;
  const kind = evaluation?.kind;
  if (evaluation?.kind === 'overTime') {
    return applyOverTime(context, evaluation, await overTimeArguments(context, call));
  }
  if ((kind === 'sampleTimes' || kind === 'sampleStarts') && selector?.kind === 'vectorSelector') {
    const vector = await selectInstant(context, selector, kind === 'sampleTimes' ? 'time' : 'start');
    return { kind: 'vector', series: mergeSameLabels(vector.series.map((one) => renamed(context, one))) };
  }
  const values: Value[] = [];
  for (const argument of call.arguments) values.push(await evaluate(context, argument));
  const last = call.arguments.at(-1);
  if (kind === 'withSampleTimes' && last?.kind === 'vectorSelector') {
    values.push(await selectInstant(context, last, 'time'));
  }
  return applyCall(context, call, values);
}

async function overTimeArguments(context: EvaluationContext, call: Call): Promise<OverTimeArguments> {
  const scalars: Float64Array[] = [];
  let range: Pick<OverTimeArguments, 'source' | 'span'> | undefined;
  for (const argument of call.arguments) {
    const { span } = argument;
    const inner = unwrapParentheses(argument);
    if (inner.kind === 'matrixSelector') {
      range = { source: rangeSource(context, inner), span };
      continue;
    }
    const value = await evaluate(context, argument);
    if (value.kind === 'matrix') range = { source: sourceOf(value, context), span };
    else if (value.kind === 'scalar') scalars.push(value.values);
  }
  if (range === undefined) throw new TypeError(`${call.name} without a range was not refused by the check`);
  return { ...range, scalars };
}

function renamed(context: EvaluationContext, series: StepSeries): StepSeries {
  return { ...series, ...withoutName(series, context.settings), histograms: undefined };
}
