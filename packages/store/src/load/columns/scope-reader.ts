import type { DictionaryColumn } from '../../native/columns/dictionary-column.ts';
import type { Column8, Column32, Column64 } from '../../native/columns/number-columns.ts';
import type { FixedStringColumn, StringColumn } from '../../native/columns/text-columns.ts';
import { wordAt } from '../../native/columns/words.ts';
import type { ResourceIdentity } from '../resource-identities.ts';
import type { SegmentRequest } from '../segment.ts';
import type { JsonAttributesColumn } from './attribute-columns.ts';
import type { ScopeColumns } from './scope-columns.ts';
import { ValueCursor } from './value-cursor.ts';

const resourceGroup = 0x0a;
/** In a resource's group and in a scope's. */
const items = 0x12;
const scope = 0x0a;
const scopeFields = { name: 0x0a, version: 0x12, attributes: 0x1a } as const;

/** Items, or scopes without any, read before others may run: a millisecond or less. */
const itemsAtOnce = 256;

/**
 * Of a block. A row without any content takes some 250 bytes here; a segment of 64 MiB that has more holds items of less than
 * 130 bytes, and the engine takes less memory for such.
 */
const mostRows = 500_000;

/** Of attributes of scopes in a block, which stand in each row: 2 MB sent could be 20 GB of them. */
const mostScopeBytes = 64 * 1024 * 1024;

/** The two envelopes that requests of every signal have around their items. The requests have passed the check. */
export abstract class ScopeReader<Columns extends ScopeColumns> extends ValueCursor {
  protected readonly columns: Columns;
  /** Items so far: the row of the one under way. */
  protected rows = 0;

  private readonly identities: readonly ResourceIdentity[];
  /** Resources so far, with the one under way. */
  private groups = 0;
  private scopes = 0;
  private scopeName = 0;
  private scopeVersion = 0;
  /** From where to where each of the scope's attributes stands, one after the other. */
  private scopeAttributes: number[] = [];
  private scopeBytes = 0;
  protected receivedTimeUnixNano = 0n;

  /**
   * @param bytes of all requests
   * @param columns empty
   * @param identities of all resources, in their order
   */
  constructor(bytes: Uint8Array, columns: Columns, identities: readonly ResourceIdentity[]) {
    super(bytes);
    this.columns = columns;
    this.identities = identities;
  }

  /** Of the rows that were read. */
  get count(): number {
    return this.rows;
  }

  /** Reads one item up to `end`, into the row of that number. */
  protected abstract item(end: number): void;

  /** Ends all columns, after the last request. */
  abstract end(): void;

  /**
   * Reads one request, and halts now and then so that the caller can let others run. Throws where the bytes are not what
   * the check lets through.
   */
  *request({ start, end, receivedTimeUnixNano }: SegmentRequest): Generator<void> {
    this.receivedTimeUnixNano = receivedTimeUnixNano;
    this.position = start;
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag === resourceGroup) yield* this.resourceGroup(this.length(end) + this.position);
      else this.skipValue(tag & 7, end);
    }
  }

  private *resourceGroup(end: number): Generator<void> {
    this.groups += 1;
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag !== items) this.skipValue(tag & 7, end);
      else {
        yield* this.scopeGroup(this.length(end) + this.position);
        this.scopes += 1;
        if (this.scopes % itemsAtOnce === 0) yield;
      }
    }
  }

  private *scopeGroup(end: number): Generator<void> {
    const first = this.rows;
    this.findScope(end);
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag !== items) this.skipValue(tag & 7, end);
      else {
        this.item(this.length(end) + this.position);
        if (this.scopeAttributes.length > 0) this.addScopeAttributes();
        this.rows += 1;
        if (this.rows % itemsAtOnce === 0) yield this.checkRows();
      }
    }
    if (this.rows > first) this.addSurroundings(this.rows - first);
  }

  private checkRows(): void {
    if (this.rows > mostRows) throw new RangeError(`more than ${mostRows} rows for one block`);
  }

  /** The scope may stand behind its items, but no sender is known that does so. */
  private findScope(end: number): void {
    const start = this.position;
    this.scopeName = this.scopeVersion = 0;
    this.scopeAttributes = [];
    let found = false;
    while (this.position < end && !found) {
      const tag = this.tag(end);
      found = tag === scope;
      if (found) this.scope(this.length(end) + this.position);
      else this.skipValue(tag & 7, end);
    }
    this.position = start;
  }

  private scope(end: number): void {
    const { columns } = this;
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag === scopeFields.name) this.scopeName = this.textNumber(columns.scope_name, end);
      else if (tag === scopeFields.version) this.scopeVersion = this.textNumber(columns.scope_version, end);
      else if (tag === scopeFields.attributes) this.scopeAttribute(end);
      else this.skipValue(tag & 7, end);
    }
  }

  private scopeAttribute(end: number): void {
    const length = this.length(end);
    this.scopeAttributes.push(this.position, this.position + length);
    this.position += length;
  }

  private addScopeAttributes(): void {
    const after = this.position;
    for (let at = 0; at < this.scopeAttributes.length; at += 2) {
      this.position = this.scopeAttributes[at] as number;
      this.keyValue(this.scopeAttributes[at + 1] as number);
      this.columns.scope_attributes.add(this.rows, this);
    }
    this.scopeBytes += this.position - (this.scopeAttributes[0] as number);
    if (this.scopeBytes > mostScopeBytes) throw new RangeError(`more than ${mostScopeBytes} bytes of scopes`);
    this.position = after;
  }

  /** What is alike in so many rows. */
  private addSurroundings(count: number): void {
    const { columns } = this;
    const milliseconds = this.receivedTimeUnixNano / 1_000_000n;
    const { low, high, serviceName } = identityAt(this.identities, this.groups - 1);
    columns.service_name.addMany(columns.service_name.numberOf(serviceName, 0, serviceName.length), count);
    columns.resource_id.addMany(low, high, count);
    columns.scope_name.addMany(this.scopeName, count);
    columns.scope_version.addMany(this.scopeVersion, count);
    columns.received_time.addMany(
      Number(BigInt.asUintN(32, milliseconds)),
      Number(milliseconds >> 32n),
      count,
    );
  }

  protected attribute(end: number): void {
    this.keyValue(this.length(end) + this.position);
    this.columns.add(this.rows, this);
  }

  protected jsonAttribute(column: JsonAttributesColumn, row: number, end: number): void {
    this.keyValue(this.length(end) + this.position);
    column.add(row, this);
  }

  protected text(
    column: StringColumn | FixedStringColumn | DictionaryColumn,
    row: number,
    end: number,
  ): void {
    const stop = this.length(end) + this.position;
    column.pad(row);
    column.add(this.bytes, this.position, stop);
    this.position = stop;
  }

  private textNumber(column: DictionaryColumn, end: number): number {
    const stop = this.length(end) + this.position;
    const number = column.numberOf(this.bytes, this.position, stop);
    this.position = stop;
    return number;
  }

  /** A whole number that the check keeps within 32 bits. */
  protected small(column: Column8 | Column32, row: number, end: number): void {
    column.pad(row);
    column.add(this.varint(end));
  }

  protected fixed32(column: Column32, row: number, end: number): void {
    const at = this.position;
    this.skip(4, end);
    column.pad(row);
    column.add(wordAt(this.bytes, at));
  }

  protected fixed64(column: Column64, row: number, end: number): void {
    const at = this.position;
    this.skip(8, end);
    column.pad(row);
    column.copy(this.bytes, at);
  }
}

function identityAt(identities: readonly ResourceIdentity[], group: number): ResourceIdentity {
  const identity = identities[group];
  if (identity === undefined)
    throw new RangeError(`${identities.length} resources are known where there are more`);
  return identity;
}
