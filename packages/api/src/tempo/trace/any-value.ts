/** OTLP's AnyValue, with its type kept. */
export type AnyValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'double'; readonly value: number }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'array'; readonly values: readonly AnyValue[] }
  | { readonly type: 'kvlist'; readonly entries: readonly KeyValue[] }
  | { readonly type: 'none' };

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

const none: AnyValue = { type: 'none' };

/** Reads the store's text of a value that has no column of its own: JSON, `=` with base64, or `''` for no value. */
export function valueFromOther(text: string): AnyValue {
  if (text === '') return none;
  if (text.startsWith('=')) return { type: 'bytes', value: Buffer.from(text.slice(1), 'base64') };
  return valueFromJson(text);
}

/** Reads a value as JSON text, integers of 64 bits exact and `1.0` a double. */
export function valueFromJson(text: string): AnyValue {
  try {
    return typed(JSON.parse(text, keepNumberText));
  } catch {
    // What is not JSON after all is still worth showing.
    return { type: 'string', value: text };
  }
}

/** A number as it was written; a class, as it must differ from every value that JSON can hold. */
class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

function keepNumberText(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  return typeof value === 'number' ? new NumberText(context?.source ?? String(value)) : value;
}

function typed(value: unknown): AnyValue {
  if (typeof value === 'string') return { type: 'string', value };
  if (typeof value === 'boolean') return { type: 'bool', value };
  if (value instanceof NumberText) return number(value.text);
  if (Array.isArray(value)) return { type: 'array', values: value.map(typed) };
  if (value === null || typeof value !== 'object') return none;
  return {
    type: 'kvlist',
    entries: Object.entries(value).map(([key, entry]) => ({ key, value: typed(entry) })),
  };
}

function number(text: string): AnyValue {
  return /[.eE]/.test(text) ? { type: 'double', value: Number(text) } : { type: 'int', value: BigInt(text) };
}
