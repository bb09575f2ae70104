import type { ConfigNode, Described, Kind, Problems } from '@maru/config';
import type { Signal } from '@maru/otlp';
import { type AttributesSettings, attributesKind, createAttributes } from './attributes.ts';
import { createFilter, type FilterSettings, filterKind } from './filter.ts';
import type { Processor } from './processor.ts';
import { createRedact, type RedactSettings, redactKind } from './redact.ts';
import { createResource, type ResourceSettings, resourceKind } from './resource.ts';
import { createSample, type SampleSettings, sampleKind } from './sample.ts';
import { createTailSample, type TailSampleSettings, tailSampleKind } from './tail-sample.ts';

/** What a processor is told; plain JSON. */
export type ProcessorSettings =
  | FilterSettings
  | AttributesSettings
  | RedactSettings
  | ResourceSettings
  | SampleSettings
  | TailSampleSettings;

type Name = ProcessorSettings['kind'];
type SettingsOf<N extends Name> = Extract<ProcessorSettings, { kind: N }>;

/** A processor: how its settings are read, and what is made of them. */
interface Entry<N extends Name> {
  readonly doc: string;
  readonly settings: Kind<SettingsOf<N>>;
  /** Undefined when it has nothing to do with the signal. */
  readonly create: (settings: SettingsOf<N>, signal: Signal) => Processor | undefined;
}

/** Every processor under the name that the configuration uses. */
const processors: { readonly [N in Name]: Entry<N> } = {
  filter: {
    doc: 'Leaves out items for which a condition holds, as in the Collector.',
    settings: filterKind,
    create: createFilter,
  },
  attributes: {
    doc: 'Removes, renames, sets and hashes attributes.',
    settings: attributesKind,
    create: createAttributes,
  },
  redact: {
    doc: 'Replaces e-mail addresses, card numbers, tokens and resident numbers in every text.',
    settings: redactKind,
    create: createRedact,
  },
  sample: {
    doc: 'Keeps a share of traces.',
    settings: sampleKind,
    create: createSample,
  },
  tail_sample: {
    doc: 'Keeps whole traces by what is in them: errors, latency, attributes, rates.',
    settings: tailSampleKind,
    create: createTailSample,
  },
  resource: {
    doc: 'Adds attributes to resources.',
    settings: resourceKind,
    create: createResource,
  },
};

export function createProcessor<N extends Name>(
  signal: Signal,
  settings: SettingsOf<N> & { readonly kind: N },
): Processor | undefined {
  return processors[settings.kind].create(settings, signal);
}

/** A step of `processors:`, a map with one key, the processor's name. */
export const processorKind: Kind<ProcessorSettings> = {
  expected: 'a map',
  inner: Object.entries(processors).map(
    ([name, { doc, settings }]): Described => ({
      name,
      expected: settings.expected,
      fallback: '',
      doc,
      inner: settings.inner ?? [],
    }),
  ),
  read: readProcessor,
};

function readProcessor(node: ConfigNode, name: string, problems: Problems): ProcessorSettings | undefined {
  const [entry, ...more] = node.kind === 'map' ? node.entries : [];
  const names = Object.keys(processors).join(', ');
  if (entry === undefined || more.length > 0)
    return problems.add(node.place, `${name} must be a map with one key, the processor's name: ${names}`);
  const known = Object.hasOwn(processors, entry.key) ? processors[entry.key as Name] : undefined;
  if (known === undefined)
    return problems.add(entry.place, `there is no processor ${entry.key}; there are ${names}`);
  return known.settings.read(entry.value, `${name}.${entry.key}`, problems);
}
