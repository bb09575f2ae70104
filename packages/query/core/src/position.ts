/** A line and a column, both from 1; columns count UTF-16 code units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Part of a query's text: code units from `start` up to, not including, `end`. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where an offset into `text` lies. An offset beyond the end is the place just after it. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: before.length - lineStart + 1 };
}

/** `line:column`, as Prometheus and Loki print it. */
export function printPosition(position: Position): string {
  return `${position.line}:${position.column}`;
}
