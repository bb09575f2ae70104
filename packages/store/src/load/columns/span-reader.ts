import { wordAt } from '../../native/columns/words.ts';
import type { RowSource } from './column-block.ts';
import { ScopeReader } from './scope-reader.ts';
import { SpanColumns } from './span-columns.ts';

/** Keys of the fields, as the wire has them: the number and the wire type. */
const span = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  parentSpanId: 0x22,
  name: 0x2a,
  kind: 0x30,
  startTime: 0x39,
  endTime: 0x41,
  attributes: 0x4a,
  droppedAttributes: 0x50,
  events: 0x5a,
  droppedEvents: 0x60,
  links: 0x6a,
  droppedLinks: 0x70,
  status: 0x7a,
  flags: 0x85,
} as const;
const event = { time: 0x09, name: 0x12, attributes: 0x1a, droppedAttributes: 0x20 } as const;
const link = {
  traceId: 0x0a,
  spanId: 0x12,
  traceState: 0x1a,
  attributes: 0x22,
  droppedAttributes: 0x28,
  flags: 0x35,
} as const;
const status = { message: 0x12, code: 0x18 } as const;

/** Puts the spans of requests into columns: what `load/spans.sql` has the engine do. */
class SpanReader extends ScopeReader<SpanColumns> {
  private events = 0;
  private links = 0;
  /** Where the times of the span under way stand; -1 where there is none. */
  private startTimeAt = -1;
  private endTimeAt = -1;

  end(): void {
    this.columns.end(this.rows, this.events, this.links);
  }

  protected item(end: number): void {
    this.startTimeAt = this.endTimeAt = -1;
    while (this.position < end) this.spanField(this.tag(end), end);
    this.addDuration();
  }

  private spanField(tag: number, end: number): void {
    const { columns, rows } = this;
    if (tag === span.attributes) this.attribute(end);
    else if (tag === span.traceId) this.text(columns.trace_id, rows, end);
    else if (tag === span.spanId) this.text(columns.span_id, rows, end);
    else if (tag === span.parentSpanId) this.text(columns.parent_span_id, rows, end);
    else if (tag === span.name) this.text(columns.name, rows, end);
    else if (tag === span.kind) this.small(columns.kind, rows, end);
    else if (tag === span.startTime) this.startTime(end);
    else if (tag === span.endTime) this.endTime(end);
    else if (tag === span.status) this.status(this.length(end) + this.position);
    else if (tag === span.events) this.event(this.length(end) + this.position);
    else if (tag === span.links) this.link(this.length(end) + this.position);
    else this.rareField(tag, end);
  }

  private rareField(tag: number, end: number): void {
    const { columns, rows } = this;
    if (tag === span.flags) this.fixed32(columns.flags, rows, end);
    else if (tag === span.traceState) this.text(columns.trace_state, rows, end);
    else if (tag === span.droppedAttributes) this.small(columns.dropped_attributes_count, rows, end);
    else if (tag === span.droppedEvents) this.small(columns.dropped_events_count, rows, end);
    else if (tag === span.droppedLinks) this.small(columns.dropped_links_count, rows, end);
    else this.skipValue(tag & 7, end);
  }

  private startTime(end: number): void {
    this.startTimeAt = this.position;
    this.fixed64(this.columns.start_time, this.rows, end);
  }

  private endTime(end: number): void {
    this.endTimeAt = this.position;
    this.skip(8, end);
  }

  private event(end: number): void {
    const { columns, events } = this;
    columns.padEvents(this.rows, events);
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag === event.time) this.fixed64(columns['events.time'].items, events, end);
      else if (tag === event.name) this.text(columns['events.name'].items, events, end);
      else if (tag === event.attributes) this.jsonAttribute(columns['events.attributes'].items, events, end);
      else if (tag === event.droppedAttributes)
        this.small(columns['events.dropped_attributes_count'].items, events, end);
      else this.skipValue(tag & 7, end);
    }
    this.events += 1;
  }

  private link(end: number): void {
    const { columns, links } = this;
    columns.padLinks(this.rows, links);
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag === link.traceId) this.text(columns['links.trace_id'].items, links, end);
      else if (tag === link.spanId) this.text(columns['links.span_id'].items, links, end);
      else if (tag === link.traceState) this.text(columns['links.trace_state'].items, links, end);
      else if (tag === link.attributes) this.jsonAttribute(columns['links.attributes'].items, links, end);
      else if (tag === link.droppedAttributes)
        this.small(columns['links.dropped_attributes_count'].items, links, end);
      else if (tag === link.flags) this.fixed32(columns['links.flags'].items, links, end);
      else this.skipValue(tag & 7, end);
    }
    this.links += 1;
  }

  private status(end: number): void {
    const { columns, rows } = this;
    while (this.position < end) {
      const tag = this.tag(end);
      if (tag === status.message) this.text(columns.status_message, rows, end);
      else if (tag === status.code) this.small(columns.status_code, rows, end);
      else this.skipValue(tag & 7, end);
    }
  }

  /** The end less the start in 64 bits; a time that is absent is 0. */
  private addDuration(): void {
    const { bytes, startTimeAt, endTimeAt } = this;
    const endLow = endTimeAt < 0 ? 0 : wordAt(bytes, endTimeAt) >>> 0;
    const endHigh = endTimeAt < 0 ? 0 : wordAt(bytes, endTimeAt + 4);
    const startLow = startTimeAt < 0 ? 0 : wordAt(bytes, startTimeAt) >>> 0;
    const startHigh = startTimeAt < 0 ? 0 : wordAt(bytes, startTimeAt + 4);
    this.columns.duration_nano.add(endLow - startLow, endHigh - startHigh - (endLow < startLow ? 1 : 0));
  }
}

export const spanSource: () => RowSource<SpanColumns> = () => ({
  table: 'spans',
  columns: new SpanColumns(),
  read: (bytes, columns, identities) => new SpanReader(bytes, columns, identities),
});
