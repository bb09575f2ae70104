import type { NativeHistogram, SeriesSource, UnorderedSamples } from '@maru/promql';
import { compileMatcher, type Labels, labelsKey } from '@maru/query-core';
import type { RuleSample } from '../evaluate/sample.ts';

interface Kept {
  readonly sample: RuleSample;
  readonly keptAt: number;
}

interface KeptSeries {
  readonly labels: Labels;
  samples: Kept[];
}

/**
 * What rules made a moment ago. It takes up to a second until what was written can be read from the store; a rule that
 * builds on another one must see its result at once, as in Prometheus.
 */
export class RecentSamples {
  readonly #keepMs: number;
  readonly #now: () => number;
  readonly #byKey = new Map<string, KeptSeries>();
  #trimmedAt = 0;

  /** @param keepMs how long a sample is held here: longer than the way through the journal takes */
  constructor(keepMs = 60_000, now: () => number = Date.now) {
    this.#keepMs = keepMs;
    this.#now = now;
  }

  add(samples: readonly RuleSample[]): void {
    const keptAt = this.#now();
    if (keptAt - this.#trimmedAt > this.#keepMs / 2) this.#trim(keptAt);
    for (const sample of samples) {
      const key = labelsKey(sample.labels);
      const series = this.#byKey.get(key) ?? { labels: sample.labels, samples: [] };
      series.samples.push({ sample, keptAt });
      this.#byKey.set(key, series);
    }
  }

  #trim(now: number): void {
    this.#trimmedAt = now;
    for (const [key, series] of this.#byKey) {
      series.samples = series.samples.filter(({ keptAt }) => now - keptAt < this.#keepMs);
      if (series.samples.length === 0) this.#byKey.delete(key);
    }
  }

  /** For the engine, beside the store. */
  readonly source: SeriesSource = async (matchers, { afterMs, untilMs }) => {
    const tests = matchers.map((matcher) => [matcher.name, compileMatcher(matcher)] as const);
    return [...this.#byKey.values()]
      .filter(({ labels }) => tests.every(([name, test]) => test(labels.get(name) ?? '')))
      .map(({ labels, samples }) =>
        seriesOf(
          labels,
          samples.map(({ sample }) => sample).filter(({ timeMs }) => timeMs > afterMs && timeMs <= untilMs),
        ),
      );
  };
}

function seriesOf(labels: Labels, samples: readonly RuleSample[]): UnorderedSamples {
  const histograms = samples.map(({ value }): NativeHistogram | undefined =>
    typeof value === 'object' ? value : undefined,
  );
  return {
    labels,
    times: Float64Array.from(samples, ({ timeMs }) => timeMs),
    values: Float64Array.from(samples, ({ value }) => (typeof value === 'number' ? value : 0)),
    flags: Uint8Array.from(samples, ({ value }) => (value === 'stale' ? 1 : 0)),
    isDelta: false,
    histograms: histograms.some((one) => one !== undefined) ? histograms : undefined,
  };
}
