import type { Checked, CheckLimits } from './checked.ts';
import {
  attributes,
  count,
  message,
  messages,
  optionalSpanId,
  optionalTraceId,
  request,
  requiredTime,
  text,
  time,
} from './common.ts';
import { check } from './pass.ts';
import { rule, shape } from './shape.ts';

const event = shape('Event', {
  1: time('time_unix_nano'),
  2: text('name'),
  3: attributes(),
  4: count('dropped_attributes_count'),
});

// The SDK specification lets a link with an invalid context through when it carries attributes, so a link's ids
// may be absent where a span's may not.
const link = shape('Link', {
  1: optionalTraceId,
  2: optionalSpanId,
  3: text('trace_state'),
  4: attributes(),
  5: count('dropped_attributes_count'),
  6: { name: 'flags', rule: rule.fixed32 },
});

const status = shape('Status', {
  2: text('message'),
  3: { name: 'code', rule: rule.enumeration, limit: 2 },
});

const span = shape('Span', {
  1: { name: 'trace_id', rule: rule.requiredId, limit: 16, reason: 'invalid_trace_id', required: true },
  2: { name: 'span_id', rule: rule.requiredId, limit: 8, reason: 'invalid_span_id', required: true },
  3: text('trace_state'),
  4: { name: 'parent_span_id', rule: rule.optionalId, limit: 8, reason: 'invalid_parent_span_id' },
  5: text('name'),
  6: { name: 'kind', rule: rule.enumeration, limit: 5 },
  7: requiredTime('start_time_unix_nano'),
  8: time('end_time_unix_nano'),
  9: attributes(),
  10: count('dropped_attributes_count'),
  11: messages('events', event),
  12: count('dropped_events_count'),
  13: messages('links', link),
  14: count('dropped_links_count'),
  15: message('status', status),
  16: { name: 'flags', rule: rule.fixed32 },
});

const tracesRequest = request('resource_spans', 'scope_spans', {
  name: 'spans',
  rule: rule.item,
  repeated: true,
  child: span,
});

/** Checks an `ExportTraceServiceRequest`; the items are spans. Never throws. */
export function checkTraces(bytes: Uint8Array, limits?: CheckLimits): Checked {
  return check(tracesRequest, bytes, limits);
}
