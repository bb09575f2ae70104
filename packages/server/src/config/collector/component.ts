import type { ConfigNode, MapEntry, MapNode, Place, Problems } from '@maru/config';

/** A component of a Collector: `otlphttp/tempo` is of the type `otlphttp`. */
export interface Component {
  readonly id: string;
  readonly type: string;
  readonly place: Place;
  readonly node: ConfigNode;
}

/** The components of one section, by id. */
export function componentsOf(
  root: MapNode,
  section: string,
  problems: Problems,
): ReadonlyMap<string, Component> {
  const found = root.entries.find(({ key }) => key === section);
  if (found === undefined || isNothing(found.value)) return new Map();
  if (found.value.kind !== 'map') {
    problems.add(found.place, `${section} must be a map`);
    return new Map();
  }
  return new Map(found.value.entries.map((entry) => [entry.key, componentOf(entry)]));
}

function componentOf({ key, place, value }: MapEntry): Component {
  return { id: key, type: key.split('/', 1)[0] ?? key, place, node: value };
}

function isNothing(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** What a section of the Collector becomes, by the component's type; what is not in the table has no counterpart here. */
export type Translations<T> = Readonly<
  Record<string, (node: ConfigNode, name: string, problems: Problems) => T | undefined>
>;

/** Translates a component, or names it as one that has no counterpart. */
export function translated<T>(
  table: Translations<T>,
  section: string,
  component: Component,
  problems: Problems,
): T | undefined {
  const translate = Object.hasOwn(table, component.type) ? table[component.type] : undefined;
  if (translate !== undefined) return translate(component.node, `${section}.${component.id}`, problems);
  return problems.add(
    component.place,
    `the ${section.slice(0, -1)} ${component.id} has no counterpart in Maru; there are ${Object.keys(table).join(', ')}`,
  );
}
