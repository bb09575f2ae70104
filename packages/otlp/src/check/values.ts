import { Buffer, isUtf8 } from 'node:buffer';
import { stringField, varint } from '../encode.ts';
import { Cursor, Malformed } from '../wire.ts';
import type { CheckLimits } from './checked.ts';
import { Edits } from './edits.ts';
import { type JsonBudget, nestedJson } from './nested-json.ts';
import type { CheckReason } from './reasons.ts';
import { type ItemFacts, rule, type Shape } from './shape.ts';
import type { Fault } from './tally.ts';

const anyValueFields = 7;

/** Single values of a request: numbers, texts, ids, times, attributes. Notes faults and edits, keeps no value. */
export class Values extends Cursor implements ItemFacts {
  noRecordedValue = false;
  bucketCounts = 0;
  explicitBounds = 0;
  protected nestedValues = 0;

  protected readonly edits: Edits = new Edits();
  protected fault: Fault | undefined;
  /** Where the key and the string value of the last attribute stand; empty ranges where there is none. */
  protected keyStart = 0;
  protected keyEnd = 0;
  protected textStart = 0;
  protected textEnd = 0;

  private readonly json: JsonBudget;

  constructor(bytes: Uint8Array, limits: CheckLimits) {
    super(bytes);
    this.json = { depth: limits.maxDepth, left: limits.maxJsonLength };
  }

  /** The value of a known field that is no envelope. */
  protected value(shape: Shape, kind: number, tag: number, start: number, end: number): void {
    const wire = tag & 7;
    if (wire === 2) this.delimitedValue(shape, kind, tag, start, end);
    else if (wire === 0) this.varintValue(shape, kind, tag, start, end);
    else if (wire === 1) this.fixed64Value(shape, kind, tag, start, end);
    else if (wire === 5 && kind === rule.fixed32) this.skip(4, end);
    else wrongWireType(shape, tag, start);
  }

  private delimitedValue(shape: Shape, kind: number, tag: number, start: number, end: number): void {
    const number = tag >>> 3;
    if (kind === rule.keyValue) this.keyValue(end);
    else if (kind === rule.string) this.string(end);
    else if (kind === rule.requiredId) this.requiredId(shape, number, start, end);
    else if (kind === rule.optionalId) this.optionalId(shape, number, start, end);
    else if (kind === rule.anyValue) this.anyValue(end);
    else if (kind === rule.packedFixed64) this.packedFixed64(shape, number, start, end);
    else if (kind === rule.packedVarint) this.packedVarint(start, end);
    else if (kind === rule.requiredString) this.requiredString(shape, number, start, end);
    else wrongWireType(shape, tag, start);
  }

  private varintValue(shape: Shape, kind: number, tag: number, start: number, end: number): void {
    const number = tag >>> 3;
    if (kind === rule.uint32 || kind === rule.sint32) this.number32(end);
    else if (kind === rule.enumeration) this.enumeration(shape, number, end);
    else if (kind === rule.pointFlags) this.pointFlags(end);
    else if (kind === rule.requiredEnumeration) this.requiredEnumeration(shape, number, start, end);
    else if (kind === rule.bool) this.bool(end);
    else if (kind === rule.nativeSchema) this.nativeSchema(shape, number, start, end);
    else if (kind === rule.packedVarint) this.varint(end);
    else wrongWireType(shape, tag, start);
  }

  private fixed64Value(shape: Shape, kind: number, tag: number, start: number, end: number): void {
    const number = tag >>> 3;
    if (kind === rule.time || kind === rule.requiredTime) this.time(shape, number, start, end);
    else if (kind === rule.fixed64) this.skip(8, end);
    else if (kind === rule.packedFixed64) this.singleFixed64(shape, number, end);
    else wrongWireType(shape, tag, start);
  }

  private singleFixed64(shape: Shape, number: number, end: number): void {
    this.countPacked(shape, number, 1);
    this.skip(8, end);
  }

  protected keyValue(end: number): void {
    const lengthAt = this.position;
    const length = this.length(end);
    const content = this.position;
    const stop = content + length;
    const growth = this.edits.growth;
    this.keyEnd = this.keyStart = this.textStart = this.textEnd = 0;
    let seen = 0;
    while (this.position < stop) {
      const start = this.position;
      const tag = this.tag(stop);
      if (seen & (1 << (tag >>> 3)) & 6)
        throw new Malformed(start, 'an attribute with two keys or two values');
      seen |= 1 << (tag >>> 3);
      if (tag === 0x0a) this.key(stop);
      else if (tag === 0x12) this.anyValue(stop);
      else this.dropUnknown(tag, 2, start, stop);
    }
    if (this.edits.growth !== growth) this.resize(lengthAt, content, length + this.edits.growth - growth);
  }

  private key(end: number): void {
    const before = this.position;
    this.string(end);
    this.keyEnd = this.position;
    this.keyStart = before;
  }

  /** An attribute's or a log record's value. Fields nobody knows are cut, so that none can pose as ours. */
  private anyValue(end: number): void {
    const lengthAt = this.position;
    const length = this.length(end);
    const content = this.position;
    const stop = content + length;
    const growth = this.edits.growth;
    const mark = this.edits.mark;
    let values = 0;
    let nested: string | undefined;
    while (this.position < stop) {
      const start = this.position;
      const tag = this.tag(stop);
      if (tag >>> 3 <= anyValueFields && ++values > 1)
        throw new Malformed(start, 'an AnyValue with two values');
      if (tag === 0x0a) this.string(stop, true);
      else if (tag === 0x2a || tag === 0x32) nested = this.nested(tag >>> 3, stop);
      else this.scalarValue(tag, start, stop);
    }
    if (nested !== undefined) this.replaceNested(mark, content, stop, nested);
    if (this.edits.growth !== growth) this.resize(lengthAt, content, length + this.edits.growth - growth);
  }

  private scalarValue(tag: number, start: number, end: number): void {
    if (tag === 0x18) this.varint(end);
    else if (tag === 0x10) this.bool(end);
    else if (tag === 0x21) this.skip(8, end);
    else if (tag === 0x3a) this.skip(this.length(end), end);
    else this.dropUnknown(tag, anyValueFields, start, end);
  }

  private nested(field: number, end: number): string {
    return nestedJson(this, field, end, this.json);
  }

  private replaceNested(mark: number, content: number, stop: number, text: string): void {
    this.nestedValues += 1;
    this.edits.undoTo(mark);
    this.edits.replace(content, stop, stringField(15, text));
  }

  private dropUnknown(tag: number, known: number, start: number, end: number): void {
    if (tag >>> 3 <= known) throw new Malformed(start, `field ${tag >>> 3} with wire type ${tag & 7}`);
    this.skipValue(tag & 7, end);
    this.edits.cut(start, this.position);
  }

  private string(end: number, note = false): void {
    const lengthAt = this.position;
    const length = this.length(end);
    const start = this.position;
    const stop = start + length;
    const { bytes } = this;
    let high = 0;
    for (let at = start; at < stop; at++) high |= bytes[at] as number;
    this.position = stop;
    if (note) {
      this.textStart = start;
      this.textEnd = stop;
    }
    if (high >= 0x80) this.utf8(lengthAt, start, stop);
  }

  /** Bytes that are no UTF-8 become U+FFFD: answers are JSON, and one bad byte must not spoil a whole answer. */
  private utf8(lengthAt: number, start: number, stop: number): void {
    const content = this.bytes.subarray(start, stop);
    if (isUtf8(content)) return;
    const replaced = Buffer.from(new TextDecoder().decode(content));
    this.edits.replace(lengthAt, start, varint(replaced.length));
    this.edits.replace(start, stop, replaced);
  }

  private requiredString(shape: Shape, number: number, start: number, end: number): void {
    const before = this.position;
    this.string(end);
    if (this.position - before === 1) this.fieldFault(shape, number, start);
  }

  private requiredId(shape: Shape, number: number, start: number, end: number): void {
    const length = this.length(end);
    if (length !== shape.limits[number] || this.allZero(length)) this.fieldFault(shape, number, start);
    this.position += length;
  }

  private optionalId(shape: Shape, number: number, start: number, end: number): void {
    const length = this.length(end);
    if (length === 0) return;
    const zero = this.allZero(length);
    this.position += length;
    if (length !== shape.limits[number]) this.fieldFault(shape, number, start);
    else if (zero) this.edits.cut(start, this.position);
  }

  private allZero(length: number): boolean {
    const stop = this.position + length;
    for (let at = this.position; at < stop; at++) if (this.bytes[at] !== 0) return false;
    return true;
  }

  private time(shape: Shape, number: number, start: number, end: number): void {
    const at = this.position;
    this.skip(8, end);
    if ((this.bytes[at + 7] as number) >= 0x80) this.noteFault('time_out_of_range', start, undefined);
    else if (shape.rules[number] === rule.requiredTime && this.isZero64(at))
      this.fieldFault(shape, number, start);
  }

  private isZero64(at: number): boolean {
    for (let index = at; index < at + 8; index++) if (this.bytes[index] !== 0) return false;
    return true;
  }

  private packedFixed64(shape: Shape, number: number, start: number, end: number): void {
    const length = this.length(end);
    if (length % 8 !== 0) throw new Malformed(start, `${length} bytes where a multiple of 8 must stand`);
    if (length === 0) this.edits.cut(start, this.position);
    this.countPacked(shape, number, length / 8);
    this.position += length;
  }

  private countPacked(shape: Shape, number: number, count: number): void {
    if (shape.limits[number] === 0) this.bucketCounts += count;
    else this.explicitBounds += count;
  }

  private packedVarint(start: number, end: number): void {
    const stop = this.length(end) + this.position;
    if (this.position === stop) this.edits.cut(start, stop);
    while (this.position < stop) this.varint(stop);
  }

  private pointFlags(end: number): void {
    const at = this.position;
    this.number32(end);
    this.noRecordedValue = ((this.bytes[at] as number) & 1) === 1;
  }

  /** More than 32 bits are cut to 32, as every official decoder does; the engine would refuse them. */
  private number32(end: number): void {
    const at = this.position;
    if (this.varint(end) <= 0xffffffff) return;
    this.position = at;
    const low = Number(BigInt.asUintN(32, this.varint64(end)));
    this.edits.replace(at, this.position, varint(low));
  }

  private bool(end: number): void {
    const at = this.position;
    if (this.varint(end) > 1) this.edits.replace(at, this.position, varint(1));
  }

  /** A number outside the enum is stored as 0, "unspecified": what a later OTLP means by it is not known here. */
  private enumeration(shape: Shape, number: number, end: number): void {
    const at = this.position;
    if (this.varint(end) > (shape.limits[number] as number)) this.edits.replace(at, this.position, varint(0));
  }

  private requiredEnumeration(shape: Shape, number: number, start: number, end: number): void {
    const value = this.varint(end);
    if (value === 0 || value > (shape.limits[number] as number)) this.fieldFault(shape, number, start);
  }

  /** Schemas of Prometheus: -4 to 8, and -53 for bounds of its own; here as zigzag has them. */
  private nativeSchema(shape: Shape, number: number, start: number, end: number): void {
    const zigzag = this.varint(end);
    if (zigzag > 16 && zigzag !== 105) this.fieldFault(shape, number, start);
    else if (zigzag % 2 === 1 && zigzag > 7 && zigzag !== 105) this.fieldFault(shape, number, start);
  }

  /** The first fault of an item is the one it is rejected for. */
  protected noteFault(reason: CheckReason, offset: number, absent: string | undefined): void {
    this.fault ??= { reason, offset, absent };
  }

  private fieldFault(shape: Shape, number: number, start: number): void {
    const reason = shape.fields[number]?.reason;
    if (reason !== undefined) this.noteFault(reason, start, undefined);
  }

  protected resize(lengthAt: number, content: number, length: number): void {
    this.edits.replace(lengthAt, content, varint(length));
  }
}

/** Throws: a field that OTLP defines came with another wire type, so its bytes cannot mean what it says. */
export function wrongWireType(shape: Shape, tag: number, start: number): never {
  throw new Malformed(start, `${shape.fields[tag >>> 3]?.name} with wire type ${tag & 7}`);
}
