import { type Field, rule, type Shape, shape } from './shape.ts';

export function text(name: string): Field {
  return { name, rule: rule.string };
}

export function count(name: string): Field {
  return { name, rule: rule.uint32 };
}

export function fixed64(name: string, more: Partial<Field> = {}): Field {
  return { name, rule: rule.fixed64, ...more };
}

export function attributes(name = 'attributes'): Field {
  return { name, rule: rule.keyValue, repeated: true };
}

export function time(name: string): Field {
  return { name, rule: rule.time, reason: 'time_out_of_range' };
}

/** A time without which the item cannot be placed; zero counts as absent, as it does in OTLP's JSON. */
export function requiredTime(name: string): Field {
  return { name, rule: rule.requiredTime, reason: 'time_missing', required: true };
}

export function messages(name: string, child: Shape): Field {
  return { name, rule: rule.message, repeated: true, child };
}

export function message(name: string, child: Shape, oneof?: string): Field {
  return { name, rule: rule.message, child, ...(oneof === undefined ? {} : { oneof }) };
}

/** Trace and span ids that may be absent. All zero means the same and is stored as absent. */
export const optionalTraceId: Field = {
  name: 'trace_id',
  rule: rule.optionalId,
  limit: 16,
  reason: 'invalid_trace_id',
};
export const optionalSpanId: Field = {
  name: 'span_id',
  rule: rule.optionalId,
  limit: 8,
  reason: 'invalid_span_id',
};

const resource = shape('Resource', {
  1: { name: 'attributes', rule: rule.resourceKeyValue, repeated: true },
  2: count('dropped_attributes_count'),
});

const scope = shape('InstrumentationScope', {
  1: text('name'),
  2: text('version'),
  3: attributes(),
  4: count('dropped_attributes_count'),
});

/** The two envelopes every signal has around its items, and the request around them. */
export function request(signalField: string, scopeField: string, items: Field): Shape {
  const scopeGroup = shape('Scope', { 1: message('scope', scope), 2: items, 3: text('schema_url') });
  const resourceGroup = shape('Resource', {
    1: message('resource', resource),
    2: messages(scopeField, scopeGroup),
    3: text('schema_url'),
  });
  return shape('Request', {
    1: { name: signalField, rule: rule.resourceGroup, repeated: true, child: resourceGroup },
  });
}
