import type { NativeHistogram, SeriesSource, UnorderedSamples } from '@maru/promql';
import { compileMatcher, type Labels, labelsKey } from '@maru/query-core';
import type { RuleSample } from '../evaluate/sample.ts';

interface Kept {
  readonly sample: RuleSample;
  readonly keptAt: number;
}

/**
 * What rules made a moment ago. It takes up to a second until what was written can be read from the store; a rule that
 * builds on another one must see its result at once, as in Prometheus.
 */
export class RecentSamples {
  readonly #keepMs: number;
  readonly #now: () => number;
  #kept: readonly Kept[] = [];

  /** @param keepMs how long a sample is held here: longer than the way through the journal takes */
  constructor(keepMs = 60_000, now: () => number = Date.now) {
    this.#keepMs = keepMs;
    this.#now = now;
  }

  add(samples: readonly RuleSample[]): void {
    const keptAt = this.#now();
    const young = this.#kept.filter((one) => keptAt - one.keptAt < this.#keepMs);
    this.#kept = [...young, ...samples.map((sample) => ({ sample, keptAt }))];
  }

  /** For the engine, beside the store. */
  readonly source: SeriesSource = async (matchers, { afterMs, untilMs }) => {
    const tests = matchers.map((matcher) => [matcher.name, compileMatcher(matcher)] as const);
    const found = this.#kept
      .map(({ sample }) => sample)
      .filter(({ labels, timeMs }) => timeMs > afterMs && timeMs <= untilMs && passes(labels, tests));
    return [...Map.groupBy(found, ({ labels }) => labelsKey(labels)).values()].map(seriesOf);
  };
}

function passes(labels: Labels, tests: readonly (readonly [string, (value: string) => boolean])[]): boolean {
  return tests.every(([name, test]) => test(labels.get(name) ?? ''));
}

function seriesOf(samples: readonly RuleSample[]): UnorderedSamples {
  const histograms = samples.map(({ value }): NativeHistogram | undefined =>
    typeof value === 'object' ? value : undefined,
  );
  return {
    labels: samples[0]?.labels ?? new Map(),
    times: Float64Array.from(samples, ({ timeMs }) => timeMs),
    values: Float64Array.from(samples, ({ value }) => (typeof value === 'number' ? value : 0)),
    flags: Uint8Array.from(samples, ({ value }) => (value === 'stale' ? 1 : 0)),
    isDelta: false,
    histograms: histograms.some((one) => one !== undefined) ? histograms : undefined,
  };
}
