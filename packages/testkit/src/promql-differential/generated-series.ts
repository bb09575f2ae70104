import {
  customSchema,
  denseBuckets,
  emptyHistogram,
  type NativeHistogram,
  type Point,
  type SeriesLine,
} from '@maru/promql';
import { labelsOf, metricName } from '@maru/query-core';
import { below, pick, seededRandom } from '../otlp-random.ts';

/**
 * The time between two points. Every sample lies at an odd one, half a second past a whole second: windows end at whole
 * seconds (of subqueries) or a quarter past, so none begins exactly at a sample, where Prometheus 2 and 3 differ.
 */
export const pointMs = 500;
/** Samples lie in the first hour of 1970: a Prometheus with an empty head takes one hour in any order. */
export const lengthSeconds = 3600;
const scrapeSeconds = 15;

/**
 * Counters with resets, gauges with gaps and stale markers, classic histograms: the same for the same seed.
 *
 * @param isModern whether native histograms are among them, and counters near 0 have gaps
 */
export function generatedSeries(seed: number, isModern = false): readonly SeriesLine[] {
  const random = seededRandom(seed);
  const targets = ['api', 'web'].flatMap((job) => ['a', 'b', 'c'].map((instance) => ({ job, instance })));
  return [
    ...targets.flatMap((target) =>
      ['200', '500'].map((code) =>
        line('requests_total', { ...target, code }, counter(random, { base: 0, gaps: isModern ? 0.1 : 0 })),
      ),
    ),
    // Counters near 0 begin at 0 and have no gaps: Prometheus 2 extrapolates to 0 across gaps otherwise than 3 does.
    ...targets.map((target) => line('bytes_total', target, counter(random, { base: 1e6, gaps: 0.1 }))),
    ...targets.map((target) =>
      line(
        'load',
        target,
        gauge(random, () => below(random, 41) / 4 - 3),
      ),
    ),
    ...targets.map((target) =>
      line(
        'temperature',
        target,
        gauge(random, () => 20 + 30 * random()),
      ),
    ),
    ...['api', 'web'].map((job) =>
      line(
        'limit',
        { job },
        gauge(random, () => 4 + below(random, 5)),
      ),
    ),
    ...['api', 'web'].flatMap((job) => histogram(random, job)),
    ...(isModern ? targets.flatMap((target) => nativeHistograms(random, target)) : []),
  ];
}

function line(name: string, labels: Readonly<Record<string, string>>, points: readonly Point[]): SeriesLine {
  return { labels: labelsOf([[metricName, name], ...Object.entries(labels)]), points };
}

interface CounterShape {
  /** Where it starts, and starts again after a reset. */
  readonly base: number;
  /** How often a scrape fails. */
  readonly gaps: number;
}

function counter(random: () => number, { base, gaps }: CounterShape): readonly Point[] {
  let value: number | undefined;
  return scrapes(() => {
    value = value === undefined || random() < 0.02 ? base : value + below(random, 50);
    return random() < gaps ? 'none' : value;
  });
}

function gauge(random: () => number, next: () => number): readonly Point[] {
  let isAway = false;
  return scrapes(() => {
    if (random() < (isAway ? 0.04 : 0.01)) {
      isAway = !isAway;
      if (isAway) return 'stale';
    }
    if (isAway || random() < 0.1) return 'none';
    return random() < 0.005 ? Number.NaN : next();
  }, random);
}

const bounds = ['0.1', '0.5', '1.5', '2.5', '+Inf'];

function histogram(random: () => number, job: string): readonly SeriesLine[] {
  let counts = bounds.map(() => 0);
  const buckets: Point[][] = bounds.map(() => []);
  for (let at = 0; at < lengthSeconds / scrapeSeconds; at += 1) {
    for (const [index, bucket] of buckets.entries()) bucket.push(counts[index] ?? 0);
    const isReset = random() < 0.01;
    let added = 0;
    counts = counts.map((count) => {
      added += below(random, 20);
      return isReset ? 0 : count + added;
    });
  }
  return bounds.map((le, index) => {
    let at = 0;
    const points = scrapes(() => buckets[index]?.[at++] ?? 'none');
    return line('latency_bucket', { job, le }, points);
  });
}

/** One point for each scrape, up to three seconds late where `random` is given. */
function scrapes(next: () => Point, random?: () => number): readonly Point[] {
  const points = new Array<Point>((lengthSeconds * 1000) / pointMs).fill('none');
  for (let seconds = 0; seconds < lengthSeconds; seconds += scrapeSeconds) {
    const late = random === undefined ? 0 : below(random, 4);
    points[((seconds + late) * 1000) / pointMs + 1] = next();
  }
  return points;
}

type Target = Readonly<Record<string, string>>;

/** An exponential one of a schema of its own, and one with bounds of its own, each with gaps and resets. */
function nativeHistograms(random: () => number, target: Target): readonly SeriesLine[] {
  const exponential: NativeHistogram = {
    ...emptyHistogram,
    schema: below(random, 4) - 1,
    // Below every bucket: what is inside the zero bucket is in no other.
    zeroThreshold: pick(random, [0, 0.001, 0.05]),
  };
  const bounds = Float64Array.from(
    pick(random, [
      [0.5, 1, 2, 4],
      [1, 2, 4],
      [0.5, 2, 8],
    ]),
  );
  const custom: NativeHistogram = { ...emptyHistogram, schema: customSchema, customBounds: bounds };
  return [
    line('spread', target, growing(random, exponential, true)),
    line('sized', target, growing(random, custom, false)),
  ];
}

/** Counts that grow, from index -1 or 0 on, and begin again now and then. */
function growing(random: () => number, shape: NativeHistogram, isExponential: boolean): readonly Point[] {
  const width = isExponential ? 4 : shape.customBounds.length + 1;
  const none = { positive: new Array<number>(width).fill(0), negative: [0, 0], zero: 0, sum: 0 };
  let state = none;
  return scrapes(() => {
    const isReset = random() < 0.02;
    const before = isReset ? none : state;
    const add = (counts: readonly number[]): number[] => counts.map((count) => count + below(random, 3));
    state = {
      positive: add(before.positive),
      negative: isExponential ? add(before.negative) : before.negative,
      zero: isExponential ? before.zero + below(random, 2) : 0,
      sum: before.sum + below(random, 40) / 4,
    };
    if (random() < 0.1) return 'none';
    const count = [...state.positive, ...state.negative, state.zero].reduce((sum, one) => sum + one, 0);
    const histogram = {
      ...shape,
      count,
      sum: state.sum,
      zeroCount: state.zero,
      positive: denseBuckets(isExponential ? -1 : 0, state.positive),
      negative: denseBuckets(0, state.negative),
    };
    return { histogram, namesHint: false };
  });
}
