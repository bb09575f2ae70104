import { type Sql, sql } from '@maru/store';
import type { Intrinsic } from '../syntax/ast.ts';
import { notSupported } from '../syntax/error.ts';
import { type IntrinsicName, intrinsics } from '../syntax/vocabulary.ts';
import type { Alternative } from './alternative.ts';

const rootless = sql`parent_span_id = toFixedString('', 8)`;

/** Every intrinsic that can be read from the store now. */
const known: Readonly<Partial<Record<IntrinsicName, Alternative>>> = {
  duration: { type: 'int', table: 'spans', value: sql`duration_nano` },
  name: { type: 'string', table: 'spans', value: sql`name` },
  status: { type: 'status', table: 'spans', value: sql`status_code` },
  statusMessage: { type: 'string', table: 'spans', value: sql`status_message` },
  kind: { type: 'kind', table: 'spans', value: sql`kind` },
  rootName: { type: 'string', table: 'roots', value: sql`name` },
  rootServiceName: { type: 'string', table: 'roots', value: sql`service_name` },
  traceDuration: { type: 'int', table: 'traces', value: traceDuration() },
  traceId: { type: 'string', table: 'spans', value: sql`lower(hex(trace_id))` },
  spanId: { type: 'string', table: 'spans', value: sql`lower(hex(span_id))` },
  parentId: {
    type: 'string',
    table: 'spans',
    value: sql`lower(hex(parent_span_id))`,
    present: sql`NOT (${rootless})`,
  },
  eventName: each('string', sql`\`events.name\``, sql`item`),
  eventTimeSinceStart: each(
    'int',
    sql`arrayMap(t -> toUnixTimestamp64Nano(t) - toUnixTimestamp64Nano(start_time), \`events.time\`)`,
    sql`item`,
  ),
  linkTraceId: each('string', sql`\`links.trace_id\``, sql`lower(hex(item))`),
  linkSpanId: each('string', sql`\`links.span_id\``, sql`lower(hex(item))`),
  instrumentationName: { type: 'string', table: 'spans', value: sql`scope_name` },
  instrumentationVersion: { type: 'string', table: 'spans', value: sql`scope_version` },
};

/** How an intrinsic is read. */
export function intrinsicAlternatives(field: Intrinsic, text: string): readonly Alternative[] {
  const alternative = known[intrinsics.get(field.name) ?? 'parent'];
  if (alternative === undefined) throw notSupported(text, field.start, field.name);
  return [alternative];
}

function each(type: Alternative['type'], items: Sql, value: Sql): Alternative {
  return { type, table: 'spans', value, over: { items, negation: 'some' } };
}

/** From the first span's start to the last one's end, in nanoseconds. */
function traceDuration(): Sql {
  return sql`(max(toUnixTimestamp64Nano(start_time) + duration_nano) - min(toUnixTimestamp64Nano(start_time)))`;
}
