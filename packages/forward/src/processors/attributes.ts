import { createHash } from 'node:crypto';
import { boolean, defaulted, fields, type Kind, list, mapOf, name, oneOf, scalar, text } from '@maru/config';
import { lengthDelimited, type Signal } from '@maru/otlp';
import { pointAttributesField } from '../condition/subject.ts';
import {
  type Attribute,
  anyValueOf,
  printed,
  readAttributes,
  type Scalar,
  withAttributes,
} from '../model/attributes.ts';
import { readFields } from '../model/fields.ts';
import { mapItems, pointsOf, type Telemetry, withPoints } from '../model/telemetry.ts';
import type { ChangingProcessor } from './processor.ts';

/** Changes to attributes, in the order of these fields. */
export interface AttributesSettings {
  readonly kind: 'attributes';
  readonly on: readonly ('items' | 'resource')[];
  /** Keys; a `*` at the end stands for any rest. */
  readonly drop: readonly string[];
  readonly rename: Readonly<Record<string, string>>;
  /** Set where the key is not there, is there, or in either case. */
  readonly insert: Readonly<Record<string, Scalar>>;
  readonly update: Readonly<Record<string, Scalar>>;
  readonly upsert: Readonly<Record<string, Scalar>>;
  readonly hash: readonly string[];
  /** Goes into each hash before the value. */
  readonly salt: string;
  /** Whether the item's own attributes of events and links are changed, too. */
  readonly nested: boolean;
}

const anyScalar: Kind<Scalar> = scalar<Scalar>('a text, number or boolean', (value) => value);
const noValues: ReadonlyMap<string, Scalar> = new Map();

interface AttributesConfig {
  readonly on: readonly ('items' | 'resource')[];
  readonly drop: readonly string[];
  readonly rename: ReadonlyMap<string, string>;
  readonly insert: ReadonlyMap<string, Scalar>;
  readonly update: ReadonlyMap<string, Scalar>;
  readonly upsert: ReadonlyMap<string, Scalar>;
  readonly hash: readonly string[];
  readonly salt: string;
  readonly nested: boolean;
}

const table: Kind<AttributesConfig> = fields({
  on: defaulted(
    list(oneOf('items', 'resource')),
    ['items'],
    'items',
    'Which attributes: those of spans, log records and data points (`items`), of resources, or both.',
  ),
  drop: defaulted(
    list(name),
    [],
    'none',
    'Keys to remove; `http.request.header.*` removes all that begin so.',
  ),
  rename: defaulted(mapOf(name), new Map<string, string>(), 'none', 'Old keys with their new ones.'),
  insert: defaulted(mapOf(anyScalar), noValues, 'none', 'Set where the key is not there.'),
  update: defaulted(mapOf(anyScalar), noValues, 'none', 'Set where the key is there.'),
  upsert: defaulted(mapOf(anyScalar), noValues, 'none', 'Set in either case.'),
  hash: defaulted(list(name), [], 'none', 'Keys whose values become their SHA-256 in hexadecimal.'),
  salt: defaulted(
    text,
    '',
    'none',
    'Goes into each hash, so that it cannot be looked up; better a variable than the text itself.',
  ),
  nested: defaulted(boolean, false, 'false', 'Whether attributes of span events and links are changed, too.'),
});

export const attributesKind: Kind<AttributesSettings> = {
  ...table,
  read: (node, path, problems) => {
    const config = table.read(node, path, problems);
    if (config === undefined) return undefined;
    return {
      ...config,
      kind: 'attributes',
      rename: Object.fromEntries(config.rename),
      insert: Object.fromEntries(config.insert),
      update: Object.fromEntries(config.update),
      upsert: Object.fromEntries(config.upsert),
    };
  },
};

type Change = (attributes: readonly Attribute[]) => readonly Attribute[];

export function createAttributes(settings: AttributesSettings, signal: Signal): ChangingProcessor {
  const change = changeOf(settings);
  const onItems = settings.on.includes('items');
  const onResource = settings.on.includes('resource');
  return {
    kind: 'changing',
    process: (telemetry) => {
      const items = onItems
        ? mapItems(telemetry, (item) => changedItem(signal, item, change, settings.nested))
        : telemetry;
      return onResource ? changedResources(items, change) : items;
    },
  };
}

function changedResources({ resources }: Telemetry, change: Change): Telemetry {
  return {
    resources: resources.map((group) => ({ ...group, resource: changedMessage(group.resource, 1, change) })),
  };
}

const events = { number: 11, attributes: 3 };
const links = { number: 13, attributes: 4 };

function changedItem(signal: Signal, item: Uint8Array, change: Change, nested: boolean): Uint8Array {
  if (signal === 'logs') return changedMessage(item, 6, change);
  if (signal === 'metrics') return changedMetric(item, change);
  const span = changedMessage(item, 9, change);
  return nested ? [events, links].reduce((now, place) => changedInner(now, place, change), span) : span;
}

function changedInner(span: Uint8Array, { number, attributes }: typeof events, change: Change): Uint8Array {
  return mapContents(span, number, (content) => changedMessage(content, attributes, change));
}

function mapContents(
  message: Uint8Array,
  number: number,
  change: (content: Uint8Array) => Uint8Array,
): Uint8Array {
  const parts = readFields(message);
  if (!parts.some((field) => field.number === number)) return message;
  return Buffer.concat(
    parts.map((field) =>
      field.number === number ? lengthDelimited(number, change(field.content)) : field.raw,
    ),
  );
}

function changedMetric(metric: Uint8Array, change: Change): Uint8Array {
  const data = pointsOf(metric);
  if (data === undefined) return metric;
  const number = pointAttributesField(data.kind);
  const points = data.points.map((point) => changedMessage(point, number, change));
  return withPoints(metric, { ...data, points }) ?? metric;
}

function changedMessage(message: Uint8Array, number: number, change: Change): Uint8Array {
  const parts = readFields(message);
  const attributes = readAttributes(parts, number);
  const changed = change(attributes);
  return changed === attributes ? message : withAttributes(parts, number, changed);
}

/** All changes after each other. */
function changeOf(settings: AttributesSettings): Change {
  const steps: readonly Change[] = [
    dropping(settings.drop),
    renaming(settings.rename),
    setting(settings.insert, (isThere) => !isThere),
    setting(settings.update, (isThere) => isThere),
    setting(settings.upsert, () => true),
    hashing(new Set(settings.hash), settings.salt),
  ];
  return (attributes) => steps.reduce((now, step) => step(now), attributes);
}

function dropping(keys: readonly string[]): Change {
  const whole = new Set(keys.filter((key) => !key.endsWith('*')));
  const prefixes = keys.filter((key) => key.endsWith('*')).map((key) => key.slice(0, -1));
  const isDropped = ({ key }: Attribute): boolean =>
    whole.has(key) || prefixes.some((prefix) => key.startsWith(prefix));
  return (attributes) =>
    attributes.some(isDropped) ? attributes.filter((attribute) => !isDropped(attribute)) : attributes;
}

function renaming(names: Readonly<Record<string, string>>): Change {
  const renamed = new Map(Object.entries(names));
  const taken = new Set(renamed.values());
  return (attributes) => {
    if (!attributes.some(({ key }) => renamed.has(key))) return attributes;
    // The renamed one takes the place of one that has the name already: keys are unique.
    return attributes
      .filter(({ key }) => !taken.has(key) || !attributes.some((other) => renamed.get(other.key) === key))
      .map((attribute) => {
        const key = renamed.get(attribute.key);
        return key === undefined ? attribute : { key, value: attribute.value };
      });
  };
}

function setting(values: Readonly<Record<string, Scalar>>, when: (isThere: boolean) => boolean): Change {
  const wanted = Object.entries(values).map(([key, value]) => ({ key, value: anyValueOf(value) }));
  return (attributes) => {
    const there = new Set(attributes.map(({ key }) => key));
    const set = wanted.filter(({ key }) => when(there.has(key)));
    const keys = new Set(set.map(({ key }) => key));
    return set.length === 0 ? attributes : [...attributes.filter(({ key }) => !keys.has(key)), ...set];
  };
}

function hashing(keys: ReadonlySet<string>, salt: string): Change {
  const change = (attribute: Attribute): Attribute =>
    keys.has(attribute.key)
      ? { key: attribute.key, value: anyValueOf(hashed(attribute.value, salt)) }
      : attribute;
  return (attributes) => (attributes.some(({ key }) => keys.has(key)) ? attributes.map(change) : attributes);
}

function hashed(value: Uint8Array, salt: string): string {
  return createHash('sha256').update(salt).update(printed(value)).digest('hex');
}
