import { Cursor, Malformed } from '../wire.ts';
import { rule, type Shape } from './shape.ts';

interface Found {
  readonly name: string;
  readonly start: number;
  readonly child: Shape | undefined;
  readonly contentStart: number;
  readonly end: number;
}

/**
 * The path of the field that holds a byte, such as `resource_spans[0].scope_spans[0].spans[7].trace_id`. It walks
 * the request a second time, so it serves the first item of each reason only. Where the request is malformed the
 * path ends at the last field that could still be read.
 */
export function fieldPath(root: Shape, bytes: Uint8Array, offset: number): string {
  const names: string[] = [];
  let shape: Shape | undefined = root;
  let range = { start: 0, end: bytes.length };
  while (shape !== undefined) {
    const found = fieldAt(shape, bytes, range, offset);
    if (found === undefined) break;
    names.push(found.name);
    shape = offset > found.start ? found.child : undefined;
    range = { start: found.contentStart, end: found.end };
  }
  return names.join('.');
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function fieldAt(shape: Shape, bytes: Uint8Array, range: Range, offset: number): Found | undefined {
  const cursor = new Cursor(bytes);
  cursor.position = range.start;
  const counts = new Map<number, number>();
  while (cursor.position < range.end && cursor.position <= offset) {
    const found = nextField(shape, cursor, range.end, counts);
    if (found === undefined || offset < found.end) return found;
  }
  return undefined;
}

function nextField(
  shape: Shape,
  cursor: Cursor,
  end: number,
  counts: Map<number, number>,
): Found | undefined {
  const start = cursor.position;
  try {
    const tag = cursor.tag(end);
    const number = Math.floor(tag / 8);
    const field = shape.fields[number];
    const index = counts.get(number) ?? 0;
    counts.set(number, index + 1);
    const name = `${field?.name ?? `field ${number}`}${field?.repeated === true ? `[${index}]` : ''}`;
    const content = contentOf(cursor, tag & 7, end);
    const child = field?.rule === rule.unknown ? undefined : field?.child;
    return { name, start, child, ...content };
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

function contentOf(cursor: Cursor, wire: number, end: number): { contentStart: number; end: number } {
  if (wire !== 2) {
    const contentStart = cursor.position;
    cursor.skipValue(wire, end);
    return { contentStart, end: cursor.position };
  }
  const length = cursor.length(end);
  const contentStart = cursor.position;
  cursor.position += length;
  return { contentStart, end: cursor.position };
}
