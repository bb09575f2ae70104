import { Buffer } from 'node:buffer';
import { Malformed } from '../wire.ts';
import { type Checked, type CheckLimits, defaultCheckLimits, kindIndex, noKinds } from './checked.ts';
import { fieldPath } from './field-path.ts';
import { type Field, rule, type Shape } from './shape.ts';
import { type Fault, Tally } from './tally.ts';
import { Values, wrongWireType } from './values.ts';

/** Resources without the attribute are counted under this name, which the SDKs use for it too. */
export const unknownService = 'unknown_service';

const serviceNameKey = Buffer.from('service.name');
const longestServiceName = 256;
/** Names come from the network; further ones of a request are counted together. */
const mostServices = 1000;
const otherServices = 'other';
const ownFields = 1000;

/** Walks a request once. Nothing is kept of the walk but counts, edits and faults. */
export function check(root: Shape, bytes: Uint8Array, limits: CheckLimits = defaultCheckLimits): Checked {
  const pass = new Pass(bytes, limits);
  try {
    pass.request(root);
    return pass.result(root);
  } catch (error) {
    if (error instanceof Malformed) return malformed(root, bytes, error);
    throw error;
  }
}

function malformed(root: Shape, bytes: Uint8Array, { offset, what }: Malformed): Checked {
  return {
    bytes,
    items: 0,
    services: new Map(),
    kinds: noKinds,
    nestedValues: 0,
    rejected: 0,
    rejections: [],
    rejectedServices: new Map(),
    malformed: { offset, field: fieldPath(root, bytes, offset), what },
  };
}

/**
 * The structure of a request: envelopes, items and what becomes of them. A class rather than functions over values, because this is the hot path: 100 fields a
 * span, and no allocation for any of them.
 */
class Pass extends Values {
  private readonly tally = new Tally();
  private readonly services = new Map<string, number>();
  private readonly rejectedServices = new Map<string, number>();
  private kinds = new Int32Array(6);
  private items = 0;
  private service: string = unknownService;
  private readonly refusedPoints: ReadonlySet<number> | undefined;

  constructor(bytes: Uint8Array, limits: CheckLimits) {
    super(bytes, limits);
    this.refusedPoints = limits.refusedPoints;
  }

  /** The whole request. Fields from 1000 on are cut: the journal's trailer lives there and nobody may forge it. */
  request(root: Shape): void {
    const end = this.bytes.length;
    while (this.position < end) {
      const start = this.position;
      const tag = this.tag(end);
      const number = Math.floor(tag / 8);
      if (number === 1) this.field(root, rule.resourceGroup, tag, start, end);
      else this.skipValue(tag & 7, end);
      if (number >= ownFields) this.edits.cut(start, this.position);
    }
  }

  result(root: Shape): Checked {
    const [
      number = 0,
      histogram = 0,
      exponentialHistogram = 0,
      summary = 0,
      exemplars = 0,
      nativeHistogram = 0,
    ] = this.kinds;
    return {
      bytes: this.edits.apply(this.bytes),
      items: this.items,
      services: this.services,
      kinds: { number, histogram, exponentialHistogram, summary, exemplars, nativeHistogram },
      nestedValues: this.nestedValues,
      rejected: this.tally.total,
      rejections: this.tally.rejections(root, this.bytes),
      rejectedServices: this.rejectedServices,
    };
  }

  /** The fields of one message, up to `end`; returns which fields were there. */
  private fields(shape: Shape, end: number): number {
    let seen = 0;
    while (this.position < end) {
      const start = this.position;
      const tag = this.tag(end);
      const number = tag >>> 3;
      const kind = number < 32 ? (shape.rules[number] as number) : rule.unknown;
      if (kind === rule.unknown) {
        this.skipValue(tag & 7, end);
        continue;
      }
      if (seen & (shape.excludes[number] as number)) this.twice(shape, number, start);
      seen |= 1 << number;
      this.field(shape, kind, tag, start, end);
    }
    return seen;
  }

  private field(shape: Shape, kind: number, tag: number, start: number, end: number): void {
    if (kind < rule.message) this.value(shape, kind, tag, start, end);
    else if ((tag & 7) === 2) this.group(shape, kind, tag >>> 3, start, end);
    else wrongWireType(shape, tag, start);
  }

  private group(shape: Shape, kind: number, number: number, start: number, end: number): void {
    if (kind === rule.message) this.embedded(childOf(shape, number), start, end);
    else if (kind === rule.item) this.item(shape, number, start, end);
    else if (kind === rule.metric) this.metric(shape, number, start, end);
    else if (kind === rule.exemplar) this.exemplar(childOf(shape, number), start, end);
    else if (kind === rule.resourceKeyValue) this.resourceKeyValue(end);
    else this.resourceGroup(childOf(shape, number), start, end);
  }

  private exemplar(child: Shape, start: number, end: number): void {
    this.kinds[kindIndex.exemplars] = (this.kinds[kindIndex.exemplars] as number) + 1;
    this.embedded(child, start, end);
  }

  private twice(shape: Shape, number: number, start: number): never {
    const name = shape.fields[number]?.name ?? '';
    throw new Malformed(
      start,
      `${name} is set twice, or beside another value of the same choice, in one message`,
    );
  }

  /** An embedded message, of which `start` is the key. */
  private embedded(child: Shape, start: number, end: number): void {
    const lengthAt = this.position;
    const length = this.length(end);
    const content = this.position;
    const growth = this.edits.growth;
    const seen = this.fields(child, content + length);
    if (this.edits.growth !== growth) this.resize(lengthAt, content, length + this.edits.growth - growth);
    if (child.required & ~seen) this.absent(child, seen, start);
    if (child.finish !== undefined) this.finish(child.finish, seen, start);
  }

  private absent(shape: Shape, seen: number, start: number): void {
    const number = 31 - Math.clz32(shape.required & ~seen & -(shape.required & ~seen));
    const field = shape.fields[number];
    if (field?.reason !== undefined) this.noteFault(field.reason, start, field.name);
  }

  private finish(finish: NonNullable<Shape['finish']>, seen: number, start: number): void {
    const reason = finish(seen, this);
    if (reason !== undefined) this.noteFault(reason, start, undefined);
  }

  /** A span, log record or data point. */
  private item(shape: Shape, number: number, start: number, end: number): void {
    const around = this.fault;
    const mark = this.edits.mark;
    const exemplars = this.kinds[kindIndex.exemplars] as number;
    this.fault = undefined;
    this.noRecordedValue = false;
    this.bucketCounts = 0;
    this.explicitBounds = 0;
    this.embedded(childOf(shape, number), start, end);
    if (this.refusedPoints?.has(start)) this.noteFault('series_limit', start, undefined);
    if (this.fault === undefined) this.keep(shape.limits[number] as number);
    else {
      this.cut(mark, start, this.fault, 1);
      this.kinds[kindIndex.exemplars] = exemplars;
    }
    this.fault = around;
  }

  private keep(kind: number): void {
    this.items += 1;
    this.kinds[kind] = (this.kinds[kind] as number) + 1;
  }

  private cut(mark: number, start: number, fault: Fault, count: number): void {
    this.edits.undoTo(mark);
    this.edits.cut(start, this.position);
    this.tally.add(fault, count);
  }

  /** A metric: what is wrong with it is wrong with all its points. */
  private metric(shape: Shape, number: number, start: number, end: number): void {
    const mark = this.edits.mark;
    const { items } = this;
    const rejected = this.tally.total;
    const kinds = this.kinds.slice();
    this.fault = undefined;
    this.embedded(childOf(shape, number), start, end);
    if (this.fault === undefined) return;
    const alreadyRejected = this.tally.total - rejected;
    const kept = this.items - items;
    this.cut(mark, start, this.fault, alreadyRejected === 0 ? Math.max(kept, 1) : kept);
    this.items = items;
    this.kinds = kinds;
    this.fault = undefined;
  }

  /** One resource with everything it sent: here the items are counted to its service. */
  private resourceGroup(child: Shape, start: number, end: number): void {
    const { items } = this;
    const rejected = this.tally.total;
    this.service = unknownService;
    this.embedded(child, start, end);
    addTo(this.services, this.service, this.items - items);
    addTo(this.rejectedServices, this.service, this.tally.total - rejected);
  }

  private resourceKeyValue(end: number): void {
    this.keyValue(end);
    const size = this.keyEnd - this.keyStart;
    // A key of 12 bytes stands behind its length of one byte.
    if (size !== serviceNameKey.length + 1 || this.textEnd === this.textStart) return;
    if (serviceNameKey.equals(this.bytes.subarray(this.keyStart + 1, this.keyEnd))) this.noteService();
  }

  private noteService(): void {
    const view = Buffer.from(
      this.bytes.buffer,
      this.bytes.byteOffset + this.textStart,
      this.textEnd - this.textStart,
    );
    this.service = view.toString('utf8').slice(0, longestServiceName);
  }
}

function childOf(shape: Shape, number: number): Shape {
  return (shape.fields[number] as Field).child as Shape;
}

function addTo(counts: Map<string, number>, key: string, count: number): void {
  if (count === 0) return;
  const name = counts.has(key) || counts.size < mostServices ? key : otherServices;
  counts.set(name, (counts.get(name) ?? 0) + count);
}
