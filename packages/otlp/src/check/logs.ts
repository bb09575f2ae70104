import type { Checked, CheckLimits } from './checked.ts';
import { attributes, count, optionalSpanId, optionalTraceId, request, text, time } from './common.ts';
import { check } from './pass.ts';
import { rule, shape } from './shape.ts';

// Neither time is required: a record without both is stored at the time it was received.
const logRecord = shape('LogRecord', {
  1: time('time_unix_nano'),
  2: { name: 'severity_number', rule: rule.enumeration, limit: 24 },
  3: text('severity_text'),
  5: { name: 'body', rule: rule.anyValue },
  6: attributes(),
  7: count('dropped_attributes_count'),
  8: { name: 'flags', rule: rule.fixed32 },
  9: optionalTraceId,
  10: optionalSpanId,
  11: time('observed_time_unix_nano'),
  12: text('event_name'),
});

const logsRequest = request('resource_logs', 'scope_logs', {
  name: 'log_records',
  rule: rule.item,
  repeated: true,
  child: logRecord,
});

/** Checks an `ExportLogsServiceRequest`; the items are log records. Never throws. */
export function checkLogs(bytes: Uint8Array, limits?: CheckLimits): Checked {
  return check(logsRequest, bytes, limits);
}
