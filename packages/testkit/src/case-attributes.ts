import { concat, doubleField, lengthDelimited, stringField, varintField } from '@maru/otlp';

/** An attribute as case files write it: `key=value`, the value as JSON (`1` an integer, `1.0` a double). */
export interface CaseAttribute {
  readonly key: string;
  readonly json: string;
}

/** `key=json` with a string that may hold spaces; arrays and objects without spaces outside of strings. */
const attributeText = /([^\s=]+)=("(?:[^"\\]|\\.)*"|[^\s]+)/y;

/** Reads the attributes that end a line, from `at` on. Throws when the rest is no attribute. */
export function readAttributes(line: string, at: number): readonly CaseAttribute[] {
  const attributes: CaseAttribute[] = [];
  let end = at;
  while (line.slice(end).trim() !== '') {
    end += /^\s*/.exec(line.slice(end))?.[0].length ?? 0;
    attributeText.lastIndex = end;
    const match = attributeText.exec(line);
    if (match === null) throw new Error(`cannot read an attribute from ${JSON.stringify(line.slice(end))}`);
    attributes.push({ key: match[1] ?? '', json: match[2] ?? '' });
    end = attributeText.lastIndex;
  }
  return attributes;
}

/** The attributes whose key begins with the prefix, without it. */
export function withPrefix(attributes: readonly CaseAttribute[], prefix: string): readonly CaseAttribute[] {
  return attributes
    .filter(({ key }) => key.startsWith(prefix))
    .map(({ key, json }) => ({ key: key.slice(prefix.length), json }));
}

/** Repeated KeyValue fields. */
export function encodeAttributes(field: number, attributes: readonly CaseAttribute[]): Uint8Array {
  return concat(
    ...attributes.map(({ key, json }) =>
      lengthDelimited(field, stringField(1, key), lengthDelimited(2, encodeAnyValue(json))),
    ),
  );
}

/** An AnyValue from JSON text. */
export function encodeAnyValue(json: string): Uint8Array {
  if (/^-?\d+$/.test(json)) return varintField(3, BigInt(json));
  const value: unknown = JSON.parse(json);
  if (typeof value === 'string') return stringField(1, value);
  if (typeof value === 'boolean') return varintField(2, value ? 1 : 0);
  if (typeof value === 'number') return doubleField(4, value);
  if (Array.isArray(value))
    return lengthDelimited(
      5,
      ...value.map((each) => lengthDelimited(1, encodeAnyValue(JSON.stringify(each)))),
    );
  if (value === null || typeof value !== 'object') return new Uint8Array();
  const entries = Object.entries(value).map(([key, each]) => ({ key, json: JSON.stringify(each) }));
  return lengthDelimited(6, encodeAttributes(1, entries));
}
