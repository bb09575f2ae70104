import type { TextAttribute } from '@maru/otlp/prometheus';
import { type Attribute, scalarOf, valueField, valueText } from '../model/attributes.ts';
import { contentOf, readFields, varint64Of } from '../model/fields.ts';

/** Attributes with their values as labels show them, which is as the engine's `valueText` writes them. */
export function textAttributes(attributes: readonly Attribute[]): readonly TextAttribute[] {
  return attributes.map(({ key, value }) => ({ key, text: labelText(value) }));
}

function labelText(value: Uint8Array): string {
  const text = valueText(value);
  if (text !== undefined) return text;
  const fields = readFields(value);
  const [first] = fields;
  if (first === undefined) return '';
  if (first.number === valueField.int) return String(BigInt.asIntN(64, varint64Of(fields, valueField.int)));
  if (first.number === valueField.bytes)
    return Buffer.from(contentOf(fields, valueField.bytes) ?? []).toString('base64');
  const scalar = scalarOf(value);
  return typeof scalar === 'number' ? doubleText(scalar) : String(scalar ?? '');
}

/** The shortest digits, with an exponent without a plus. */
function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
}
