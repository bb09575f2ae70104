import { labelsKey, labelsOf, metricName, printLabels, QueryError } from '@maru/query-core';
import type { EvaluationContext } from '../evaluate/context.ts';
import type { Identity } from '../evaluate/names.ts';
import { emptySteps, isPresent, type StepSeries, type VectorValue } from '../evaluate/values.ts';
import type { NativeHistogram } from '../histogram/native-histogram.ts';
import type { Binary, VectorMatching } from '../syntax/ast.ts';
import type { Refused, SampleValue } from './histogram-operation.ts';
import { type Operation, operationOf } from './operation.ts';
import { resultIdentity } from './result-labels.ts';
import { anyPresent, groupBySignature, signatureOf } from './signature.ts';

/** One matching of two vectors: which side may have one series a signature, and what is done with each pair. */
interface Match {
  readonly context: EvaluationContext;
  readonly matching: VectorMatching;
  readonly operation: Operation;
  /** The side whose series must be unique by signature is the left one. */
  readonly oneIsLeft: boolean;
  /** 1 where each side has any sample at all; nothing is looked at where one has none. */
  readonly live: Uint8Array;
}

/**
 * Arithmetic and comparison of two vectors: one to one, or many to one with `group_left` and `group_right`.
 *
 * Prometheus matches step by step. Here series meet once and their steps are computed together; several series may
 * share a signature as long as they are not there at the same step, which is what the checks below are for.
 */
export async function matchVectors(
  context: EvaluationContext,
  binary: Binary,
  left: VectorValue,
  right: VectorValue,
): Promise<VectorValue> {
  const { matching } = binary;
  const oneIsLeft = matching.group === 'right';
  const [manySide, oneSide] = oneIsLeft ? [right.series, left.series] : [left.series, right.series];
  const filled = fillSides(context, matching, manySide, oneSide);
  const live = liveSteps(filled.many, filled.one, context.grid.count);
  const match: Match = { context, matching, operation: operationOf(binary, context.notes), oneIsLeft, live };
  return { kind: 'vector', series: await matchGroups(match, filled.many, filled.one) };
}

async function matchGroups(
  match: Match,
  manySide: readonly StepSeries[],
  oneSide: readonly StepSeries[],
): Promise<readonly StepSeries[]> {
  const signature = signatureOf(match.matching);
  const ones = groupBySignature(oneSide, signature);
  for (const group of ones.values()) refuseDuplicates(match, group);
  const results = new Results(match);
  for (const [key, many] of groupBySignature(manySide, signature)) {
    if (match.context.budget.isDue) await match.context.budget.rest();
    results.startGroup();
    for (const one of ones.get(key) ?? []) {
      for (const member of many) results.add(member, one);
    }
  }
  return results.series();
}

function liveSteps(many: readonly StepSeries[], one: readonly StepSeries[], count: number): Uint8Array {
  const right = anyPresent(one, count);
  return anyPresent(many, count).map((present, step) => present & (right[step] ?? 0));
}

/** Two series of the "one" side with the same signature at the same step: nobody can say which is meant. */
function refuseDuplicates(match: Match, group: readonly StepSeries[]): void {
  if (group.length < 2) return;
  const seen = new Int32Array(match.live.length).fill(-1);
  for (const [index, series] of group.entries()) {
    for (let step = 0; step < seen.length; step += 1) {
      if (!isPresent(series, step) || match.live[step] === 0) continue;
      const before = group[seen[step] ?? -1];
      if (before !== undefined) throw duplicateError(match, before, series);
      seen[step] = index;
    }
  }
}

function duplicateError(match: Match, first: StepSeries, second: StepSeries): QueryError {
  const signature = printLabels(signatureOf(match.matching)(first.labels));
  const side = match.oneIsLeft ? 'left' : 'right';
  const both = [first, second].map((series) => printLabels(series.labels)).sort();
  return new QueryError(
    'execution',
    `found duplicate series for the match group ${signature} on the ${side} hand-side of the operation: ` +
      `[${both.join(', ')}];many-to-many matching not allowed: matching labels must be unique on one side`,
  );
}

interface Result extends Identity {
  readonly values: Float64Array;
  readonly present: Uint8Array;
  histograms: (NativeHistogram | undefined)[] | undefined;
}

/** The results of one matching; those with the same labels come together in one series. */
class Results {
  readonly #match: Match;
  readonly #byKey = new Map<string, Result>();
  /** One to one: steps at which the signature at hand already has a pair, whether a comparison lets it through or not. */
  #taken = new Uint8Array();

  constructor(match: Match) {
    this.#match = match;
  }

  startGroup(): void {
    this.#taken = new Uint8Array(this.#match.live.length);
  }

  add(many: StepSeries, one: StepSeries): void {
    const { context, matching, operation, live } = this.#match;
    let result: Result | undefined;
    for (let step = 0; step < live.length; step += 1) {
      if (!isPresent(many, step) || !isPresent(one, step)) continue;
      const value = this.#valueAt(many, one, step);
      if (value === 'refused') continue;
      this.#refuseSecondPair(step);
      if (value === undefined) continue;
      result ??= this.#resultOf(resultIdentity(context, matching, operation.dropsName, many, one));
      this.#put(result, step, value);
    }
  }

  #valueAt(many: StepSeries, one: StepSeries, step: number): SampleValue | Refused | undefined {
    const { operation, oneIsLeft } = this.#match;
    const manyValue = many.histograms?.[step] ?? many.values[step] ?? Number.NaN;
    const oneValue = one.histograms?.[step] ?? one.values[step] ?? Number.NaN;
    if (typeof manyValue === 'number' && typeof oneValue === 'number')
      return this.#compute(manyValue, oneValue);
    return oneIsLeft ? operation.mixed(oneValue, manyValue) : operation.mixed(manyValue, oneValue);
  }

  /** A comparison lets the left side's value through, also where `group_right` makes the right side the many. */
  #compute(many: number, one: number): number | Refused | undefined {
    const { operation, oneIsLeft } = this.#match;
    return oneIsLeft ? operation.compute(one, many, one) : operation.compute(many, one, many);
  }

  #refuseSecondPair(step: number): void {
    if (this.#match.matching.group !== undefined) return;
    if (this.#taken[step] === 1) {
      throw multipleMatches('many-to-one matching must be explicit (group_left/group_right)');
    }
    this.#taken[step] = 1;
  }

  #put(result: Result, step: number, value: SampleValue): void {
    if (isPresent(result, step)) throw multipleMatches('grouping labels must ensure unique matches');
    if (typeof value === 'number') {
      result.present[step] = 1;
      result.values[step] = value;
    } else {
      result.histograms ??= emptySteps(result.values.length);
      result.histograms[step] = value;
    }
  }

  #resultOf(identity: Identity): Result {
    const key = labelsKey(identity.labels);
    const known = this.#byKey.get(key);
    if (known !== undefined) return known;
    const count = this.#match.live.length;
    const arrays = { values: new Float64Array(count), present: new Uint8Array(count), histograms: undefined };
    const made: Result = { ...identity, ...arrays };
    this.#byKey.set(key, made);
    return made;
  }

  series(): readonly StepSeries[] {
    return [...this.#byKey.values()];
  }
}

function multipleMatches(why: string): QueryError {
  return new QueryError('execution', `multiple matches for labels: ${why}`);
}

/**
 * Each side with partners made up for the other side's series that have none (`fill`). Prometheus turns the sides of
 * `group_right` round before it looks at the values, so `fill_left` always speaks of the "many" side.
 */
function fillSides(
  context: EvaluationContext,
  matching: VectorMatching,
  many: readonly StepSeries[],
  one: readonly StepSeries[],
): { readonly many: readonly StepSeries[]; readonly one: readonly StepSeries[] } {
  const { left, right } = matching.fill;
  return {
    many: left === undefined ? many : [...many, ...partners(context, matching, one, many, left)],
    one: right === undefined ? one : [...one, ...partners(context, matching, many, one, right)],
  };
}

/** A made-up series for each signature of `series`, where `others` have none of it. */
function partners(
  context: EvaluationContext,
  matching: VectorMatching,
  series: readonly StepSeries[],
  others: readonly StepSeries[],
  value: number,
): readonly StepSeries[] {
  const signature = signatureOf(matching);
  const otherGroups = groupBySignature(others, signature);
  return [...groupBySignature(series, signature)].map(([key, group]) => {
    const { count } = context.grid;
    const taken = anyPresent(otherGroups.get(key) ?? [], count);
    const present = anyPresent(group, count).map((here, step) => here & (1 - (taken[step] ?? 0)));
    const labels = signature(group[0]?.labels ?? labelsOf([]));
    return { labels, dropName: labels.has(metricName), values: new Float64Array(count).fill(value), present };
  });
}
