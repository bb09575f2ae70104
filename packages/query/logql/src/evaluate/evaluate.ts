import { QueryError } from '@maru/query-core';
import type { MetricExpression, RangeAggregation, VectorAggregation } from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';
import { evaluateBinary } from './binary.ts';
import { checkSeriesCount, type Series, type Value } from './matrix.ts';
import { evaluateRange } from './range-aggregation.ts';
import type { EvaluateContext, Steps } from './request.ts';
import { aggregate, isStatistic } from './vector-aggregation.ts';

/** Evaluates a metric query at its steps. Series without any value are left out. */
export async function evaluate(
  expression: MetricExpression,
  steps: Steps,
  context: EvaluateContext,
): Promise<Value> {
  const value = await evaluateNode(expression, steps, context);
  if (value.kind === 'scalar') return value;
  const series = value.series.filter(({ values }) => values.some((each) => !Number.isNaN(each)));
  checkSeriesCount(series.length);
  return { kind: 'vector', series };
}

async function evaluateNode(
  expression: MetricExpression,
  steps: Steps,
  context: EvaluateContext,
): Promise<Value> {
  switch (expression.kind) {
    case 'literal':
      return { kind: 'scalar', values: constant(expression.value, steps) };
    case 'vector':
      return { kind: 'vector', series: [{ labels: new Map(), values: constant(expression.value, steps) }] };
    case 'rangeAggregation':
      return { kind: 'vector', series: await evaluateRange(expression, steps, context, undefined) };
    case 'vectorAggregation':
      return { kind: 'vector', series: await evaluateVector(expression, steps, context) };
    case 'labelReplace':
      throw notSupported(context.text, expression.start, 'label_replace');
    case 'binary': {
      if (expression.matching?.group !== undefined) {
        throw notSupported(context.text, expression.start, `group_${expression.matching.group.side}`);
      }
      const left = await evaluateNode(expression.left, steps, context);
      return evaluateBinary(expression, left, await evaluateNode(expression.right, steps, context));
    }
  }
}

function constant(value: number, steps: Steps): Float64Array {
  return new Float64Array(steps.count).fill(value);
}

async function evaluateVector(
  expression: VectorAggregation,
  steps: Steps,
  context: EvaluateContext,
): Promise<readonly Series[]> {
  const { function: name, parameter, grouping } = expression;
  if (!isStatistic(name) && name !== 'topk' && name !== 'bottomk')
    throw notSupported(context.text, expression.start, name);
  const pushed = pushDown(expression);
  if (pushed !== undefined) return evaluateRange(pushed, steps, context, grouping?.labels ?? []);
  const inner = await evaluateNode(expression.expression, steps, context);
  if (inner.kind === 'scalar') throw new QueryError('bad_data', `${name} needs series, not a number`);
  return aggregate(name, parameter, grouping, inner.series);
}

/** A sum of counts by some labels is a count by these labels: the engine need not know the others. */
function pushDown({ function: name, grouping, expression }: VectorAggregation): RangeAggregation | undefined {
  const sums = name === 'sum' && !grouping?.without && expression.kind === 'rangeAggregation';
  return sums ? expression : undefined;
}
