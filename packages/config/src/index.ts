export { defaulted, type Field, fields, optional, required, type ValuesOf } from './fields.ts';
export { type Given, given } from './given.ts';
export {
  boolean,
  bytes,
  type Described,
  duration,
  httpUrl,
  integer,
  type Kind,
  list,
  mapOf,
  name,
  number,
  oneOf,
  port,
  scalar,
  text,
} from './kind.ts';
export { Impossible, made } from './made.ts';
export {
  type ConfigNode,
  entryOf,
  isEmpty,
  type ListNode,
  type MapEntry,
  type MapNode,
  type Place,
  type ScalarNode,
} from './node.ts';
export { ConfigError, type Problem, Problems, problemLine } from './problems.ts';
export { type Environment, noEnvironment, readYaml } from './read-yaml.ts';
export { referenceTable } from './reference.ts';
