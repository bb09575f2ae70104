import { hexFromBase64 } from './identifiers.ts';

/** OTLP's AnyValue in protobuf JSON: exactly one field is set. */
export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: string | number;
  readonly doubleValue?: number | string;
  readonly bytesValue?: string;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values?: readonly KeyValue[] };
}

export interface KeyValue {
  readonly key: string;
  readonly value?: AnyValue;
}

/** An attribute as the console shows it. */
export interface Attribute {
  readonly key: string;
  readonly text: string;
  /** Whether the value was text: a query must quote it even when it looks like a number. */
  readonly isText: boolean;
}

/** Attributes in the order of their names. */
export function attributesOf(pairs: readonly KeyValue[] | undefined): readonly Attribute[] {
  return (pairs ?? [])
    .map(({ key, value }) => ({ key, text: valueText(value), isText: value?.stringValue !== undefined }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A value as text; lists and maps as JSON, bytes as hex. */
export function valueText(value: AnyValue | undefined): string {
  if (value === undefined) return '';
  if (value.bytesValue !== undefined) return `0x${hexFromBase64(value.bytesValue)}`;
  const plain = plainValue(value);
  return typeof plain === 'object' ? JSON.stringify(plain) : String(plain);
}

function plainValue(value: AnyValue): unknown {
  if (value.arrayValue) return (value.arrayValue.values ?? []).map(plainValue);
  if (value.kvlistValue) {
    return Object.fromEntries(
      (value.kvlistValue.values ?? []).map((pair) => [pair.key, plainValue(pair.value ?? {})]),
    );
  }
  return (
    value.stringValue ?? value.boolValue ?? value.intValue ?? value.doubleValue ?? value.bytesValue ?? ''
  );
}

/** The text of the attribute of that name; undefined when there is none. */
export function attributeText(attributes: readonly Attribute[], key: string): string | undefined {
  return attributes.find((attribute) => attribute.key === key)?.text;
}
