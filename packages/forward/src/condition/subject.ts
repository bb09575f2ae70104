import { findAttribute, printed, type Scalar, scalarOf } from '../model/attributes.ts';
import { contentOf, type Field, fixed64Of, readFields, textOf, varintOf, viewOf } from '../model/fields.ts';

/** What a condition is asked about: an item, and what stands around it. Each message is opened when it is first needed. */
export class Subject {
  readonly #item: Uint8Array;
  readonly #resource: Uint8Array;
  readonly #scope: Uint8Array;
  readonly #point: Uint8Array;
  /** The kind of a metric's data, as its field number. */
  readonly pointKind: number;
  #fields: Partial<Record<Level, readonly Field[]>> = {};

  constructor(parts: {
    readonly item: Uint8Array;
    readonly resource: Uint8Array;
    readonly scope: Uint8Array;
    readonly point?: Uint8Array;
    readonly pointKind?: number;
  }) {
    this.#item = parts.item;
    this.#resource = parts.resource;
    this.#scope = parts.scope;
    this.#point = parts.point ?? new Uint8Array(0);
    this.pointKind = parts.pointKind ?? 0;
  }

  fields(level: Level): readonly Field[] {
    const known = this.#fields[level];
    if (known !== undefined) return known;
    const bytes = { item: this.#item, resource: this.#resource, scope: this.#scope, point: this.#point }[
      level
    ];
    const fields = readFields(bytes);
    this.#fields = { ...this.#fields, [level]: fields };
    return fields;
  }
}

export type Level = 'item' | 'resource' | 'scope' | 'point';

/** What conditions of one kind may be about. */
export type Context = 'span' | 'metric' | 'datapoint' | 'log_record';

type Getter = (subject: Subject) => Scalar | undefined;
type Lookup = (level: Level, number: number) => Getter;

const text: Lookup = (level, number) => (subject) => textOf(subject.fields(level), number);
const integer: Lookup = (level, number) => (subject) => varintOf(subject.fields(level), number);
const time: Lookup = (level, number) => (subject) => Number(fixed64Of(subject.fields(level), number));
const hex: Lookup = (level, number) => (subject) =>
  Buffer.from(contentOf(subject.fields(level), number) ?? []).toString('hex');

const around: Readonly<Record<string, Getter>> = {
  'instrumentation_scope.name': text('scope', 1),
  'instrumentation_scope.version': text('scope', 2),
  'scope.name': text('scope', 1),
  'scope.version': text('scope', 2),
};

const span: Readonly<Record<string, Getter>> = {
  name: text('item', 5),
  kind: integer('item', 6),
  trace_state: text('item', 3),
  'trace_id.string': hex('item', 1),
  'span_id.string': hex('item', 2),
  'parent_span_id.string': hex('item', 4),
  start_time_unix_nano: time('item', 7),
  end_time_unix_nano: time('item', 8),
  'status.code': (subject) => varintOf(statusOf(subject), 3),
  'status.message': (subject) => textOf(statusOf(subject), 2),
};

function statusOf(subject: Subject): readonly Field[] {
  return readFields(contentOf(subject.fields('item'), 15) ?? new Uint8Array(0));
}

const logRecord: Readonly<Record<string, Getter>> = {
  body: (subject) => {
    const body = contentOf(subject.fields('item'), 5);
    return body && (scalarOf(body) ?? printed(body));
  },
  severity_number: integer('item', 2),
  severity_text: text('item', 3),
  event_name: text('item', 12),
  'trace_id.string': hex('item', 9),
  'span_id.string': hex('item', 10),
  time_unix_nano: time('item', 1),
  observed_time_unix_nano: time('item', 11),
};

const metricTypes: Readonly<Record<number, number>> = { 5: 1, 7: 2, 9: 3, 10: 4, 11: 5, 29: 4 };

const metric: Readonly<Record<string, Getter>> = {
  name: text('item', 1),
  description: text('item', 2),
  unit: text('item', 3),
  type: ({ pointKind }) => metricTypes[pointKind],
};

const datapoint: Readonly<Record<string, Getter>> = {
  ...Object.fromEntries(Object.entries(metric).map(([name, getter]) => [`metric.${name}`, getter])),
  time_unix_nano: time('point', 3),
  start_time_unix_nano: time('point', 2),
  value_double: (subject) => numberOf(subject, 4, (view) => view.getFloat64(0, true)),
  value_int: (subject) => numberOf(subject, 6, (view) => Number(view.getBigInt64(0, true))),
};

function numberOf(subject: Subject, number: number, read: (view: DataView) => number): number | undefined {
  const content = contentOf(subject.fields('point'), number);
  return content?.length === 8 ? read(viewOf(content)) : undefined;
}

const contexts: Readonly<Record<Context, Readonly<Record<string, Getter>>>> = {
  span: { ...around, ...span, ...prefixed('span', span) },
  log_record: { ...around, ...logRecord, ...prefixed('log', logRecord) },
  metric: { ...around, ...metric, ...prefixed('metric', metric) },
  datapoint: { ...around, ...datapoint, ...prefixed('datapoint', datapoint) },
};

function prefixed(
  prefix: string,
  getters: Readonly<Record<string, Getter>>,
): Readonly<Record<string, Getter>> {
  return Object.fromEntries(Object.entries(getters).map(([name, getter]) => [`${prefix}.${name}`, getter]));
}

/** Where attributes stand: the level, and the field by the kind of point. */
const attributePlaces: Readonly<
  Record<string, { readonly level: Level; readonly number: (subject: Subject) => number }>
> = {
  'resource.attributes': { level: 'resource', number: () => 1 },
  'scope.attributes': { level: 'scope', number: () => 3 },
  'instrumentation_scope.attributes': { level: 'scope', number: () => 3 },
};

const ownAttributes: Readonly<
  Record<Context, { readonly level: Level; readonly number: (subject: Subject) => number }>
> = {
  span: { level: 'item', number: () => 9 },
  log_record: { level: 'item', number: () => 6 },
  metric: { level: 'item', number: () => 12 },
  datapoint: { level: 'point', number: ({ pointKind }) => pointAttributesField(pointKind) },
};

/** Where a data point of this kind has its attributes. */
export function pointAttributesField(kind: number): number {
  if (kind === 10 || kind === 29) return 1;
  return kind === 9 ? 9 : 7;
}

const ownPrefixes: Readonly<Record<Context, string>> = {
  span: 'span',
  log_record: 'log',
  metric: 'metric',
  datapoint: 'datapoint',
};

/** How a path is looked up; undefined when there is no such path in the context. */
export function getterOf(context: Context, name: string, key: string | undefined): Getter | undefined {
  if (key === undefined) return contexts[context][name];
  const own = [`${ownPrefixes[context]}.attributes`, 'attributes'].includes(name);
  const place = own ? ownAttributes[context] : attributePlaces[name];
  if (place === undefined || (context === 'metric' && own)) return undefined;
  const keyBytes = Buffer.from(key);
  return (subject) => {
    const value = findAttribute(subject.fields(place.level), place.number(subject), keyBytes);
    return value && (scalarOf(value) ?? printed(value));
  };
}

/** The paths of a context, for messages. */
export function pathsOf(context: Context): readonly string[] {
  return [...Object.keys(contexts[context]).filter((name) => !name.startsWith(`${ownPrefixes[context]}.`))];
}
