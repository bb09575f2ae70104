import { type NativeHistogram, type SeriesSource, type UnorderedSamples, withResetHints } from '@maru/promql';
import { compileMatcher, type LabelMatcher, type Labels, labelsKey } from '@maru/query-core';

interface KeptSeries {
  readonly labels: Labels;
  readonly samples: Map<number, NativeHistogram>;
  readonly starts: Map<number, number>;
}

/**
 * Native histograms of scripts, which the store's tables do not hold as they are: their counts are no whole numbers,
 * they have hints, and some have custom bounds. All else of a script is in the store.
 */
export class NativeSeries {
  readonly #byKey = new Map<string, KeptSeries>();

  clear(): void {
    this.#byKey.clear();
  }

  add(labels: Labels, timeMs: number, histogram: NativeHistogram, startMs: number): void {
    const key = labelsKey(labels);
    const series = this.#byKey.get(key) ?? { labels, samples: new Map(), starts: new Map() };
    series.samples.set(timeMs, histogram);
    series.starts.set(timeMs, startMs);
    this.#byKey.set(key, series);
  }

  /** For the engine, beside the store. */
  readonly source: SeriesSource = async (matchers, { afterMs, untilMs }) => {
    const found = [...this.#byKey.values()].filter(({ labels }) => matchesAll(labels, matchers));
    return found.map((series) => samplesOf(series, afterMs, untilMs));
  };
}

function matchesAll(labels: Labels, matchers: readonly LabelMatcher[]): boolean {
  return matchers.every((matcher) => compileMatcher(matcher)(labels.get(matcher.name) ?? ''));
}

function samplesOf(
  { labels, samples, starts }: KeptSeries,
  afterMs: number,
  untilMs: number,
): UnorderedSamples {
  const ordered = [...samples].sort(([left], [right]) => left - right);
  const all = ordered.map(([, histogram]) => histogram);
  // As in Prometheus, where the chunks say it, a sample is known not to be a reset also when the one before is not read.
  const hinted = withResetHints(all, undefined, false);
  const inside = ordered
    .map(([time], index) => [time, hinted[index]] as const)
    .filter(([time]) => time > afterMs && time <= untilMs);
  return {
    labels,
    times: Float64Array.from(inside, ([time]) => time),
    values: new Float64Array(inside.length),
    starts: Float64Array.from(inside, ([time]) => starts.get(time) ?? 0),
    flags: new Uint8Array(),
    isDelta: false,
    histograms: inside.map(([, histogram]) => histogram),
  };
}
