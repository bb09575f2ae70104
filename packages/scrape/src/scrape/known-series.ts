import { labelsKey, labelsOf } from '@maru/query-core/labels';
import type { ScrapeJob } from '../config/job.ts';
import type { ExposedSample, Exposition, Pairs } from '../exposition/exposition.ts';
import { relabel } from '../relabel/relabel.ts';
import { type CompiledRule, compileRules } from '../relabel/rule.ts';
import type { LabelMap } from './target.ts';

/** A series of a target as it is stored. */
export interface KnownSeries {
  /** The same for the same labels. */
  readonly key: string;
  /** Sorted, with `__name__`. */
  readonly labels: Pairs;
  readonly isCounter: boolean;
  readonly help: string;
}

/**
 * What the series of one target are called in the end. Labels are parsed and rules applied once a series, not once a
 * sample: the text of a series is the same from scrape to scrape.
 */
export class SeriesNames {
  readonly #job: ScrapeJob;
  readonly #target: LabelMap;
  readonly #rules: readonly CompiledRule[];
  #known: ReadonlyMap<string, KnownSeries | undefined> = new Map();

  constructor(job: ScrapeJob, target: LabelMap) {
    this.#job = job;
    this.#target = target;
    this.#rules = compileRules(job.metricRelabel);
  }

  /**
   * The series of each sample, undefined where the rules drop it, in the samples' order. What is not among these samples
   * is forgotten. Throws one sentence when a series exceeds the job's limits.
   */
  name({ samples, familyOf }: Exposition): readonly (KnownSeries | undefined)[] {
    const now = new Map<string, KnownSeries | undefined>();
    const named = samples.map((sample) => {
      const { series } = sample;
      const known = this.#known.has(series) ? this.#known.get(series) : this.#make(sample, familyOf);
      now.set(series, known);
      return known;
    });
    this.#known = now;
    return named;
  }

  #make(sample: ExposedSample, familyOf: Exposition['familyOf']): KnownSeries | undefined {
    const exposed = new Map(sample.labels().filter(([, value]) => value !== ''));
    const { type, help } = familyOf(exposed.get('__name__') ?? '');
    const merged = this.#job.honorLabels ? honored(exposed, this.#target) : exported(exposed, this.#target);
    const relabelled = relabel(merged, this.#rules);
    if (relabelled === undefined) return undefined;
    const labels = labelsOf(
      [...relabelled].filter(([name]) => name === '__name__' || !name.startsWith('__')),
    );
    checkLimits(labels, this.#job);
    return { key: labelsKey(labels), labels: [...labels], isCounter: type === 'counter', help };
  }
}

/** The target's labels where the series has none of that name. */
function honored(exposed: LabelMap, target: LabelMap): LabelMap {
  return new Map([...target, ...exposed]);
}

/** The target's labels always; what the series has of the same name becomes `exported_…`. */
function exported(exposed: LabelMap, target: LabelMap): LabelMap {
  const merged = new Map(exposed);
  for (const [name, value] of target) {
    const own = merged.get(name);
    if (own !== undefined) merged.set(freeName(name, merged, target), own);
    merged.set(name, value);
  }
  return merged;
}

function freeName(name: string, merged: LabelMap, target: LabelMap): string {
  const longer = `exported_${name}`;
  return merged.has(longer) || target.has(longer) ? freeName(longer, merged, target) : longer;
}

function checkLimits(labels: LabelMap, { limits }: ScrapeJob): void {
  const name = labels.get('__name__');
  if (name === undefined) throw new Error('a series has no name after the rules of metric_relabel_configs');
  if (limits.labels > 0 && labels.size > limits.labels)
    throw new Error(`${name} has ${labels.size} labels where label_limit allows ${limits.labels}`);
  for (const [label, value] of labels) {
    if (limits.labelNameLength > 0 && label.length > limits.labelNameLength)
      throw new Error(`a label's name of ${name} is longer than label_name_length_limit allows`);
    if (limits.labelValueLength > 0 && value.length > limits.labelValueLength)
      throw new Error(`a label's value of ${name} is longer than label_value_length_limit allows`);
  }
}
