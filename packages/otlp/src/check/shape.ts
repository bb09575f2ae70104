import type { CheckReason } from './reasons.ts';

/**
 * How a field's value is checked. Small integers, because the walk compares them once a field; those from `message`
 * on are the envelopes that may hold items.
 */
export const rule = {
  unknown: 0,
  string: 1,
  requiredString: 2,
  uint32: 3,
  sint32: 4,
  bool: 5,
  enumeration: 6,
  requiredEnumeration: 7,
  pointFlags: 8,
  fixed32: 9,
  fixed64: 10,
  time: 11,
  requiredTime: 12,
  requiredId: 13,
  optionalId: 14,
  packedFixed64: 15,
  packedVarint: 16,
  nativeSchema: 17,
  keyValue: 18,
  anyValue: 19,
  message: 20,
  exemplar: 21,
  item: 22,
  metric: 23,
  resourceGroup: 24,
  resourceKeyValue: 25,
} as const;

export type Rule = (typeof rule)[keyof typeof rule];

/** One field of a message as the tables write it. */
export interface Field {
  readonly name: string;
  readonly rule: Rule;
  readonly repeated?: boolean;
  /** Fields of one oneof share its name; two of them in one message are refused. */
  readonly oneof?: string;
  readonly child?: Shape;
  /** The highest enum value, an id's length, an item's kind, or which of the two packed counts to add to. */
  readonly limit?: number;
  /** Why the item is rejected when the value breaks the rule, and also when a required field is absent. */
  readonly reason?: CheckReason;
  readonly required?: boolean;
}

/** What an item's end check may look at: totals the walk kept while it read the item. */
export interface ItemFacts {
  readonly noRecordedValue: boolean;
  readonly bucketCounts: number;
  readonly explicitBounds: number;
}

/** A message type, compiled so that one look-up by field number says all. Field numbers are below 32. */
export interface Shape {
  readonly name: string;
  readonly rules: Uint8Array;
  /** By field number: the bits of fields that may not have been seen before this one. */
  readonly excludes: Int32Array;
  readonly limits: Int32Array;
  readonly fields: readonly (Field | undefined)[];
  readonly required: number;
  /** A last look at an item, given the bits of the fields seen; the reason it is rejected for, if any. */
  readonly finish: ((seen: number, facts: ItemFacts) => CheckReason | undefined) | undefined;
}

const fieldLimit = 32;

/** Compiles a message's table. */
export function shape(name: string, table: Readonly<Record<number, Field>>, finish?: Shape['finish']): Shape {
  const fields = Array.from({ length: fieldLimit }, (_, number) => table[number]);
  return {
    name,
    rules: Uint8Array.from(fields, (field) => field?.rule ?? rule.unknown),
    excludes: Int32Array.from(fields, (_, number) => excludedBy(fields, number)),
    limits: Int32Array.from(fields, (field) => field?.limit ?? 0),
    fields,
    required: bits(fields, (field) => field.required === true),
    finish,
  };
}

function excludedBy(fields: readonly (Field | undefined)[], number: number): number {
  const field = fields[number];
  if (field === undefined || field.repeated === true) return 0;
  if (field.oneof === undefined) return 1 << number;
  return bits(fields, (other) => other.oneof === field.oneof);
}

function bits(fields: readonly (Field | undefined)[], test: (field: Field) => boolean): number {
  return fields.reduce((mask, field, number) => (field && test(field) ? mask | (1 << number) : mask), 0);
}
