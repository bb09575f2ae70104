import type { RawSeries } from '../read/raw-series.ts';
import type { VectorSelector } from '../syntax/ast.ts';
import type { EvaluationContext } from './context.ts';
import { eachSeries } from './each-series.ts';
import { StepSlab } from './step-slab.ts';
import { type LookTimes, lookTimes } from './times.ts';
import { emptySteps, type StepSeries, type VectorValue } from './values.ts';

/** What of the found sample the vector holds: its value, or its time or start time in seconds. */
export type SamplePart = 'value' | 'time' | 'start';

/**
 * Each series' present value at each step: its last sample not older than the look-back window, which is open on the
 * left. A series that was marked as ended has none.
 */
export async function selectInstant(
  context: EvaluationContext,
  selector: VectorSelector,
  part: SamplePart = 'value',
): Promise<VectorValue> {
  const times = lookTimes(selector, context.grid, context.query);
  const slab = new StepSlab(context.grid.count);
  const series: StepSeries[] = [];
  await eachSeries(context, selector, (raw) => {
    const found = lookBack(raw, times, context, part, slab);
    if (found !== undefined) series.push(found);
  });
  return { kind: 'vector', series };
}

function lookBack(
  raw: RawSeries,
  look: LookTimes,
  context: EvaluationContext,
  part: SamplePart,
  slab: StepSlab,
): StepSeries | undefined {
  const { count } = context.grid;
  const lookback = context.settings.lookbackMilliseconds;
  const { values, present } = slab.take();
  const histograms = raw.histograms === undefined ? undefined : emptySteps(count);
  let next = 0;
  let found = 0;
  for (let step = 0; step < count; step += 1) {
    const moment = look.firstMs + step * look.stepMs;
    while (next < raw.times.length && (raw.times[next] ?? 0) <= moment) next += 1;
    const last = next - 1;
    const time = raw.times[last] ?? Number.NEGATIVE_INFINITY;
    if (time <= moment - lookback || raw.stale?.[last] === 1) continue;
    const start = raw.starts?.[last] ?? 0;
    found += 1;
    const histogram = part === 'value' ? raw.histograms?.[last] : undefined;
    if (histogram !== undefined && histograms !== undefined) {
      histograms[step] = histogram;
      continue;
    }
    values[step] =
      part === 'value' ? (raw.values[last] ?? Number.NaN) : (part === 'time' ? time : start) / 1000;
    present[step] = 1;
  }
  if (found > 0) return { labels: raw.labels, dropName: false, values, present, histograms };
  slab.giveBack();
  return undefined;
}
