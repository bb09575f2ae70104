import { translatedLabel } from './names.ts';
import type { SeriesNaming, TranslationStrategy } from './naming.ts';
import { compareUtf8 } from './utf8-order.ts';

export type LabelPair = readonly [name: string, value: string];

/** An attribute with its value as a person reads it. */
export interface TextAttribute {
  readonly key: string;
  readonly text: string;
}

/** The labels of the series of one resource: those that the resource gives, and with them those of each point. */
export class SeriesLabels {
  /** `job` and `instance`; empty when the resource names no service. */
  readonly #identity: readonly LabelPair[];
  readonly #promoted: readonly LabelPair[];
  readonly #strategy: TranslationStrategy;

  constructor({ strategy, promotedAttributes }: SeriesNaming, resource: readonly TextAttribute[]) {
    const promoted = new Set(promotedAttributes);
    this.#strategy = strategy;
    this.#identity = identityOf(resource);
    this.#promoted = translated(
      strategy,
      resource.filter(({ key }) => promoted.has(key)),
    );
  }

  /** Sorted by name, without `__name__`. The resource's identity wins, then the point. */
  of(point: readonly TextAttribute[]): readonly LabelPair[] {
    const own = overlay(translated(this.#strategy, point), this.#promoted);
    return sorted(overlay(this.#identity, own));
  }

  /**
   * The labels of the resource's `target_info`, which tells all that is known of it; undefined when nothing more is known than what
   * `job` and `instance` say, or when it has neither.
   */
  target(resource: readonly TextAttribute[]): readonly LabelPair[] | undefined {
    const others = resource.filter(({ key }) => !identifyingAttributes.has(key));
    const more = translated(this.#strategy, others);
    return this.#identity.length === 0 || more.length === 0
      ? undefined
      : sorted(overlay(this.#identity, more));
  }
}

const identifyingAttributes: ReadonlySet<string> = new Set([
  'service.name',
  'service.namespace',
  'service.instance.id',
]);

/** The labels of a series that came from Prometheus: what they are. */
export function verbatimLabels(attributes: readonly TextAttribute[]): readonly LabelPair[] {
  return sorted(merged(pairsOf(attributes, (key) => key)));
}

/** Attributes as labels, those that come to the same name joined. */
function translated(
  strategy: TranslationStrategy,
  attributes: readonly TextAttribute[],
): readonly LabelPair[] {
  return merged(pairsOf(attributes, (key) => translatedLabel(strategy, key)));
}

function pairsOf(
  attributes: readonly TextAttribute[],
  labelOf: (key: string) => string,
): readonly LabelPair[] {
  return attributes
    .toSorted((left, right) => compareUtf8(left.key, right.key))
    .map(({ key, text }): LabelPair => [labelOf(key), text])
    .filter(([name, value]) => value !== '' && name !== '__name__');
}

/** Values of labels that collide, joined in the order of the original keys. */
function merged(pairs: readonly LabelPair[]): readonly LabelPair[] {
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before};${value}`);
  }
  return [...values];
}

/** `job` is namespace/name, or the name alone; `instance` is the instance's id. */
function identityOf(resource: readonly TextAttribute[]): readonly LabelPair[] {
  const text = (wanted: string): string => resource.find(({ key }) => key === wanted)?.text ?? '';
  const job = `${text('service.namespace')}/${text('service.name')}`.replace(/^\/+|\/+$/g, '');
  const pairs: readonly LabelPair[] = [
    ['job', job],
    ['instance', text('service.instance.id')],
  ];
  return pairs.filter(([, value]) => value !== '');
}

/** The winners, then those of the others whose name no winner has. */
function overlay(winners: readonly LabelPair[], others: readonly LabelPair[]): readonly LabelPair[] {
  const taken = new Set(winners.map(([name]) => name));
  return [...winners, ...others.filter(([name]) => !taken.has(name))];
}

function sorted(pairs: readonly LabelPair[]): readonly LabelPair[] {
  return pairs.toSorted(([left], [right]) => compareUtf8(left, right));
}
