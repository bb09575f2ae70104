import { labelsKey, metricName, withLabel } from '@maru/query-core';
import { withoutName } from '../../evaluate/names.ts';
import type { StepSeries, Value } from '../../evaluate/values.ts';
import type { NativeHistogram } from '../../histogram/native-histogram.ts';
import type { CallInput } from '../definition.ts';
import { forMetric } from '../metric-note.ts';
import { BucketReader, type Buckets } from './buckets.ts';
import { type BucketGroup, collectBuckets } from './collect.ts';

/** How a number comes of a histogram, whichever kind it is of. */
export interface HistogramEstimate {
  /** Without buckets where none reaches up to +Inf. */
  readonly classic: (buckets: Buckets, step: number) => number;
  readonly native: (histogram: NativeHistogram, step: number, metric: string) => number;
  /** Called where classic buckets had to be changed by more than rounding. */
  readonly onRepair: (metric: string) => void;
}

/** The estimates for every histogram of a vector: one for each group of classic buckets, and each native one. */
export function estimateAll(
  input: CallInput,
  vector: Value | undefined,
  estimate: HistogramEstimate,
): readonly StepSeries[] {
  const span = spanOfVector(input, vector);
  const groups = collectBuckets(vector, span, input.notes);
  const natives = (vector?.kind === 'vector' ? vector.series : []).filter(
    (one) => one.histograms !== undefined,
  );
  const classicByKey = new Map(groups.map((group) => [labelsKey(group.identity.labels), group]));
  const conflicts = new Map<BucketGroup, Uint8Array>();
  const nativeResults = natives.map((series) => {
    const group = classicByKey.get(labelsKey(withLabel(series.labels, 'le', '')));
    const clash = conflictsOf(series, group, input);
    if (group !== undefined) conflicts.set(group, clash);
    if (clash.includes(1)) {
      const mixed = 'vector contains a mix of classic and native histograms';
      input.notes.warn(span, `${mixed}${forMetric(nameOf(series))}`);
    }
    return estimateNative(series, clash, input, estimate);
  });
  const classicResults = groups.map((group) => estimateClassic(group, conflicts.get(group), input, estimate));
  return [...classicResults, ...nativeResults];
}

/** Where the vector stands among a call's arguments. */
export function spanOfVector(
  { call, values }: CallInput,
  vector: Value | undefined,
): CallInput['call']['span'] {
  const index = vector === undefined ? -1 : values.indexOf(vector);
  return call.arguments[index]?.span ?? call.span;
}

function nameOf(series: StepSeries): string {
  return series.labels.get(metricName) ?? '';
}

/** 1 where a classic histogram of the same name and labels stands beside the native one: neither is used. */
function conflictsOf(series: StepSeries, group: BucketGroup | undefined, { context }: CallInput): Uint8Array {
  return Uint8Array.from({ length: context.grid.count }, (_, step) =>
    Number(
      series.histograms?.[step] !== undefined && group?.members.some(({ present }) => present[step] === 1),
    ),
  );
}

function estimateNative(
  series: StepSeries,
  conflicts: Uint8Array,
  { context }: CallInput,
  { native }: HistogramEstimate,
): StepSeries {
  const values = new Float64Array(context.grid.count);
  const present = new Uint8Array(context.grid.count);
  for (const [step, histogram] of (series.histograms ?? []).entries()) {
    if (histogram === undefined || conflicts[step] === 1) continue;
    values[step] = native(histogram, step, nameOf(series));
    present[step] = 1;
  }
  return { ...withoutName(series, context.settings), values, present };
}

function estimateClassic(
  group: BucketGroup,
  conflicts: Uint8Array | undefined,
  { context }: CallInput,
  { classic, onRepair }: HistogramEstimate,
): StepSeries {
  const values = new Float64Array(context.grid.count);
  const present = new Uint8Array(context.grid.count);
  const buckets = new BucketReader(group.members);
  for (let step = 0; step < values.length; step += 1) {
    if (!buckets.read(step) || conflicts?.[step] === 1) continue;
    present[step] = 1;
    values[step] = classic(buckets, step);
    if (buckets.wasForcedMonotonic) onRepair(nameOf(group.identity));
  }
  return { ...withoutName(group.identity, context.settings), values, present };
}
