import { lengthDelimited, type Signal } from '@maru/otlp';
import { type Field, readFields, utf8 } from '../model/fields.ts';
import type { Part } from '../part.ts';
import { anyValueOfJson } from './json-value.ts';
import { standardMetric } from './native-histogram.ts';

/** Which fields of a message lead to values: by number, what they hold. */
interface Shape {
  readonly [field: number]: Shape | 'value' | 'metric';
}

const attribute: Shape = { 2: 'value' };
const resource: Shape = { 1: attribute };
const scope: Shape = { 3: attribute };
const exemplar: Shape = { 7: attribute };

function request(item: Shape | 'metric'): Shape {
  return { 1: { 1: resource, 2: { 1: scope, 2: item } } };
}

const requests: Readonly<Record<Signal, Shape>> = {
  traces: request({ 9: attribute, 11: { 3: attribute }, 13: { 4: attribute } }),
  logs: request({ 5: 'value', 6: attribute }),
  metrics: request('metric'),
};

const metric: Shape = {
  5: { 1: { 5: exemplar, 7: attribute } },
  7: { 1: { 5: exemplar, 7: attribute } },
  9: { 1: { 8: exemplar, 9: attribute } },
  10: { 1: { 1: attribute, 11: exemplar } },
  11: { 1: { 7: attribute } },
  12: attribute,
};

/**
 * A journaled request as any OTLP receiver reads it: values that stand as JSON text become arrays and key-value lists again,
 * Prometheus's native histograms OTLP's own kinds. What does not change is passed on as it stands.
 */
export function standardRequest(signal: Signal, bytes: Uint8Array): Uint8Array {
  return rewritten(requests[signal], bytes) ?? bytes;
}

/** Parts as they are sent in OTLP: those that hold what only Maru knows are rewritten. */
export function standardBuffers(signal: Signal, parts: readonly Part[]): readonly Uint8Array[] {
  return parts.map(({ bytes, isOwn }) => (isOwn ? standardRequest(signal, bytes) : bytes));
}

/** The message with its values as standard ones; undefined when nothing has to change. */
function rewritten(shape: Shape, bytes: Uint8Array): Uint8Array | undefined {
  let isChanged = false;
  const fields = readFields(bytes).map((field) => {
    const content = field.wire === 2 ? contentOf(shape[field.number], field) : undefined;
    if (content === undefined) return field.raw;
    isChanged = true;
    return lengthDelimited(field.number, content);
  });
  return isChanged ? Buffer.concat(fields) : undefined;
}

function contentOf(inner: Shape[number] | undefined, { content }: Field): Uint8Array | undefined {
  if (inner === undefined) return undefined;
  if (inner === 'value') return standardValue(content);
  if (inner !== 'metric') return rewritten(inner, content);
  const own = standardMetric(content);
  const values = rewritten(metric, own ?? content);
  return values ?? own;
}

const jsonValue = 15;

function standardValue(value: Uint8Array): Uint8Array | undefined {
  const json = readFields(value).find(({ number }) => number === jsonValue);
  return json && anyValueOfJson(utf8(json.content));
}
