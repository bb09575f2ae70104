import type { ResolvedRange } from './timeRange.ts';

/** One interval of a service, as `/api/maru/services` answers; intervals without a request are left out there. */
export interface AnsweredPoint {
  readonly timeUnixSeconds: number;
  readonly requests: number;
  readonly errors: number;
  readonly p95Nanos: string;
}

/** One interval of a service, as charts draw it. */
export interface ServicePoint {
  /** Start of the interval. */
  readonly timeUnixSeconds: number;
  readonly requestsPerSecond: number;
  readonly errorsPerSecond: number;
  /** Null without requests: no ratio and no duration is something else than none. */
  readonly errorRatio: number | null;
  readonly p95Nanos: number | null;
}

/** The API cuts a range into 30 intervals of whole seconds that lie on multiples of their length since 1970. */
const intervals = 30;

/** An interval of which less than this share lies in the range says nothing about a rate: it is left out. */
const leastShare = 0.34;

/**
 * All intervals of the range, those without requests as zero. The first and the last one lie only partly in the range:
 * their rates are taken over that part, else every course would seem to begin and end with a fall.
 */
export function servicePoints(
  points: readonly AnsweredPoint[],
  range: ResolvedRange,
): readonly ServicePoint[] {
  const [start, end] = [Math.floor(range.startMillis / 1000), Math.ceil(range.endMillis / 1000)];
  const step = Math.max(1, Math.floor((end - start) / intervals));
  const first = Math.floor(start / step) * step;
  const answered = new Map(points.map((point) => [Math.floor(point.timeUnixSeconds / step) * step, point]));
  const times = Array.from({ length: Math.ceil((end - first) / step) }, (_, index) => first + index * step);
  return times.flatMap((time) => {
    const covered = Math.min(end, time + step) - Math.max(start, time);
    return covered < step * leastShare ? [] : [pointOf(time, covered, answered.get(time))];
  });
}

function pointOf(
  timeUnixSeconds: number,
  seconds: number,
  answered: AnsweredPoint | undefined,
): ServicePoint {
  const { requests = 0, errors = 0 } = answered ?? {};
  return {
    timeUnixSeconds,
    requestsPerSecond: requests / seconds,
    errorsPerSecond: errors / seconds,
    errorRatio: requests === 0 ? null : errors / requests,
    p95Nanos: requests === 0 ? null : Number(answered?.p95Nanos ?? 0),
  };
}
