import { at, listAt, type SeenObject, textAt, textsAt } from '@maru/cluster';

/** What a container is started with, as far as the objects seen tell. */
export interface ContainerVariables {
  /** Values of Secrets are empty: they are never read. */
  readonly values: Readonly<Record<string, string>>;
  /** Where each value comes from, when it does not stand in the container itself. */
  readonly sources: Readonly<Record<string, string>>;
  /** What is referred to and not there: `ConfigMap telemetry`, `key ENDPOINT of ConfigMap telemetry`. */
  readonly missing: readonly string[];
  /** Names that a later source set again, with both sources. */
  readonly overridden: readonly string[];
}

/** The ConfigMaps seen, by `namespace/name`; undefined when none of that namespace was seen, so that nothing is "missing". */
export type ConfigMaps = ReadonlyMap<string, Readonly<Record<string, string>>>;

export function configMapsOf(objects: readonly SeenObject[]): ConfigMaps {
  return new Map(
    objects
      .filter(({ kind, richness }) => kind === 'ConfigMap' && richness === 'whole')
      .map(({ namespace, name, value }) => [`${namespace}/${name}`, textsAt(value, 'data') ?? {}]),
  );
}

/**
 * Resolves `envFrom` and `env` of a container as the kubelet does: sources in their order, `env` over `envFrom`, and
 * `$(NAME)` filled in from what stands before it.
 */
export function variablesOfContainer(spec: unknown, namespace: string, maps: ConfigMaps): ContainerVariables {
  const steps = [
    ...listAt(spec, 'envFrom').map((source) => fromSource(source, namespace, maps)),
    ...listAt(spec, 'env').map((one) => fromVariable(one, namespace, maps)),
  ];
  const values: Record<string, string> = {};
  const sources: Record<string, string> = {};
  const overridden: string[] = [];
  for (const { found, source } of steps) {
    for (const [name, value] of found) {
      const filled = expanded(value, values);
      const before = sources[name];
      if (before !== undefined && values[name] !== filled)
        overridden.push(`${name} of ${before} by ${source}`);
      values[name] = filled;
      sources[name] = source;
    }
  }
  return { values, sources, missing: steps.flatMap(({ missing }) => missing), overridden };
}

interface Resolved {
  readonly found: readonly (readonly [string, string])[];
  readonly source: string;
  readonly missing: readonly string[];
}

function fromSource(source: unknown, namespace: string, maps: ConfigMaps): Resolved {
  const prefix = textAt(source, 'prefix');
  const mapName = textAt(source, 'configMapRef', 'name');
  if (mapName === '')
    return { found: [], source: `Secret ${textAt(source, 'secretRef', 'name')}`, missing: [] };
  const label = `ConfigMap ${mapName}`;
  const map = maps.get(`${namespace}/${mapName}`);
  const isOptional = at(source, 'configMapRef', 'optional') === true;
  if (map === undefined)
    return { found: [], source: label, missing: isKnown(namespace, maps) && !isOptional ? [label] : [] };
  return {
    found: Object.entries(map).map(([key, value]) => [prefix + key, value]),
    source: label,
    missing: [],
  };
}

function fromVariable(one: unknown, namespace: string, maps: ConfigMaps): Resolved {
  const name = textAt(one, 'name');
  const direct = (value: string, source: string): Resolved => ({
    found: name === '' ? [] : [[name, value]],
    source,
    missing: [],
  });
  const reference = at(one, 'valueFrom', 'configMapKeyRef');
  if (reference === undefined) {
    const secret = textAt(one, 'valueFrom', 'secretKeyRef', 'name');
    return secret === '' ? direct(textAt(one, 'value'), 'env') : direct('', `Secret ${secret}`);
  }
  const [mapName, key] = [textAt(reference, 'name'), textAt(reference, 'key')];
  const label = `ConfigMap ${mapName}`;
  const map = maps.get(`${namespace}/${mapName}`);
  const value = map?.[key];
  if (value !== undefined) return direct(value, label);
  const isMissing = isKnown(namespace, maps) && at(reference, 'optional') !== true;
  const what = map === undefined ? label : `key ${key} of ${label}`;
  return { ...direct('', label), missing: isMissing ? [what] : [] };
}

/** Only where the ConfigMaps of the namespace were listed at all does a missing one mean anything. */
function isKnown(namespace: string, maps: ConfigMaps): boolean {
  return [...maps.keys()].some((key) => key.startsWith(`${namespace}/`));
}

function expanded(value: string, before: Readonly<Record<string, string>>): string {
  return value.replace(/\$\(([\w.-]+)\)/g, (whole, name: string) => before[name] ?? whole);
}
