import { type Sql, sql } from '@maru/store';
import type { Attribute, Intrinsic } from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';
import { intrinsics } from '../syntax/vocabulary.ts';
import { attributeJson } from './attribute.ts';

/** A field that is shown with each span found. */
export interface ShownField {
  /** The name as Tempo shows it: an attribute without its scope, an intrinsic by its short name. */
  readonly key: string;
  /** The value as JSON text in a row of spans joined with nothing; '' where it has none. */
  readonly json: Sql;
  /** An attribute of the resource, to be looked up when the span has none. */
  readonly resourceAttribute?: string;
  /** The value is nanoseconds, and shown as Go writes a duration. */
  readonly isDuration?: true;
}

/** Parts of the answer anyway, so Tempo does not repeat them as attributes. */
const notRepeated: ReadonlySet<string> = new Set([
  'name',
  'duration',
  'traceDuration',
  'rootName',
  'rootServiceName',
  'traceId',
  'spanId',
]);

/** What is shown of the fields a query names, each once. */
export function shownFields(fields: readonly (Attribute | Intrinsic)[], text: string): readonly ShownField[] {
  const shown = fields.flatMap((field) =>
    field.kind === 'attribute' ? [attribute(field)] : intrinsic(field, text),
  );
  return shown.filter((field, index) => shown.findIndex((each) => sameField(each, field)) === index);
}

function sameField(left: ShownField, right: ShownField): boolean {
  return left.key === right.key && left.json.text === right.json.text;
}

function attribute({ scope, name }: Attribute): ShownField {
  switch (scope) {
    case 'resource':
      return name === 'service.name'
        ? serviceName(name)
        : { key: name, json: sql`''`, resourceAttribute: name };
    case 'event':
      return { key: name, json: firstOf(sql`\`events.attributes\``, name) };
    case 'link':
      return { key: name, json: firstOf(sql`\`links.attributes\``, name) };
    case 'instrumentation':
      return { key: name, json: sql`scope_attributes[${name}]` };
    case 'span':
      return { key: name, json: attributeJson(name) };
    default:
      return name === 'service.name'
        ? serviceName(name)
        : { key: name, json: attributeJson(name), resourceAttribute: name };
  }
}

function serviceName(key: string): ShownField {
  return { key, json: sql`toJSONString(service_name)` };
}

function firstOf(maps: Sql, name: string): Sql {
  return sql`arrayFirst(a -> mapContains(a, ${name}), ${maps})[${name}]`;
}

const intrinsicJson: Readonly<Record<string, Sql>> = {
  status: sql`toJSONString(toString(status_code))`,
  statusMessage: sql`toJSONString(status_message)`,
  kind: sql`toJSONString(toString(kind))`,
  eventName: sql`toJSONString(toString(\`events.name\`[1]))`,
  eventTimeSinceStart: sql`toString(toUnixTimestamp64Nano(\`events.time\`[1]) - toUnixTimestamp64Nano(start_time))`,
  parentId: sql`toJSONString(lower(hex(parent_span_id)))`,
  linkTraceId: sql`if(empty(\`links.trace_id\`), '', toJSONString(lower(hex(\`links.trace_id\`[1]))))`,
  linkSpanId: sql`if(empty(\`links.span_id\`), '', toJSONString(lower(hex(\`links.span_id\`[1]))))`,
  instrumentationName: sql`toJSONString(toString(scope_name))`,
  instrumentationVersion: sql`toJSONString(toString(scope_version))`,
};

/** The long forms that Tempo shows; the others are shown as they are. */
const longKeys: Readonly<Record<string, string>> = {
  eventName: 'event:name',
  eventTimeSinceStart: 'event:timeSinceStart',
  parentId: 'span:parentID',
  linkTraceId: 'link:traceID',
  linkSpanId: 'link:spanID',
  instrumentationName: 'instrumentation:name',
  instrumentationVersion: 'instrumentation:version',
};

function intrinsic(field: Intrinsic, text: string): readonly ShownField[] {
  const name = intrinsics.get(field.name) ?? '';
  if (notRepeated.has(name)) return [];
  const json = intrinsicJson[name];
  // A root test is answered from the parent's id; there is no number to show for it.
  if (json === undefined && name === 'nestedSetParent') return [];
  if (json === undefined) throw notSupported(text, field.start, field.name);
  const key = longKeys[name] ?? name;
  return [name === 'eventTimeSinceStart' ? { key, json, isDuration: true } : { key, json }];
}
