import { Buffer } from 'node:buffer';
import { wordAt } from '../../native/columns/words.ts';
import type { RowSource } from './column-block.ts';
import { LogColumns } from './log-columns.ts';
import { ScopeReader } from './scope-reader.ts';
import { valueKind } from './value-cursor.ts';
import { base64, doubleAt, plainDouble, wholeNumber } from './value-text.ts';

/** Keys of the fields, as the wire has them: the number and the wire type. */
const record = {
  time: 0x09,
  severityNumber: 0x10,
  severityText: 0x1a,
  body: 0x2a,
  attributes: 0x32,
  droppedAttributes: 0x38,
  flags: 0x45,
  traceId: 0x4a,
  spanId: 0x52,
  observedTime: 0x59,
  eventName: 0x62,
} as const;

/** Puts the log records of requests into columns: what `load/logs.sql` has the engine do. */
class LogReader extends ScopeReader<LogColumns> {
  /** Where the times of the record under way stand; -1 where there is none. */
  private timeAt = -1;
  private observedTimeAt = -1;

  end(): void {
    this.columns.end(this.rows);
  }

  protected item(end: number): void {
    this.timeAt = this.observedTimeAt = -1;
    while (this.position < end) this.recordField(this.tag(end), end);
    this.addTime();
  }

  private recordField(tag: number, end: number): void {
    const { columns, rows } = this;
    if (tag === record.attributes) this.attribute(end);
    else if (tag === record.body) this.body(end);
    else if (tag === record.time) this.timeAt = this.passTime(end);
    else if (tag === record.severityNumber) this.small(columns.severity_number, rows, end);
    else if (tag === record.severityText) this.text(columns.severity_text, rows, end);
    else if (tag === record.traceId) this.text(columns.trace_id, rows, end);
    else if (tag === record.spanId) this.text(columns.span_id, rows, end);
    else if (tag === record.observedTime) this.observedTime(end);
    else this.rareField(tag, end);
  }

  private rareField(tag: number, end: number): void {
    const { columns, rows } = this;
    if (tag === record.eventName) this.text(columns.event_name, rows, end);
    else if (tag === record.flags) this.fixed32(columns.flags, rows, end);
    else if (tag === record.droppedAttributes) this.small(columns.dropped_attributes_count, rows, end);
    else this.skipValue(tag & 7, end);
  }

  private passTime(end: number): number {
    const at = this.position;
    this.skip(8, end);
    return at;
  }

  private observedTime(end: number): void {
    this.observedTimeAt = this.position;
    this.fixed64(this.columns.observed_time, this.rows, end);
  }

  private body(end: number): void {
    const { columns, rows } = this;
    this.anyValue(this.length(end) + this.position);
    columns.body_type.pad(rows);
    columns.body_type.add(this.kind);
    columns.body.pad(rows);
    if (this.kind === valueKind.string || this.kind === valueKind.json)
      columns.body.add(this.bytes, this.valueStart, this.valueEnd);
    else {
      const text = Buffer.from(this.scalarText());
      columns.body.add(text, 0, text.length);
    }
  }

  /** A value as a person reads it: `valueText` of `schema/functions.sql`. */
  private scalarText(): string {
    if (this.kind === valueKind.int) return wholeNumber(this.low, this.high);
    if (this.kind === valueKind.bool) return this.low === 0 ? 'false' : 'true';
    if (this.kind === valueKind.double) return plainDouble(doubleAt(this.bytes, this.valueStart));
    return this.kind === valueKind.bytes ? base64(this.bytes, this.valueStart, this.valueEnd) : '';
  }

  /** The record's own time, else when it was observed, else when it was received. */
  private addTime(): void {
    const { time } = this.columns;
    if (this.isSet(this.timeAt)) time.copy(this.bytes, this.timeAt);
    else if (this.isSet(this.observedTimeAt)) time.copy(this.bytes, this.observedTimeAt);
    else {
      const received = this.receivedTimeUnixNano;
      time.add(Number(BigInt.asIntN(32, received)), Number(BigInt.asIntN(32, received >> 32n)));
    }
  }

  private isSet(at: number): boolean {
    return at >= 0 && (wordAt(this.bytes, at) !== 0 || wordAt(this.bytes, at + 4) !== 0);
  }
}

export const logSource: () => RowSource<LogColumns> = () => ({
  table: 'logs',
  columns: new LogColumns(),
  read: (bytes, columns, identities) => new LogReader(bytes, columns, identities),
});
