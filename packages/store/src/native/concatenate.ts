import type { Column } from '../reader.ts';
import type { NativeType } from './types.ts';

/** The same column of several blocks as one. All are of one type. */
export function concatenate(parts: readonly Column[]): Column {
  const first = parts[0];
  if (first === undefined) return { kind: 'string', values: [] };
  return parts.length === 1 ? first : joinParts(first, parts);
}

function joinParts(first: Column, parts: readonly Column[]): Column {
  switch (first.kind) {
    case 'string':
      return { kind: 'string', values: ofKind(parts, 'string').flatMap((part) => part.values) };
    case 'array':
      return {
        kind: 'array',
        offsets: joinOffsets(ofKind(parts, 'array')),
        items: concatenate(ofKind(parts, 'array').map((part) => part.items)),
      };
    case 'map':
      return joinMaps(ofKind(parts, 'map'));
    case 'nullable':
      return joinNullable(ofKind(parts, 'nullable'));
    default:
      return joinNumbers(first, parts);
  }
}

type PartOf<Kind extends Column['kind']> = Extract<Column, { readonly kind: Kind }>;

function ofKind<Kind extends Column['kind']>(parts: readonly Column[], kind: Kind): PartOf<Kind>[] {
  return parts.filter((part): part is PartOf<Kind> => part.kind === kind);
}

function joinMaps(parts: readonly PartOf<'map'>[]): Column {
  return {
    kind: 'map',
    offsets: joinOffsets(parts),
    keys: concatenate(parts.map((part) => part.keys)),
    items: concatenate(parts.map((part) => part.items)),
  };
}

function joinNullable(parts: readonly PartOf<'nullable'>[]): Column {
  const isNull = new Uint8Array(parts.reduce((sum, part) => sum + part.isNull.length, 0));
  fill(
    isNull,
    parts.map((part) => part.isNull),
  );
  return { kind: 'nullable', isNull, items: concatenate(parts.map((part) => part.items)) };
}

function joinNumbers(first: Column, parts: readonly Column[]): Column {
  switch (first.kind) {
    case 'float':
      return { ...first, values: fill(new Float64Array(lengthOf(parts)), valuesOf(ofKind(parts, 'float'))) };
    case 'int':
      return { ...first, values: fill(new BigInt64Array(lengthOf(parts)), valuesOf(ofKind(parts, 'int'))) };
    case 'uint':
      return { ...first, values: fill(new BigUint64Array(lengthOf(parts)), valuesOf(ofKind(parts, 'uint'))) };
    case 'bytes':
      return { ...first, values: fill(new Uint8Array(lengthOf(parts)), valuesOf(ofKind(parts, 'bytes'))) };
    case 'small':
      return {
        ...first,
        values: fill(sameKind(first.values, lengthOf(parts)), valuesOf(ofKind(parts, 'small'))),
      };
    default:
      return first;
  }
}

type SmallArray = PartOf<'small'>['values'];

function sameKind(values: SmallArray, length: number): SmallArray {
  if (values instanceof Int32Array) return new Int32Array(length);
  if (values instanceof Uint32Array) return new Uint32Array(length);
  if (values instanceof Int16Array) return new Int16Array(length);
  if (values instanceof Uint16Array) return new Uint16Array(length);
  return values instanceof Int8Array ? new Int8Array(length) : new Uint8Array(length);
}

function valuesOf<Values>(parts: readonly { readonly values: Values }[]): readonly Values[] {
  return parts.map((part) => part.values);
}

function lengthOf(parts: readonly Column[]): number {
  return parts.reduce((sum, part) => sum + ('values' in part ? part.values.length : 0), 0);
}

function fill<
  Target extends { set(source: Source, at: number): void },
  Source extends { readonly length: number },
>(target: Target, sources: readonly Source[]): Target {
  let at = 0;
  for (const source of sources) {
    target.set(source, at);
    at += source.length;
  }
  return target;
}

/** Offsets are cumulative within a block; later blocks continue where the block before ended. */
function joinOffsets(parts: readonly { readonly offsets: BigUint64Array }[]): BigUint64Array {
  const joined = new BigUint64Array(parts.reduce((sum, part) => sum + part.offsets.length, 0));
  let at = 0;
  let base = 0n;
  for (const { offsets } of parts) {
    for (const offset of offsets) {
      joined[at] = base + offset;
      at += 1;
    }
    base += offsets[offsets.length - 1] ?? 0n;
  }
  return joined;
}

/** A column of that type without rows. */
export function emptyColumn(type: NativeType): Column {
  switch (type.kind) {
    case 'string':
      return { kind: 'string', values: [] };
    case 'bytes':
      return { kind: 'bytes', width: type.width, values: new Uint8Array() };
    case 'array':
      return { kind: 'array', offsets: new BigUint64Array(), items: emptyColumn(type.item) };
    case 'map':
      return {
        kind: 'map',
        offsets: new BigUint64Array(),
        keys: emptyColumn(type.key),
        items: emptyColumn(type.item),
      };
    case 'nullable':
      return { kind: 'nullable', isNull: new Uint8Array(), items: emptyColumn(type.item) };
    default:
      return emptyFixed(type.array);
  }
}

function emptyFixed(array: string): Column {
  if (array === 'f64' || array === 'f32') return { kind: 'float', values: new Float64Array() };
  if (array === 'i64') return { kind: 'int', values: new BigInt64Array() };
  return array === 'u64'
    ? { kind: 'uint', values: new BigUint64Array() }
    : { kind: 'small', values: new Int32Array() };
}
