/** A column type of the engine, as far as query results need it. */
export type NativeType =
  | { readonly kind: 'fixed'; readonly array: FixedArray; readonly width: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'bytes'; readonly width: number }
  | { readonly kind: 'array'; readonly item: NativeType }
  | { readonly kind: 'map'; readonly key: NativeType; readonly item: NativeType }
  | { readonly kind: 'nullable'; readonly item: NativeType };

/** Which typed array holds a fixed-width type. */
export type FixedArray = 'f64' | 'f32' | 'i64' | 'u64' | 'i32' | 'u32' | 'i16' | 'u16' | 'i8' | 'u8';

const fixed: Readonly<Record<string, readonly [FixedArray, number]>> = {
  Float64: ['f64', 8],
  Float32: ['f32', 4],
  Int64: ['i64', 8],
  UInt64: ['u64', 8],
  Int32: ['i32', 4],
  UInt32: ['u32', 4],
  Int16: ['i16', 2],
  UInt16: ['u16', 2],
  Int8: ['i8', 1],
  UInt8: ['u8', 1],
  Bool: ['u8', 1],
  Date: ['u16', 2],
  DateTime: ['u32', 4],
  DateTime64: ['i64', 8],
  Enum8: ['i8', 1],
  Enum16: ['i16', 2],
};

/** Parses the engine's name of a type (`Array(DateTime64(3, 'UTC'))`). Throws on types that no query here selects. */
export function parseNativeType(name: string): NativeType {
  const open = name.indexOf('(');
  const head = open < 0 ? name : name.slice(0, open);
  const inner = open < 0 ? '' : name.slice(open + 1, -1);
  const known = fixed[head];
  if (known !== undefined) return { kind: 'fixed', array: known[0], width: known[1] };
  return parseComposite(head, inner, name);
}

function parseComposite(head: string, inner: string, name: string): NativeType {
  switch (head) {
    case 'String':
      return { kind: 'string' };
    case 'FixedString':
      return { kind: 'bytes', width: Number(inner) };
    case 'Array':
      return { kind: 'array', item: parseNativeType(inner) };
    case 'Nullable':
      return { kind: 'nullable', item: parseNativeType(inner) };
    case 'Map': {
      const comma = topLevelComma(inner);
      return {
        kind: 'map',
        key: parseNativeType(inner.slice(0, comma)),
        item: parseNativeType(inner.slice(comma + 1).trim()),
      };
    }
    default:
      throw new TypeError(
        `cannot read a column of type ${name}: cast it in the query to a number, string, array or map`,
      );
  }
}

function topLevelComma(text: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '(') depth += 1;
    else if (character === ')') depth -= 1;
    else if (character === ',' && depth === 0) return index;
  }
  return text.length;
}
