import { groupingOf } from '../aggregators/aggregate.ts';
import type { RunningFold } from '../aggregators/definition.ts';
import { aggregatorNamed } from '../aggregators/table.ts';
import type { OverTimeEvaluation } from '../functions/definition.ts';
import type { Aggregation } from '../syntax/ast.ts';
import type { EvaluationContext } from './context.ts';
import { type Identity, mergeSameLabels } from './names.ts';
import { eachOverTime, type OverTimeArguments } from './over-time.ts';
import { oneAtATime } from './step-slab.ts';
import type { StepSeries, VectorValue } from './values.ts';

/** A group and its numbers so far. */
interface FoldedGroup {
  readonly identity: Identity;
  readonly fold: RunningFold;
}

/** Thrown where series turn out to be such that all have to be held. */
class NotFoldable extends Error {}

/**
 * An aggregation of what a function gives for the windows of a selector, each series let go once it was added: those of
 * 10,000 series at 116 steps are 10 MB, which cost as much to allocate and to collect as to compute.
 *
 * @returns nothing when it has to be computed from all series together: the operator needs them, there are native histograms
 * among them, or they are of several metrics, which may come to have the same labels
 */
export async function foldOverTime(
  context: EvaluationContext,
  aggregation: Aggregation,
  evaluation: OverTimeEvaluation,
  over: OverTimeArguments,
): Promise<VectorValue | undefined> {
  const running = aggregatorNamed(aggregation.operator)?.running;
  if (running === undefined) return undefined;
  const { count } = context.grid;
  const grouping = groupingOf(aggregation);
  const groups = new Map<string, FoldedGroup>();
  const add = (one: StepSeries, metrics: number): void => {
    if (metrics > 1 || one.histograms !== undefined) throw new NotFoldable();
    const key = grouping.key(one.labels);
    let group = groups.get(key);
    if (group === undefined) {
      // All are of one metric, so its name falls from all of a group or from none.
      const identity = { labels: grouping.labels(one.labels), dropName: one.dropName };
      group = { identity, fold: running(count) };
      groups.set(key, group);
    }
    group.fold.add(one);
  };
  try {
    await eachOverTime(context, evaluation, over, oneAtATime(count), add);
  } catch (error) {
    if (error instanceof NotFoldable) return undefined;
    throw error;
  }
  const series = [...groups.values()].map(({ identity, fold }) => ({ ...identity, ...fold.finish() }));
  return { kind: 'vector', series: mergeSameLabels(series) };
}
