import type { Window } from '../../evaluate/window.ts';
import { type FunctionDefinition, overTime } from '../definition.ts';
import { firstSample, lastSample } from './end-samples.ts';

const experimental = { isExperimental: true } as const;

export const tsOfFirstOverTime: FunctionDefinition = overTime(
  'ts_of_first_over_time',
  'time of the first sample in the range, in seconds',
  (window) => (firstSample(window)?.time ?? Number.NaN) / 1000,
  { ...experimental, takesHistograms: true },
);

export const tsOfLastOverTime: FunctionDefinition = overTime(
  'ts_of_last_over_time',
  'time of the last sample in the range, in seconds',
  (window) => (lastSample(window)?.time ?? Number.NaN) / 1000,
  { ...experimental, takesHistograms: true },
);

export const tsOfMinOverTime: FunctionDefinition = overTime(
  'ts_of_min_over_time',
  'time of the last sample with the least value in the range, in seconds',
  (window) => timeOfExtreme(window, (value, extreme) => value <= extreme),
  experimental,
);

export const tsOfMaxOverTime: FunctionDefinition = overTime(
  'ts_of_max_over_time',
  'time of the last sample with the greatest value in the range, in seconds',
  (window) => timeOfExtreme(window, (value, extreme) => value >= extreme),
  experimental,
);

function timeOfExtreme(window: Window, isBetter: (value: number, extreme: number) => boolean): number {
  let found = window.from;
  for (let index = window.from + 1; index < window.to; index += 1) {
    const extreme = window.valueAt(found);
    if (isBetter(window.valueAt(index), extreme) || Number.isNaN(extreme)) found = index;
  }
  return window.timeAt(found) / 1000;
}
