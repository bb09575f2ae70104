import { withoutName } from '../../evaluate/names.ts';
import type { StepSeries, Value } from '../../evaluate/values.ts';
import { type CallInput, type FunctionDefinition, whole } from '../definition.ts';
import { quantileWarning } from '../quantile.ts';
import { bucketFraction, bucketQuantile } from './bucket-quantile.ts';
import { type Bucket, cleanBuckets } from './buckets.ts';
import { type BucketGroup, bucketsAt, collectBuckets, forMetric } from './collect.ts';

export const histogramQuantile: FunctionDefinition = whole(
  'histogram_quantile',
  'quantile (0 to 1) of a histogram; classic buckets are told apart by their label le',
  ['scalar', 'vector'],
  (input) => {
    const [quantile, vector] = input.values;
    for (const value of scalars(quantile)) warnAboutQuantile(input, value);
    return eachGroup(input, vector, true, (buckets, step) =>
      bucketQuantile(scalars(quantile)[step] ?? Number.NaN, buckets),
    );
  },
);

export const histogramFraction: FunctionDefinition = whole(
  'histogram_fraction',
  'part of the observations of a histogram between two values',
  ['scalar', 'scalar', 'vector'],
  (input) => {
    const [lower, upper, vector] = input.values;
    return eachGroup(input, vector, false, (buckets, step) =>
      bucketFraction(scalars(lower)[step] ?? Number.NaN, scalars(upper)[step] ?? Number.NaN, buckets),
    );
  },
);

function scalars(value: Value | undefined): Float64Array {
  return value?.kind === 'scalar' ? value.values : new Float64Array();
}

function warnAboutQuantile({ call, notes }: CallInput, quantile: number): void {
  const warning = quantileWarning(quantile);
  if (warning !== undefined) notes.warn(call.arguments[0]?.span ?? call.span, warning);
}

type Compute = (buckets: readonly Bucket[], step: number) => number;

function eachGroup(
  input: CallInput,
  vector: Value | undefined,
  noteRepairs: boolean,
  compute: Compute,
): Value {
  const span = input.call.arguments.at(-1)?.span ?? input.call.span;
  const groups = collectBuckets(vector, span, input.notes);
  const note = (group: BucketGroup) => {
    if (noteRepairs) input.notes.info(span, repairText(group.identity));
  };
  const series = groups.map((group) => computeGroup(group, input, compute, () => note(group)));
  return { kind: 'vector', series };
}

function computeGroup(
  group: BucketGroup,
  input: CallInput,
  compute: Compute,
  onRepair: () => void,
): StepSeries {
  const { grid, settings } = input.context;
  const values = new Float64Array(grid.count);
  const present = new Uint8Array(grid.count);
  for (let step = 0; step < grid.count; step += 1) {
    const buckets = bucketsAt(group, step);
    if (buckets.length === 0) continue;
    const clean = cleanBuckets(buckets);
    present[step] = 1;
    values[step] = clean === undefined ? Number.NaN : compute(clean.buckets, step);
    if (clean?.wasForcedMonotonic === true) onRepair();
  }
  return { ...withoutName(group.identity, settings), values, present };
}

function repairText(series: StepSeries): string {
  const hint = '(see https://prometheus.io/docs/prometheus/latest/querying/functions/#histogram_quantile)';
  return `input to histogram_quantile needed to be fixed for monotonicity ${hint}${forMetric(series)}`;
}
