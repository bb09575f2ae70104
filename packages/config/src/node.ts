/** Where something stands in a file; both count from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A piece of a configuration file, whatever it was written in. */
export type ConfigNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly place: Place;
  /** `null` for a value that was left empty. */
  readonly value: string | number | boolean | null;
  /** Whether (a part of) the value came from the environment: then it may be a secret, and no message shows it. */
  readonly fromEnvironment: boolean;
}

export interface ListNode {
  readonly kind: 'list';
  readonly place: Place;
  readonly items: readonly ConfigNode[];
}

export interface MapNode {
  readonly kind: 'map';
  readonly place: Place;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly place: Place;
  readonly value: ConfigNode;
}

/** An entry's value; undefined when the map does not have it. */
export function entryOf(node: MapNode, key: string): ConfigNode | undefined {
  return node.entries.find((entry) => entry.key === key)?.value;
}

/** Whether a key was written without a value. */
export function isEmpty(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}
